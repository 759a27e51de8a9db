"""What a ledger says of meetings that are known already: the same, or something that is not read."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Prefetch

from backend.core.calendar import LONGEST, add_working_days
from backend.imports.cells import clean_date
from backend.imports.choices import Outcome
from backend.imports.plan import SheetRow
from backend.imports.problems import CellProblem, Level
from backend.imports.sheet import RowPlanner
from backend.meetings.ledger import names_in_list, told_of
from backend.meetings.ledger_bodies import Body, body_meant
from backend.meetings.ledger_terms import day_meant, says_a_figure
from backend.meetings.models import ActionItem, AgendaItem, JointMeeting, Resolution, Seat
from backend.people.models import Organization
from backend.places.queries import day_overrides

# A cell that is no date may still say a day in words; 2月30日 and a year with two digits do not.
_IN_WORDS = ("date_invalid", "date_no_year")
LONGEST_TERM = 100


class KnownMeetings(RowPlanner):
    """Compares rows with the meetings that are there; nothing of those is changed from a ledger."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.known: dict[datetime, list[JointMeeting]] = {}
        self.bodies: dict[str, Organization] = {}
        self.overrides = day_overrides(self.community.pk)
        seats = Seat.objects.filter(community=self.community).select_related("organization")
        self.seats = list(seats.order_by("pk"))
        organizations = Organization.objects.filter(community=self.community).order_by("pk")
        self.by_key = {body.pk: body for body in organizations}
        self.named: list[Body] = []
        for body in self.by_key.values():
            self.bodies[body.name] = body
            if body.short_name:
                self.bodies.setdefault(body.short_name, body)
            names = tuple(filter(None, (body.name, body.short_name)))
            self.named.append(Body(body.pk, body.kind, names))
        self._meant: dict[tuple[str, date], Organization | None] = {}

    def _held(self, met_on: date) -> list[Seat]:
        """The seats whose mandate held on a day."""
        return [s for s in self.seats if s.valid_from <= met_on <= (s.valid_to or date.max)]

    def _body_called(self, said: str, met_on: date) -> Organization | None:
        """The body of a name, or the one that a short word can mean on that day."""
        known = self.bodies.get(said)
        if known is not None:
            return known
        if (said, met_on) not in self._meant:
            keys = {seat.organization_id for seat in self._held(met_on)}
            seated = [body for body in self.named if body.pk in keys]
            found = body_meant(said, seated, self.named)
            self._meant[said, met_on] = self.by_key[found.pk] if found else None
        return self._meant[said, met_on]

    def _say_whom_it_meant(self, row: SheetRow, column: str, said: Iterable[str], on: date) -> None:
        """Which body each word that is no body's name was taken for."""
        meant = [
            f"“{name}”认作“{body.name}”"
            for name in said
            if name not in self.bodies and (body := self._body_called(name, on))
        ]
        if meant:
            self._say(row, column, "body_meant", "；".join(meant) + "，请核对。", Level.NOTE)

    def _say(
        self, row: SheetRow, column: str, code: str, message: str, level: str = Level.ERROR
    ) -> None:
        row.say(self.header.heading_of(column), code, level, message)

    def _due(self, row: SheetRow, met_on: date) -> tuple[date | None, str]:
        """The day, and the words in which it stood where it was no date."""
        given = row.values.get("due")
        try:
            return clean_date(given, year=met_on.year), ""
        except CellProblem as problem:
            if isinstance(given, str) and problem.code in _IN_WORDS:
                day = day_meant(given, met_on, lambda days: self._days_after(met_on, days))
                if day is not None or not says_a_figure(given):
                    return day, " ".join(given.split())[:LONGEST_TERM]
            self._say(row, "due", problem.code, problem.message, problem.level)
            return None, ""

    def _days_after(self, met_on: date, days: int) -> date:
        return add_working_days(met_on, min(days, LONGEST), self.overrides)

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
        (due_on, _), progress = self._due(row, met_on), (row.values.get("progress") or "").strip()
        theirs = [
            task
            for task in tasks
            if not names
            or any(
                (body := self._body_called(name, met_on)) and body.pk == task.organization_id
                for name in names
            )
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
