"""What a ledger says of meetings that are known already: the same, or something that is not read."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Prefetch

from backend.imports.cells import clean_date
from backend.imports.choices import Outcome
from backend.imports.plan import SheetRow
from backend.imports.problems import CellProblem, Level
from backend.imports.sheet import RowPlanner
from backend.meetings.ledger import names_in_list, told_of
from backend.meetings.models import ActionItem, AgendaItem, JointMeeting, Resolution
from backend.people.models import Organization


class KnownMeetings(RowPlanner):
    """Compares rows with the meetings that are there; nothing of those is changed from a ledger."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.known: dict[datetime, list[JointMeeting]] = {}
        self.bodies: dict[str, Organization] = {}
        for body in Organization.objects.filter(community=self.community):
            self.bodies[body.name] = body
            if body.short_name:
                self.bodies.setdefault(body.short_name, body)

    def _say(
        self, row: SheetRow, column: str, code: str, message: str, level: str = Level.ERROR
    ) -> None:
        row.say(self.header.heading_of(column), code, level, message)

    def _due(self, row: SheetRow, met_on: date) -> date | None:
        try:
            return clean_date(row.values.get("due"), year=met_on.year)
        except CellProblem as problem:
            self._say(row, "due", problem.code, problem.message, problem.level)
            return None

    def _load_known(self, moments: Collection[datetime]) -> None:
        """The meetings of these moments, to the second: finer than that no cell shows."""
        wanted = {at.replace(microsecond=0) for at in moments}
        rows = JointMeeting.objects.filter(community=self.community)
        if wanted:
            rows = rows.filter(
                starts_at__gte=min(wanted), starts_at__lt=max(wanted) + timedelta(seconds=1)
            )
        else:
            rows = rows.none()
        rows = rows.exclude(status__in=("void", "cancelled"))
        tasks = ActionItem.objects.prefetch_related("progress")
        resolutions = Resolution.objects.prefetch_related(Prefetch("action_items", tasks))
        items = AgendaItem.objects.prefetch_related(Prefetch("resolutions", resolutions))
        rows = rows.prefetch_related(Prefetch("items", items))
        self.known = {}
        for meeting in rows:
            at = meeting.starts_at.replace(microsecond=0)
            if at in wanted:
                self.known.setdefault(at, []).append(meeting)

    def _compare(self, meetings: list[JointMeeting], group: list[SheetRow]) -> None:
        """The ledger once more: what it tells must be what is there."""
        topics: set[str] = set()
        agreed: dict[tuple[str, str], list[ActionItem]] = {}
        for item in (item for meeting in meetings for item in meeting.items.all()):
            topic = _words(item.title)
            topics.add(topic)
            resolutions = list(item.resolutions.all())
            for resolution in resolutions:
                tasks = agreed.setdefault((topic, _words(resolution.text)), [])
                tasks += resolution.action_items.all()
            if not resolutions:
                agreed.setdefault((topic, ""), [])
        for row in group:
            topic = _words(row.values["topic"])
            tasks_of = agreed.get((topic, _words(row.values.get("resolution") or "")))
            if topic not in topics:
                self._say(
                    row, "topic", "meeting_known",
                    "系统里已有这次会议，但没有这项议题。请在会议页面上核对、补充。",
                )  # fmt: skip
            elif tasks_of is None:
                self._say(
                    row, "resolution", "meeting_known",
                    "系统里已有这次会议，议定事项和这里写的不一样。请在会议页面上核对。",
                )  # fmt: skip
            else:
                row.outcome = Outcome.UNCHANGED
                self._say_what_is_not_read(row, tasks_of, meetings[0].held_on)

    def _say_what_is_not_read(self, row: SheetRow, tasks: list[ActionItem], met_on: date) -> None:
        """Of a meeting that is known nothing is changed from a ledger: where a row says otherwise of
        its task, that is told.
        """
        names = names_in_list(row.values.get("responsible") or "")
        due_on, progress = self._due(row, met_on), (row.values.get("progress") or "").strip()
        theirs = [
            task
            for task in tasks
            if not names
            or any((body := self.bodies.get(n)) and body.pk == task.organization_id for n in names)
        ]
        in_time = [task for task in theirs if due_on is None or task.due_on == due_on]
        told = [task for task in in_time if not progress or says_of(task, progress, met_on)]
        for column, left, given in (
            ("responsible", theirs, names),
            ("due", in_time, due_on),
            ("progress", told, progress),
        ):
            if given and not left:
                self._say(
                    row, column, "known_not_changed",
                    "系统里已有这次会议，这一格和系统里的不一样，没有改动。请到“落实事项”里登记。",
                    Level.NOTE,
                )  # fmt: skip
                return


def says_of(task: ActionItem, text: str, met_on: date) -> bool:
    """Whether a cell 落实情况 says what is known of a task: as it went out, or as it once came in."""
    lines = sorted(task.progress.all(), key=lambda line: (line.occurred_on, line.pk))
    known = {_words(line.text) for line in lines}
    state = task.get_status_display()
    last = f"：{lines[-1].text}（{lines[-1].occurred_on:%Y-%m-%d}）" if lines else ""
    known.add(_words(f"{state}{last}"))
    never = not lines and told_of(text, met_on).status == "open"
    return never or _words(text) in known


def _words(text: str) -> str:
    """By what two texts are the same, however a cell breaks their lines."""
    return "".join(text.split())
