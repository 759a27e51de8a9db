"""签到表: the sign-in sheet of an event. A row is a resident and an attendance."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from backend.core.access import scope
from backend.core.errors import RuleViolation
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
from backend.imports.asking import LAST, question
from backend.imports.cells import clean_date, clean_moment
from backend.imports.choices import Outcome
from backend.imports.columns import Column
from backend.imports.directions import Choice
from backend.imports.facet_sheet import facet_sheet
from backend.imports.plan import Plan, Problem, SheetRow, Write
from backend.imports.problems import CellProblem, Level
from backend.imports.settling import Hints, settle
from backend.imports.sheet import Sheet, UnknownTarget, register
from backend.imports.unchanged import says_the_same
from backend.imports.widgets import (
    AgeWidget,
    CodeWidget,
    MomentWidget,
    NumberWidget,
    SignatureWidget,
)
from backend.people import masked_cells
from backend.people.masked_cells import NUMBER_OF_RECORD
from backend.people.matching import Known, Question, Wanted, known_by_key
from backend.people.models import Resident, ResidentPhone
from backend.people.sheets import (
    ADDRESS,
    GENDER,
    NAME,
    NUMBER,
    PHONE,
    REMARK,
    PersonPlanner,
    building_options,
    places_of,
)

RESIDENT, ATTENDANCE, PHONES = 0, 1, 2
TWO_PEOPLE = Choice("two", "是两个人：后一位的姓名后面加序号登记")

for code in (UNCLEAR, MISSING, "event"):
    question(code, "是哪场活动的签到表")
question("name_twice", "同名写了两行，都没有电话和住址")
MAX_NAME = 30
_OWN = ("gender", "age", "signed", "remark", "signed_in_at", "companions")
SIGNED = Column(
    "signed",
    "签名",
    SignatureWidget(),
    synonyms=("签字", "本人签名", "签到", "签到人", "本人签字", "是否签到"),
    ditto=False,
    personal="hidden",
)
COMPANIONS = Column(
    "companions",
    "同来人数",
    NumberWidget(),
    synonyms=("陪同人数", "随行人数"),
    ditto=False,
    exact=True,
)
CODE = Column("event_code", "活动编号", CodeWidget(), synonyms=("活动代码",))


class AttendancePlanner(PersonPlanner):
    """Plans sign-in rows: who is it, have they been recorded, does the roster learn anything?"""

    register = "attendance"
    target: LegalEducationEvent | None

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.events: dict[Any, LegalEducationEvent | None] = {}
        self.days: dict[int, date] = {}
        # Event -> person or name -> the row of this file that recorded it. One within the other: a
        # key of two for each of 100 000 rows would be 5 MB.
        self.met: dict[int, dict[Any, int]] = {}
        self.filled: dict[int, int] = {}
        self.recorded: dict[tuple[int, Any], tuple[Any, ...]] = {}
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

    def plan(self, rows: Sequence[SheetRow]) -> None:
        self._load_events(rows)
        found = [(row, wanted) for row, wanted in self.wanted(rows) if self._event_fits(row)]
        people: list[tuple[SheetRow, Wanted, Known | int | None]] = []
        for row, wanted in found:
            person = self.whom(row, wanted)
            if isinstance(person, Question):
                continue
            new = person is None and row.number not in self.by_number
            if new and wanted.identified:
                people.append((row, wanted, self.bring(wanted)))
            else:
                people.append((row, wanted, person))
        self._load_recorded(people)
        phones = self.further_phones(people)
        for row, wanted, person in people:
            self._plan_row(row, wanted, person)
            if not row.over:
                self.add_phones(row, phones.get(row.number, ()), PHONES)
                self.add_number(row, wanted, person)

    def _load_events(self, rows: Sequence[SheetRow]) -> None:
        codes = {row.values.get("event_code") for row in rows} - {None, *self.events}
        if codes:
            known = LegalEducationEvent.objects.filter(community=self.community, code__in=codes)
            self.events |= dict.fromkeys(codes) | {event.code: event for event in known}

    def know_by_number(self, rows: Sequence[SheetRow]) -> None:
        """A row's number is that of a sign-in, or of a resident of the roster."""
        self.by_number, self.attended = {}, {}
        own, roster = Attendance._meta.label, Resident._meta.label
        named = {
            row.number: found
            for row in rows
            if not row.over
            and row.values.get("record_number")
            and (found := masked_cells.key_in(row, own, roster)) is not None
        }
        if not named:
            return
        signed = {pk for label, pk in named.values() if label == own}
        there = Attendance.objects.filter(community=self.community, pk__among=signed).order_by()
        rows_there = there.values_list("pk", "event_id", "resident_id", "name")
        attended: dict[int, tuple[int, int | None, str | None]] = {
            pk: (event, resident, name) for pk, event, resident, name in rows_there
        }
        residents = {pk for label, pk in named.values() if label == roster}
        residents |= {resident for _, resident, _ in attended.values() if resident is not None}
        known = known_by_key(self.community.pk, residents)
        self.known_further = masked_cells.further_phones(known)
        for row in rows:
            label, pk = named.get(row.number, ("", 0))
            if label == roster:
                self.is_known(row, known.get(pk))
            elif label == own:
                event, resident, name = attended.get(pk, (0, 0, None))
                if resident is not None and resident not in known:
                    masked_cells.say_unknown(row)
                    continue
                self.is_known(row, known.get(resident or 0), name)
                self.attended[row.number] = event

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

    def _event_fits(self, row: SheetRow) -> bool:
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
            self._check_status(row, event)
        if not row.rejected and event is not None:
            self._clean_moment(row, event)
        return not row.over

    def _check_status(self, row: SheetRow, event: LegalEducationEvent) -> None:
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
        who = person.pk if isinstance(person, Known) else person or wanted.name
        met = self.met.setdefault(event.pk, {})
        if who in met:
            answer = self._met_twice(row, person, met[who])
            if answer == LAST.value:
                met[who] = row.number
            if answer != TWO_PEOPLE.value:
                return
            who = self._namesake(event, wanted)
        met[who] = row.number
        recorded = self.recorded.get((event.pk, who))
        self._check_personal(row, wanted, person, recorded)
        if row.over:
            return
        if person is None and row.number not in self.attended:
            row.say(
                None,
                "unlinked",
                Level.NOTE,
                "没有电话和住址，只按姓名登记，不对应花名册里的居民。",
            )
        if recorded is None:
            self._record(row, wanted, person, event)
        else:
            self._complete(row, recorded)
        if (
            not row.rejected
            and isinstance(person, Known)
            and self.filled.setdefault(person.pk, row.number) == row.number
        ):
            filled = self.blanks(row, person, wanted)
            if filled:
                row.writes.insert(0, Write(RESIDENT, filled, person.pk, person.revision))
                if row.outcome == Outcome.UNCHANGED:
                    row.outcome = Outcome.UPDATE
        if row.writes and row.number in self.attended:
            # Nothing new may be said of an event that is over; what is said already may.
            self._check_status(row, event)

    def _check_personal(
        self,
        row: SheetRow,
        wanted: Wanted,
        person: Known | int | None,
        recorded: tuple[Any, ...] | None,
    ) -> None:
        """Masks agree with what is stored; what a sign-in cannot change of the roster is said."""
        known = person if isinstance(person, Known) else None
        remark = recorded[2 + _OWN.index("remark")] if recorded is not None else ""
        self.check_masks(row, known, wanted.phone, remark=remark)
        if row.number not in self.attended or row.over:
            return
        phone = wanted.phone
        if known is None:
            if phone or wanted.placed.key is not None:
                row.say(
                    self.header.heading_of("phone" if phone else "address"),
                    "unlinked_contact",
                    Level.ERROR,
                    "这条签到没有对应花名册里的居民，电话和住址不能从这里补。"
                    "请先在签到记录页面选好居民，再到花名册里填。",
                )
        elif (
            phone
            and known.phone
            and not masked_cells.phone_agrees(phone, known.phone)
            and (known.pk, phone) not in self.known_further
        ):
            row.say(
                self.header.heading_of("phone"),
                "phone_of_roster",
                Level.ERROR,
                "电话和花名册里的不同。签到表不改花名册：请先在花名册里换号，或恢复这一格。",
            )

    def _met_twice(self, row: SheetRow, person: Known | int | None, earlier: int) -> str | None:
        more: tuple[Choice, ...] = ()
        if person is None:
            code, message = (
                "name_twice",
                f"与第 {earlier} 行同名，两行都没有电话和住址，不能确认是不是同一个人。请补上电话或住址。",
            )
            more = (TWO_PEOPLE,)
        else:
            code, message = (
                "person_twice",
                f"与第 {earlier} 行是同一个人，但内容不同。请只保留一行。",
            )
        return self.which_of_two(row, earlier, code, message, self.header.heading_of("name"), more)

    def _namesake(self, event: LegalEducationEvent, wanted: Wanted) -> str:
        """The name under which a second person of one name is recorded: 张三（2）."""
        name, number = wanted.name, 2
        while (key := f"{name[: MAX_NAME - 4]}（{number}）") in self.met[event.pk]:
            number += 1
        wanted.name = key
        there = Attendance.objects.filter(event=event, resident__isnull=True, name=key)
        for stored in there.values_list("pk", "revision", *_OWN):
            self.recorded[event.pk, key] = stored
        return key

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
            if given.get(name) is not None and not says_the_same(given[name], was)
        }
        row.outcome = Outcome.UPDATE if changed else Outcome.UNCHANGED
        if changed:
            row.writes.append(Write(ATTENDANCE, changed, pk, revision))


