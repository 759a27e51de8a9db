"""签到表: the sign-in sheet of an event. A row is a resident and an attendance."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from backend.core.access import scope
from backend.core.errors import RuleViolation
from backend.core.personal import HIDDEN
from backend.education import rules
from backend.education.facets import EVENT
from backend.education.models import Attendance, LegalEducationEvent
from backend.education.sheet_events import (
    MISSING,
    UNCLEAR,
    answered_event,
    differs,
    event_choices,
    events_of_titles,
    recent_events,
)
from backend.imports.cells import clean_date, clean_moment
from backend.imports.choices import Outcome
from backend.imports.columns import Column
from backend.imports.facet_sheet import facet_sheet
from backend.imports.plan import Plan, Problem, SheetRow, Write
from backend.imports.problems import CellProblem, Level
from backend.imports.sheet import Sheet, UnknownTarget, register
from backend.imports.widgets import (
    AgeWidget,
    CodeWidget,
    MomentWidget,
    SignatureWidget,
)
from backend.people.matching import Known, Question, Wanted
from backend.people.models import Resident
from backend.people.sheets import ADDRESS, GENDER, NAME, NUMBER, PHONE, REMARK, PersonPlanner

RESIDENT, ATTENDANCE = 0, 1
_OWN = ("gender", "age", "signed", "remark", "signed_in_at")


class AttendancePlanner(PersonPlanner):
    """Plans sign-in rows: who is it, have they been recorded, does the roster learn anything?"""

    target: LegalEducationEvent | None

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.events: dict[Any, LegalEducationEvent | None] = {}
        # (event, person or name) -> the row of this file that recorded it.
        self.met: dict[tuple[int, Any], int] = {}
        self.filled: dict[int, int] = {}
        self.recorded: dict[tuple[int, Any], tuple[Any, ...]] = {}

    def before(self, plan: Plan) -> None:
        by_row = any(c.attribute == "event_code" for c in self.header.columns.values())
        if self.target is None and not by_row:
            self._find_event(plan)
        if self.target is None:
            return
        try:
            rules.event_takes_attendance(self.target.status)
        except RuleViolation as violation:
            plan.refuse(violation.code, violation.message)
            return
        found = differs(self.target, self.titles)
        if found is not None:
            # Said and not asked: staff abbreviate.
            plan.file_problems.append(Problem(None, None, found[0], Level.NOTE, found[1]))

    def _find_event(self, plan: Plan) -> None:
        """The event that staff or the title rows name; else the file is refused with a question."""
        self.target = answered_event(self.community, self.directions)
        if self.target is not None:
            return
        self.target, perhaps = events_of_titles(self.community, self.titles)
        if self.target is not None:
            return
        choices = event_choices(perhaps)
        if choices:
            plan.refuse(
                UNCLEAR,
                "表上写的活动，系统里没有完全对得上的，或不止一场。请选择是哪一场。",
                Level.QUESTION,
            )
        else:
            choices = event_choices(recent_events(self.community))
            plan.refuse(
                MISSING,
                "不知道是哪场活动的签到表。请选择活动，或从活动页面导入，或在表中加一列“活动编号”。",
            )
        plan.file_problems[-1].choices = choices

    def plan(self, rows: Sequence[SheetRow]) -> None:
        self._load_events(rows)
        found = [(row, wanted) for row, wanted in self.wanted(rows) if self._event_fits(row)]
        people: list[tuple[SheetRow, Wanted, Known | int | None]] = []
        for row, wanted in found:
            person = self.roster.find(wanted)
            if isinstance(person, Question):
                self.ask(row, person)
            elif person is None and (wanted.phone or wanted.placed.key is not None):
                people.append((row, wanted, self.roster.bring(wanted)))
            else:
                people.append((row, wanted, person))
        self._load_recorded(people)
        for row, wanted, person in people:
            self._plan_row(row, wanted, person)

    def _load_events(self, rows: Sequence[SheetRow]) -> None:
        codes = {row.values.get("event_code") for row in rows} - {None, *self.events}
        if codes:
            known = LegalEducationEvent.objects.filter(community=self.community, code__in=codes)
            self.events |= dict.fromkeys(codes) | {event.code: event for event in known}

    def day_of(self, row: SheetRow) -> date | None:
        """The day of the event: somebody who has moved out since was there all the same."""
        event = self.event_of(row)
        return timezone.localtime(event.starts_at).date() if event else None

    def event_of(self, row: SheetRow) -> LegalEducationEvent | None:
        """The event of a row: its own, else the file's."""
        code = row.values.get("event_code")
        return self.events.get(code) if code else self.target

    def _event_fits(self, row: SheetRow) -> bool:
        code = row.values.get("event_code")
        shown = self.header.heading_of("event_code")
        event = self.event_of(row)
        if event is None:
            message = "没有这个活动编号，请核对。" if code else "没有填活动编号，请补上。"
            row.say(shown, "event_unknown", Level.ERROR, message)
        elif self.target is not None and event.pk != self.target.pk:
            row.say(
                shown,
                "event_mismatch",
                Level.ERROR,
                f"这一行写的是另一场活动，正在导入的是“{self.target.title}”。请核对活动编号。",
            )
        else:
            try:
                rules.event_takes_attendance(event.status)
            except RuleViolation as violation:
                row.say(shown, violation.code, Level.ERROR, violation.message)
        if not row.rejected and event is not None:
            self._clean_moment(row, event)
        return not row.rejected

    def _clean_moment(self, row: SheetRow, event: LegalEducationEvent) -> None:
        cell = row.values.get("signed_in_at")
        if cell is None:
            return
        shown = self.header.heading_of("signed_in_at")
        try:
            moment, only_day = self._moment(cell, timezone.localtime(event.starts_at))
        except CellProblem as problem:
            row.say(shown, problem.code, problem.level, problem.message)
            return
        if only_day:
            row.say(shown, "time_missing", Level.NOTE, "只有日期，没有钟点，按活动开始的钟点登记。")
        row.values["signed_in_at"] = timezone.make_aware(moment) if moment else None

    @staticmethod
    def _moment(cell: Any, start: datetime) -> tuple[datetime | None, bool]:
        """When somebody signed in, and whether only the day was given."""
        try:
            return clean_moment(cell, day=start.date()), False
        except CellProblem as problem:
            if problem.code != "time_missing":
                raise
            try:
                day = clean_date(cell, year=start.year)
            except CellProblem:
                raise problem from None
        return (datetime.combine(day, start.time()) if day else None), True

    def _load_recorded(self, people: Sequence[tuple[SheetRow, Wanted, Known | int | None]]) -> None:
        residents = {p.pk for _, _, p in people if isinstance(p, Known)}
        names = {w.name for _, w, p in people if p is None}
        events = {event.pk for row, _, _ in people if (event := self.event_of(row))}
        rows = Attendance.objects.order_by().values_list(
            "event_id", "resident_id", "name", "pk", "revision", *_OWN
        )
        # One event as an equation: else SQLite takes the wrong index.
        rows = (
            rows.filter(event=events.pop()) if len(events) == 1 else rows.filter(event__in=events)
        )
        self.recorded = {}
        for event, resident, _, *rest in (
            rows.filter(resident_id__among=residents) if residents else ()
        ):
            self.recorded[event, resident] = tuple(rest)
        if names:
            for event, _, name, *rest in rows.filter(resident__isnull=True, name__among=names):
                self.recorded[event, name] = tuple(rest)

    def _plan_row(self, row: SheetRow, wanted: Wanted, person: Known | int | None) -> None:
        event = self.event_of(row)
        assert event is not None
        key = (event.pk, person.pk if isinstance(person, Known) else person or wanted.name)
        if key in self.met:
            self._met_twice(row, person, self.met[key])
            return
        self.met[key] = row.number
        if person is None:
            row.say(
                None,
                "unlinked",
                Level.NOTE,
                "没有电话和住址，只按姓名登记，不对应花名册里的居民。",
            )
        recorded = self.recorded.get(key)
        if recorded is None:
            self._record(row, wanted, person, event)
        else:
            self._complete(row, recorded)
        if (
            not row.rejected
            and isinstance(person, Known)
            and self.filled.setdefault(person.pk, row.number) == row.number
        ):
            filled = self.blanks(row, person, wanted.placed, wanted.phone)
            if filled:
                row.writes.insert(0, Write(RESIDENT, filled, person.pk, person.revision))
                if row.outcome == Outcome.UNCHANGED:
                    row.outcome = Outcome.UPDATE

    def _met_twice(self, row: SheetRow, person: Known | int | None, earlier: int) -> None:
        if person is None:
            code, message = (
                "name_twice",
                f"与第 {earlier} 行同名，两行都没有电话和住址，不能确认是不是同一个人。请补上电话或住址。",
            )
        else:
            code, message = (
                "person_twice",
                f"与第 {earlier} 行是同一个人，但内容不同。请只保留一行。",
            )
        row.say(self.header.heading_of("name"), code, Level.QUESTION, message)

    def _record(
        self,
        row: SheetRow,
        wanted: Wanted,
        person: Known | int | None,
        event: LegalEducationEvent,
    ) -> None:
        values: dict[str, Any] = {"event_id": event.pk, "name": wanted.name}
        if person is not None:
            values["resident_id"] = person.pk if isinstance(person, Known) else person
        given = self.with_remark(row)
        for name in _OWN:
            if given.get(name) is not None:
                values[name] = given[name]
        row.outcome = Outcome.CREATE
        if person == -row.number:
            row.writes.append(Write(RESIDENT, self.person(row, wanted)))
        row.writes.append(Write(ATTENDANCE, values))

    def _complete(self, row: SheetRow, recorded: tuple[Any, ...]) -> None:
        pk, revision, *stored = recorded
        given = self.with_remark(row, stored[_OWN.index("remark")])
        if row.rejected:
            return
        changed = {
            name: given[name]
            for name, was in zip(_OWN, stored, strict=True)
            # A mask that comes back from an export means "unchanged".
            if given.get(name) is not None and given[name] not in (was, HIDDEN)
        }
        row.outcome = Outcome.UPDATE if changed else Outcome.UNCHANGED
        if changed:
            row.writes.append(Write(ATTENDANCE, changed, pk, revision))


