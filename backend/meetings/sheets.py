"""联席会议台账 as a spreadsheet: rows of one time are one meeting, replayed by the meeting's verbs."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from backend.core import history
from backend.core.access import Actor
from backend.core.calendar import add_working_days
from backend.core.errors import RuleViolation
from backend.core.models import ChangeSet
from backend.imports.asking import question
from backend.imports.cells import clean_date, clean_moment
from backend.imports.choices import Outcome
from backend.imports.columns import Column
from backend.imports.directions import Choice
from backend.imports.left import tell_reason
from backend.imports.plan import REPLAY, Plan, SheetRow, Write
from backend.imports.problems import CellProblem, Level
from backend.imports.sheet import Sheet, register
from backend.imports.widgets import DateWidget, MomentWidget, TextWidget
from backend.meetings import rules
from backend.meetings.choices import SeatHolder
from backend.meetings.ledger import USUAL_TIME, LedgerItem, LedgerMeeting, names_in_list, told_of
from backend.meetings.ledger_bodies import with_speaker, without_capacity
from backend.meetings.ledger_known import KnownMeetings
from backend.meetings.models import JointMeeting, Seat
from backend.meetings.quorum import Quorum, quorum_of, require_quorum
from backend.meetings.replaying import replay, take_back, would_stay
from backend.meetings.terms import MeetingSettings, settings_of
from backend.people.models import Organization

# As long as the roll keeps a name.
LONGEST_ATTENDEE = 80
SEVERAL = question("organization_several", "写了几个责任单位")
LEADS = Choice("lead", "第一个牵头负责，其余写进具体要求")
EACH = Choice("each", "每个单位各登记一项")
# What persons sit there as, as ledgers put it before a name.
_CAPACITIES = tuple(str(label) for value, label in SeatHolder.choices if value != "organization")
SAME = (("place", "地点"), ("chair", "主持人"), ("attended", "参会单位"))


class LedgerPlanner(KnownMeetings):
    """Gathers the rows of each meeting, and judges them by the rules that the verbs will ask."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.settings: MeetingSettings = settings_of(self.community.pk)
        # Meetings that earlier chunks of this file told of: a row that comes later is too late.
        self.closed: set[datetime] = set()

    def before(self, plan: Plan) -> None:
        if not self.seats:
            plan.refuse(
                "roll_empty",
                "本社区还没有登记席位，台账里的会议无法核对到会。请先在“席位”里登记 1+3+N 的席位和任期。",
            )

    def plan(self, rows: Sequence[SheetRow]) -> None:
        groups: dict[datetime, list[SheetRow]] = {}
        for row in rows:
            if not row.rejected and (starts_at := self._moment(row)) is not None:
                groups.setdefault(starts_at, []).append(row)
        self._load_known(groups)
        for starts_at, group in groups.items():
            if starts_at in self.closed:
                for row in group:
                    self._say(
                        row, "moment", "meeting_split",
                        "这次会议的其他行离得太远，请把同一次会议的行放在一起。",
                    )  # fmt: skip
                continue
            self.closed.add(starts_at)
            if starts_at in self.known:
                # Also one that began before its hour.
                self._compare(self.known[starts_at], group)
            elif starts_at > timezone.now():
                for row in group:
                    self._say(
                        row, "moment", "occurred_in_future",
                        "会议时间在将来；台账只登记开过的会，请核对。",
                    )  # fmt: skip
            else:
                self._meeting(starts_at, group)

    # --- cells that need the row --------------------------------------------------------------

    def _moment(self, row: SheetRow) -> datetime | None:
        """When the meeting began; said if only the day is known."""
        try:
            moment, only_day = self._clean_moment(row.values["moment"])
        except CellProblem as problem:
            self._say(row, "moment", problem.code, problem.message, problem.level)
            return None
        if moment is None:
            return None
        found = timezone.make_aware(moment)
        if only_day:
            self._say(
                row, "moment", "time_missing", "只有日期，没有钟点，按 9:00 登记。", Level.NOTE
            )
        return found

    @staticmethod
    def _clean_moment(cell: Any) -> tuple[datetime | None, bool]:
        try:
            return clean_moment(cell), False
        except CellProblem as problem:
            if problem.code != "time_missing":
                raise
        day = clean_date(cell)
        return (datetime.combine(day, USUAL_TIME) if day else None), True

    def _bodies(self, row: SheetRow, met_on: date) -> list[Organization]:
        """The bodies that answer for it, each for an item of its own; the first one alone, where
        staff say that the others help.
        """
        names = names_in_list(row.values.get("responsible") or "")
        found = [self._body_called(name, met_on) for name in names]
        bodies = [body for body in dict.fromkeys(found) if body is not None]
        if len(bodies) < len(set(found)):
            self._say(
                row, "responsible", "organization_unknown",
                "没有这个责任单位，请先在“单位”里登记，或改成已登记的名称或简称。",
            )  # fmt: skip
            return []
        self._say_whom_it_meant(row, "responsible", names, met_on)
        if len(bodies) < 2:
            return bodies
        answer = self.decide(
            row,
            self.header.heading_of("responsible"),
            SEVERAL,
            "写了几个责任单位；一个落实事项只有一个责任单位。",
            (LEADS, EACH),
        )
        return bodies if answer is not None else []

    # --- one meeting --------------------------------------------------------------------------

    def _meeting(self, starts_at: datetime, group: list[SheetRow]) -> None:
        first = group[0]
        told_in = next((row for row in group if row.values.get("attended")), first)
        met_on = timezone.localtime(starts_at).date()
        for name, label in SAME:
            for row in group[1:]:
                given = row.values.get(name)
                if given and given != (first.values.get(name) or given):
                    self._say(
                        row, name, "meeting_differs", f"同一次会议的“{label}”写得不一样，请核对。"
                    )
                first.values[name] = first.values.get(name) or given
        told = LedgerMeeting(
            starts_at,
            place=first.values.get("place") or "",
            chair=first.values.get("chair") or "",
            remark=first.values.get("remark") or "",
        )
        self._note_attendance(told, told_in, met_on)
        told.items = [self._item(row, met_on) for row in group]
        if any(row.rejected for row in group):
            # A meeting is told as a whole, or not at all.
            for row in group:
                if not row.rejected:
                    row.say(
                        None, "meeting_incomplete", Level.ERROR,
                        "同一次会议的另一行被退回，这一行也不能单独登记。",
                    )  # fmt: skip
            return
        for row in group:
            row.outcome = Outcome.CREATE
        first.writes.append(Write(REPLAY, told.as_values()))

    def _note_attendance(self, told: LedgerMeeting, row: SheetRow, met_on: date) -> None:
        """Which seats the ledger names, and who sat in; the quorum is asked as a meeting would.

        Nobody who is named is left out: whoever has no seat sat in.
        """
        held = self._held(met_on)
        roll = [seat.rolled() for seat in held]
        try:
            rules.roll_is_there(roll)
        except RuleViolation as violation:
            self._say(row, "moment", violation.code, violation.message)
            return
        text = row.values.get("attended") or ""
        if not text.strip():
            self._say(
                row, "attended", "attendance_missing",
                "没有写参会单位，按当时在任的席位都到会登记，并注明是推定。", Level.NOTE,
            )  # fmt: skip
            return
        told.seats = self._match(told, text, held, met_on)
        words = [with_speaker(name)[0] for name in names_in_list(text)]
        self._say_whom_it_meant(row, "attended", dict.fromkeys(words), met_on)
        self._say_who_sat_in(told, row)
        quorum: Quorum = quorum_of(self.settings.quorum_rule, roll, told.seats)
        try:
            require_quorum(quorum)
        except RuleViolation as violation:
            message = f"按参会单位算没有达到法定人数：{quorum.words}。请核对参会单位和席位任期。"
            self._say(row, "attended", violation.code, message)

    def _match(self, told: LedgerMeeting, text: str, held: list[Seat], met_on: date) -> list[int]:
        """The seats that a list of names means: of a body, or of the one person of that name."""
        by_body = {seat.organization_id: seat.pk for seat in held if seat.organization_id}
        persons = [seat.person_name for seat in held if not seat.organization_id]
        by_name = {
            seat.person_name: seat.pk for seat in held if persons.count(seat.person_name) == 1
        }
        there: list[int] = []
        for said in dict.fromkeys(names_in_list(text)):
            called, who = with_speaker(said)
            if (body := self._body_called(said, met_on)) is None:
                body = self._body_called(called, met_on)
            else:
                who = ""
            name = without_capacity(said, _CAPACITIES)
            if body is not None and body.pk in by_body:
                there.append(by_body[body.pk])
                if who:
                    told.speakers[by_body[body.pk]] = who[:LONGEST_ATTENDEE]
            elif body is not None:
                told.bodies.append(body.pk)
            elif name in by_name:
                there.append(by_name[name])
            else:
                told.names.append(said[:LONGEST_ATTENDEE])
        return list(dict.fromkeys(there))

    def _say_who_sat_in(self, told: LedgerMeeting, row: SheetRow) -> None:
        if told.bodies:
            self._say(
                row, "attended", "attendance_sits_in",
                f"有 {len(told.bodies)} 个参会单位当时没有席位，按列席登记，不计入到会。",
                Level.NOTE,
            )  # fmt: skip
        if told.names:
            self._say(
                row, "attended", "attendance_unmatched",
                f"有 {len(told.names)} 个参会名称对不上单位和席位，按写的名字记为列席，不计入到会。"
                "写错了的请改好再导入；是席位的请先登记席位。",
                Level.NOTE,
            )  # fmt: skip

    def _item(self, row: SheetRow, met_on: date) -> LedgerItem:
        given = row.values
        item = LedgerItem(row.number, given["topic"], given.get("resolution") or "")
        bodies, (due_on, in_words) = self._bodies(row, met_on), self._due(row, met_on)
        item.told = told_of(given.get("progress") or "", met_on)
        if not item.resolution:
            if bodies or due_on is not None:
                self._say(
                    row, "resolution", "task_without_resolution",
                    "写了责任单位或完成时限，却没有议定事项，请补上议定事项。",
                )  # fmt: skip
            return item
        if not bodies:
            if not row.rejected:
                self._say(
                    row, "responsible", "task_missing",
                    "没有写责任单位：先登记决议，纪要停在起草中，补上落实事项后再确认。", Level.NOTE,
                )  # fmt: skip
            return item
        self._give_tasks(item, row, bodies, in_words)
        item.due_on = due_on or add_working_days(met_on, self.settings.action_days, self.overrides)
        usual = f"按会后 {self.settings.action_days} 个工作日登记"
        if in_words and due_on is not None:
            self._say(
                row,
                "due",
                "due_read",
                f"“{in_words}”按 {due_on:%Y-%m-%d} 登记，请核对。",
                Level.NOTE,
            )
        elif in_words:
            self._say(
                row, "due", "due_in_words", f"“{in_words}”里没有日期，{usual}，原话记在具体要求里。",
                Level.NOTE,
            )  # fmt: skip
        elif due_on is None:
            self._say(row, "due", "due_inferred", f"没有写完成时限，{usual}。", Level.NOTE)
        self._judge_dates(row, item, met_on)
        return item

    def _give_tasks(
        self, item: LedgerItem, row: SheetRow, bodies: list[Organization], in_words: str
    ) -> None:
        """Who does it: each body for itself, or the first with the help of the others."""
        item.organization, *rest = [body.pk for body in bodies]
        chosen = self.questions.look(row.number, SEVERAL, (LEADS, EACH)) if rest else None
        helping = rest and chosen is not None and chosen.value == LEADS.value
        item.others = [] if helping else rest
        said = (
            f"台账写的完成时限：{in_words}" if in_words else "",
            f"配合单位：{'、'.join(body.name for body in bodies[1:])}" if helping else "",
        )
        item.details = "\n".join(filter(None, said))

    def _judge_dates(self, row: SheetRow, item: LedgerItem, met_on: date) -> None:
        assert item.due_on is not None
        try:
            rules.due_after_meeting(item.due_on, met_on)
        except RuleViolation as violation:
            self._say(row, "due", violation.code, violation.message)
        told = item.told
        if told.status == "done" and told.day is None:
            self._say(
                row, "progress", "done_day_inferred",
                "没有写办结日期，按完成时限登记（还没到期的按今天）。", Level.NOTE,
            )  # fmt: skip
        if told.day is not None and told.day < met_on:
            self._say(row, "progress", "done_before_meeting", "落实的日期早于开会的日期，请核对。")
        elif told.day is not None and told.day > timezone.localdate():
            if told.year_inferred and told.status != "done":
                # "预计 12 月 1 日": a plan, and no day on which something happened.
                item.told = type(told)(told.status, told.text)
            else:
                self._say(row, "progress", "occurred_in_future", "落实的日期在将来，请核对。")