def event_in_words(event: Any) -> list[tuple[str, str]]:
    """What stands above the headings of an event's sheet, as the importer reads it back."""
    starts, ends = timezone.localtime(event.starts_at), timezone.localtime(event.ends_at)
    until = f"{ends:%H:%M}" if ends.date() == starts.date() else f"{ends:%Y-%m-%d %H:%M}"
    place = " ".join(part for part in (event.venue.name, event.venue.place) if part)
    return [
        ("活动名称", " ".join(event.title.split())),
        ("时间", f"{starts:%Y-%m-%d %H:%M}–{until}"),
        ("地点", " ".join(place.split())),
    ]


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
        SIGNED,
        REMARK,
        CODE,
        COMPANIONS,
        NUMBER_OF_RECORD,
    )
    models = (Resident, Attendance, ResidentPhone)
    about = Attendance
    references = {"resident_id": RESIDENT}
    planner = AttendancePlanner
    action = "attendance.edit"
    target_name = "活动"
    told_by_target = frozenset({"event_code"})

    def rests_on(self, community: Any, target: Any) -> list[Any]:
        events = LegalEducationEvent.objects.filter(community=community)
        signed = Attendance.objects.filter(community=community)
        if target is not None:
            events, signed = events.filter(pk=target.pk), signed.filter(event=target)
        people = [m.objects.filter(community=community) for m in (Resident, ResidentPhone)]
        return [events, signed, *people, *places_of(community)]

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

    def title_rows(self, target: Any) -> Sequence[tuple[str, str]]:
        return event_in_words(target)

    def options(self, column: Column, community: Any, user: Any) -> Sequence[str]:
        if column is ADDRESS:
            return building_options(community)
        if column.attribute == "event_code":
            return list(
                self.targets(user).filter(community=community).values_list("code", flat=True)
            )
        return ()

    def only_repeats(self, values: dict[str, Any]) -> bool:
        # Two rows of one name alone may be two people.
        return bool(values.get("phone") or values.get("address"))


SHEET = register(AttendanceSheet())
register(facet_sheet(EVENT, "legal_education_events", "普法活动"))
