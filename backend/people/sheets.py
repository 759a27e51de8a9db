"""花名册: the roster of residents as a spreadsheet."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import Model

from backend.core import gate
from backend.imports.asking import LAST, question
from backend.imports.choices import Outcome
from backend.imports.columns import Column
from backend.imports.facet_sheet import NUMBER_OF_RECORD, facet_sheet
from backend.imports.plan import SheetRow, Write
from backend.imports.problems import Level
from backend.imports.sheet import Sheet, register
from backend.imports.unchanged import says_the_same
from backend.imports.widgets import (
    MonthWidget,
)
from backend.people import masked_cells
from backend.people.facets import ORGANIZATION
from backend.people.matching import (
    Known,
    Question,
    Wanted,
)
from backend.people.models import Resident, ResidentPhone
from backend.people.person_planner import PersonPlanner, says_less
from backend.people.sheet_columns import (
    ADDRESS,
    GENDER,
    NAME,
    NUMBER,
    PHONE,
    REMARK,
    building_options,
    places_of,
)

question("person_twice", "同一个人写了两行，内容不同")
question("person_unidentified", "只有姓名，不能确认是谁")


RESIDENT, PHONES = 0, 1


class ResidentPlanner(PersonPlanner):
    """The roster itself: what the sheet says counts, what it leaves blank stays."""

    register = "residents"
    overwrites = True

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.met: dict[int, int] = {}
        # Rows with a number that change something: the gate is asked about them.
        self.changing: list[tuple[SheetRow, Known, dict[str, Any]]] = []

    def plan(self, rows: Sequence[SheetRow]) -> None:
        self.changing = []
        people: list[tuple[SheetRow, Wanted, Known | int | None]] = []
        for row, wanted in self.wanted(rows):
            person = self._whom(row, wanted)
            if isinstance(person, Question):
                continue
            key = person.pk if isinstance(person, Known) else person
            if key is not None and key in self.met and not self._counts(row, key):
                continue
            if isinstance(person, Known):
                self.met[person.pk] = row.number
            else:
                person = self.bring(wanted)
                self.met[person] = row.number
            people.append((row, wanted, person))
        phones = self.further_phones(people)
        for row, wanted, person in people:
            self.check_masks(row, person if isinstance(person, Known) else None, wanted.phone)
            if row.over:
                continue
            if isinstance(person, Known):
                self._change(row, person, wanted)
            else:
                values = self.person(row, wanted)
                remark = self.with_remark(row).get("remark")
                if remark:
                    values["remark"] = remark
                row.outcome = Outcome.CREATE
                row.writes.append(Write(RESIDENT, values))
            if not row.over:
                self.add_phones(row, phones.get(row.number, ()), PHONES)
                self.add_number(row, wanted, person)
        self._ask_the_gate()

    def _whom(self, row: SheetRow, wanted: Wanted) -> Known | int | Question | None:
        """As `whom`; never by the name alone."""
        if row.number in self.by_number:
            return self.by_number[row.number]
        if wanted.identified:
            found = self.whom(row, wanted)
            if found is not None or wanted.identified:
                return found
        unknown = Question(
            "name", "person_unidentified", "只有姓名，不能确认是谁。请补上电话或住址。"
        )
        self.ask(row, unknown)
        return unknown

    def _counts(self, row: SheetRow, key: int) -> bool:
        """Whether the second row of one person is to stand for them."""
        earlier = self.met[key]
        answer = self.which_of_two(
            row,
            earlier,
            "person_twice",
            f"与第 {earlier} 行是同一个人，但内容不同。请只保留一行。",
            self.header.heading_of("name"),
        )
        if answer == LAST.value:
            self.met[key] = row.number
        return False

    def _change(self, row: SheetRow, known: Known, wanted: Wanted) -> None:
        changed = self.blanks(row, known, wanted)
        given = self.with_remark(row, known.remark)
        if row.rejected:
            return
        for name in ("gender", "birth_month", "remark"):
            value = given.get(name)
            if value and not says_the_same(value, getattr(known, name)):
                changed[name] = value
        placed = wanted.placed
        # Found by name and a door less complete: the roster's own stays.
        less = not wanted.phone and says_less(placed, known)
        moves = placed.key is not None and placed.key != known.place and not less
        if moves and not self.lives_there(row, known):
            changed |= {"building_id": None, "unit": "", "room": "", "address": ""}
            changed |= placed.values()
        if row.number in self.by_number:
            self._change_phone(known, wanted.phone, changed)
        row.outcome = Outcome.UPDATE if changed else Outcome.UNCHANGED
        if changed:
            row.writes.append(Write(RESIDENT, changed, known.pk, known.revision))
            if row.number in self.by_number:
                self.changing.append((row, known, changed))

    def _change_phone(self, known: Known, phone: str, changed: dict[str, Any]) -> None:
        """The roster's own sheet corrects a phone, where the row's number says whose it is."""
        if not phone or masked_cells.phone_agrees(phone, known.phone):
            return
        if (known.pk, phone) in self.known_further:
            # One of their further phones: they are the same person, and nothing is new.
            changed.pop("phone", None)
        else:
            changed["phone"] = phone

    def _ask_the_gate(self) -> None:
        """The gate's verdict on what a number changes, asked now so that the preview can show it."""
        if not self.changing:
            return
        stored = Resident.objects.in_bulk([known.pk for _, known, _ in self.changing])
        records = []
        for _, known, changed in self.changing:
            record = stored[known.pk]
            for name, value in changed.items():
                setattr(record, name, value)
            records.append(record)
        for index, violation in gate.check_many(records).items():
            row = self.changing[index][0]
            shown = self.header.heading_of(violation.field) if violation.field else None
            row.say(shown, violation.code, Level.ERROR, violation.message)


class ResidentSheet(Sheet):
    """居民花名册."""

    register = "residents"
    title = "居民花名册"
    columns = (
        NUMBER,
        NAME,
        GENDER,
        Column(
            "birth_month",
            "出生年月",
            MonthWidget(),
            synonyms=("出生日期", "出生年月日", "出生时间", "生日", "出生"),
            personal="hidden",
        ),
        PHONE,
        ADDRESS,
        REMARK,
        NUMBER_OF_RECORD,
    )
    models: ClassVar[tuple[type[Model], ...]] = (Resident, ResidentPhone)
    about = Resident
    references = {"resident_id": RESIDENT}

    def rests_on(self, community: Any, target: Any) -> list[Any]:
        return super().rests_on(community, target) + places_of(community)

    planner = ResidentPlanner
    action = "people.edit"
    in_titles = ("花名册", "居民信息", "人口信息", "住户信息", "居民台账")

    def options(self, column: Column, community: Any, user: Any) -> Sequence[str]:
        return building_options(community) if column is ADDRESS else ()


register(ResidentSheet())
register(facet_sheet(ORGANIZATION, "organizations", "单位名册"))