class LedgerSheet(Sheet):
    """联席会议台账."""

    register = "joint_meetings"
    title = "联席会议台账"
    columns = (
        Column("number", "序号", TextWidget(), synonyms=("编号", "No", "#"), ignored=True),
        Column(
            "moment",
            "时间",
            MomentWidget(),
            synonyms=("会议时间", "开会时间", "日期", "会议日期"),
            required=True,
            late=True,
        ),
        Column("place", "地点", TextWidget(max_length=100), synonyms=("会议地点",)),
        Column("chair", "主持人", TextWidget(max_length=40), synonyms=("主持",)),
        Column(
            "attended", "参会单位", TextWidget(max_length=1000), synonyms=("参加单位", "与会单位", "参会人员")
        ),
        Column(
            "topic",
            "议题",
            TextWidget(max_length=200),
            synonyms=("会议议题", "议题内容", "会议内容"),
            required=True,
        ),
        Column(
            "resolution",
            "议定事项",
            TextWidget(max_length=2000),
            synonyms=("决议", "议定内容", "决定事项", "会议决议"),
        ),
        Column(
            "responsible", "责任单位", TextWidget(max_length=200), synonyms=("牵头单位", "落实单位", "承办单位")
        ),
        Column("due", "完成时限", DateWidget(), synonyms=("时限", "完成时间", "办结时限"), late=True),
        Column(
            "progress",
            "落实情况",
            TextWidget(max_length=1000),
            synonyms=("完成情况", "落实进展", "办理情况"),
        ),
        Column("remark", "备注", TextWidget(max_length=500), synonyms=("说明",)),
    )  # fmt: skip
    models = (JointMeeting,)
    planner = LedgerPlanner
    action = "meetings.edit"

    def replay(
        self, values: dict[str, Any], *, community_id: int, by: Actor, within: ChangeSet
    ) -> None:
        replay(LedgerMeeting.of_values(values), community_id=community_id, by=by, within=within)

    def take_back(
        self, original: ChangeSet, *, by: Actor, within: ChangeSet, reason: str
    ) -> list[tuple[str, int, str]]:
        return take_back(_made_by(original), by=by, within=within, reason=reason)

    def would_leave(self, original: ChangeSet) -> list[tuple[str, int, str]]:
        return would_stay(_made_by(original))


def _made_by(original: ChangeSet) -> list[JointMeeting]:
    """The meetings that an import has made."""
    made = {
        change.pk
        for part in original.parts.filter(model=JointMeeting._meta.label).order_by("pk")
        for change in history.unpack(part)
        if change.kind == history.CREATE
    }
    return list(JointMeeting.objects.filter(pk__in=made).order_by("pk"))


tell_reason("meeting_has_work", "已有落实事项通过核验，会议不能作废")
register(LedgerSheet())
