"""签到表: the event that a row tells of."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from backend.core.errors import RuleViolation
from backend.education import rules, sign_in_rules
from backend.education.models import LegalEducationEvent
from backend.education.sheet_events import (
    MISSING,
    UNCLEAR,
    answered_event,
    differs,
    event_choices,
    events_of_titles,
    recent_events,
)
from backend.imports.asking import question
from backend.imports.cells import clean_date, clean_moment
from backend.imports.plan import Plan, Problem, SheetRow
from backend.imports.problems import CellProblem, Level
from backend.imports.settling import Hints, settle
from backend.people.person_planner import PersonPlanner

for code in (UNCLEAR, MISSING, "event"):
    question(code, "是哪场活动的签到表")


class EventRows(PersonPlanner):
    """Rows that tell of an event: which one, whether it takes sign-ins, and when in it."""

    target: LegalEducationEvent | None

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.events: dict[Any, LegalEducationEvent | None] = {}
        self.days: dict[int, date] = {}
        # By the number of the row: the event of the sign-in that its own number names.
        self.attended: dict[int, int] = {}

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

    def load_events(self, rows: Sequence[SheetRow]) -> None:
        codes = {row.values.get("event_code") for row in rows} - {None, *self.events}
        if codes:
            known = LegalEducationEvent.objects.filter(community=self.community, code__in=codes)
            self.events |= dict.fromkeys(codes) | {event.code: event for event in known}

    def day_of(self, row: SheetRow) -> date | None:
        """The day of the event: somebody who has moved out since was there all the same."""
        event = self.event_of(row)
        if event is None:
            return None
        day = self.days.get(event.pk)
        if day is None:
            day = self.days[event.pk] = timezone.localtime(event.starts_at).date()
        return day

    def event_of(self, row: SheetRow) -> LegalEducationEvent | None:
        """The event of a row: its own, else the file's."""
        code = row.values.get("event_code")
        return self.events.get(code) if code else self.target

    def event_fits(self, row: SheetRow) -> bool:
        code = row.values.get("event_code")
        event = self.event_of(row)
        shown = self.header.heading_of("event_code")
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
        elif self.attended.get(row.number, event.pk) != event.pk:
            row.say(
                shown,
                "event_mismatch",
                Level.ERROR,
                "系统编号是另一场活动的签到。请恢复原来的活动编号，或把系统编号留空。",
            )
        elif row.number not in self.attended:
            self.check_status(row, event)
        if not row.rejected and event is not None:
            self._clean_moment(row, event)
        return not row.over

    def check_status(self, row: SheetRow, event: LegalEducationEvent) -> None:
        try:
            rules.event_takes_attendance(event.status)
        except RuleViolation as violation:
            shown = self.header.heading_of("event_code")
            row.say(shown, violation.code, Level.ERROR, violation.message)

    def _clean_moment(self, row: SheetRow, event: LegalEducationEvent) -> None:
        cell = row.values.get("signed_in_at")
        if cell is None:
            return
        shown = self.header.heading_of("signed_in_at")
        try:
            moment, only_day = self._moment(
                cell, timezone.localtime(event.starts_at), self.header.epoch1904
            )
        except CellProblem as problem:
            moment = self._settled_moment(row, shown, cell, problem, event)
            only_day = False
        if row.over:
            return
        if only_day:
            row.say(shown, "time_missing", Level.NOTE, "只有日期，没有钟点，按活动开始的钟点登记。")
        row.values["signed_in_at"] = timezone.make_aware(moment) if moment else None
        try:
            sign_in_rules.signed_in_by_then(
                moment.date() if moment else None,
                timezone.localdate(event.starts_at),
                timezone.localdate(),
            )
        except RuleViolation as violation:
            row.say(shown, violation.code, Level.ERROR, violation.message)

    def _settled_moment(
        self,
        row: SheetRow,
        shown: str,
        cell: Any,
        problem: CellProblem,
        event: LegalEducationEvent,
    ) -> datetime | None:
        """The moment that staff have said is meant."""
        start = timezone.localtime(event.starts_at)
        column = next(c for c in self.header.columns.values() if c.attribute == "signed_in_at")
        hints = Hints.of_years([(start.year, "活动那年")])

        def clean(said: Any) -> datetime | None:
            return self._moment(said, start, self.header.epoch1904)[0]

        found = settle(row, column, shown, cell, problem, self.questions, hints, clean)
        return found if isinstance(found, datetime) else None

    @staticmethod
    def _moment(cell: Any, start: datetime, epoch1904: bool) -> tuple[datetime | None, bool]:
        """When somebody signed in, and whether only the day was given."""
        try:
            return clean_moment(cell, day=start.date(), epoch1904=epoch1904), False
        except CellProblem as problem:
            if problem.code != "time_missing":
                raise
            try:
                day = clean_date(cell, year=start.year, epoch1904=epoch1904)
            except CellProblem:
                raise problem from None
        return (datetime.combine(day, start.time()) if day else None), True