class AttendanceSheet(Sheet):
    """活动签到表."""

    register = "attendance"
    title = "签到表"
    columns = (
        NUMBER,
        NAME,
        GENDER,
        Column("age", "年龄", AgeWidget(), synonyms=("岁数", "周岁")),
        PHONE,
        ADDRESS,
        Column(
            "signed_in_at",
            "签到时间",
            MomentWidget(),
            synonyms=("签到日期", "到场时间", "时间"),
            late=True,
        ),
        Column(
            "signed",
            "签名",
            SignatureWidget(),
            synonyms=("签字", "本人签名", "签到", "签到人", "本人签字", "是否签到"),
            ditto=False,
            personal="hidden",
        ),
        REMARK,
        Column("event_code", "活动编号", CodeWidget(), synonyms=("活动代码",)),
    )
    models = (Resident, Attendance)
    references = {"resident_id": RESIDENT}
    planner = AttendancePlanner
    action = "attendance.edit"
    in_titles = ("签到", "参会", "参加人员", "到会")
    target_name = "活动"

    def find_target(self, code: str) -> LegalEducationEvent:
        try:
            return LegalEducationEvent.objects.select_related("community").get(code=code)
        except LegalEducationEvent.DoesNotExist:
            raise UnknownTarget(code) from None

    def target_label(self, target: Any) -> str:
        # Events of a series share their title.
        return f"{target.title}（{timezone.localtime(target.starts_at):%Y-%m-%d}，{target.code}）"

    def targets(self, user: Any) -> Any:
        return (
            LegalEducationEvent.objects.visible_to(user)
            .filter(status__in=rules.RECORDABLE)
            .filter(scope(user, self.action).rows())
            .select_related("community")
        )

    def only_repeats(self, values: dict[str, Any]) -> bool:
        # Two rows of one name alone may be two people.
        return bool(values.get("phone") or values.get("address"))


register(AttendanceSheet())
register(facet_sheet(EVENT, "legal_education_events", "普法活动"))
