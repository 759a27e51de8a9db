"""花名册: the roster of residents as a spreadsheet."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django.db.models import Model

from backend.core import gate
from backend.imports.asking import LAST, question
from backend.imports.choices import Outcome
from backend.imports.columns import Column
from backend.imports.facet_sheet import MOST_OPTIONS
from backend.imports.plan import SheetRow, Write
from backend.imports.problems import Level
from backend.imports.sheet import RowPlanner, Sheet, register
from backend.imports.unchanged import says_the_same
from backend.imports.widgets import (
    AddressWidget,
    GenderWidget,
    MonthWidget,
    NameWidget,
    PhoneWidget,
    TextWidget,
)
from backend.people import masked_cells
from backend.people.masked_cells import NUMBER_OF_RECORD
from backend.people.matching import (
    NOWHERE,
    Addresses,
    Known,
    Placed,
    Question,
    Roster,
    Wanted,
    known_by_key,
)
from backend.people.models import Resident, ResidentPhone
from backend.people.more_phones import PhonesBeside
from backend.people.numbers import NUMBER_OF_PERSON, Numbers
from backend.places.models import Building, Estate

question("person_twice", "同一个人写了两行，内容不同")
question("person_unidentified", "只有姓名，不能确认是谁")

NAME = Column(
    "name",
    "姓名",
    NameWidget(),
    synonyms=("名字", "居民姓名", "参加人", "参加人员", "参与人", "人员姓名", "姓 名"),
    required=True,
    ditto=False,
    personal="name",
)
GENDER = Column("gender", "性别", GenderWidget())
PHONE = Column(
    "phone",
    "联系电话",
    PhoneWidget(further="further_phone"),
    synonyms=("电话", "手机", "手机号", "手机号码", "联系方式", "电话号码", "移动电话", "联系手机"),
    ditto=False,
    personal="phone",
)
ADDRESS = Column(
    "address",
    "住址",
    AddressWidget(),
    synonyms=(
        "住址(楼号)",
        "家庭住址",
        "地址",
        "楼号",
        "楼栋",
        "房号",
        "楼栋房号",
        "楼栋号",
        "居住地址",
    )
    + ("门牌号", "门牌", "房间号", "楼栋单元", "家庭地址", "现住址", "详细住址", "详细地址"),
    personal="hidden",
)
REMARK = Column(
    "remark",
    "备注",
    TextWidget(max_length=200),
    synonyms=("备 注", "说明", "附注"),
    personal="hidden",
)
NUMBER = Column("number", "序号", TextWidget(), synonyms=("编号", "No", "NO.", "#"), ignored=True)


class PersonPlanner(PhonesBeside, RowPlanner):
    """What every sheet that names people does first: whom does a row mean?"""

    # Whose sheet it is: which columns a community may turn on.
    register: ClassVar[str] = ""
    # Whether what the sheet says of somebody may take the place of what the roster says.
    overwrites: ClassVar[bool] = False

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.addresses = Addresses(self.community.pk)
        self.roster = Roster(
            self.community.pk, labels=self.addresses.labels, overwrites=self.overwrites
        )
        self.numbers = Numbers(self.community.pk, self.register, self.header)
        self.owners: dict[int, Known] = {}
        # (person, phone) of the further phones that rows of this file have brought.
        self.brought_phones: set[tuple[int, str]] = set()
        self.doors = masked_cells.Doors(self.community.pk)
        # Of the rows at hand, by number: which cells are hidden, and whom their 系统编号 names.
        self.hidden: dict[int, frozenset[str]] = {}
        self.by_number: dict[int, Known | None] = {}
        self.known_further: set[tuple[int, str]] = set()

    def wanted(self, rows: Sequence[SheetRow]) -> list[tuple[SheetRow, Wanted]]:
        """The rows still standing, each with whom it names; addresses looked up, roster loaded."""
        found = []
        self.hidden = {row.number: some for row in rows if (some := masked_cells.take_hidden(row))}
        self.know_by_number(rows)
        for row in rows:
            if row.over:
                continue
            if row.number not in self.by_number and masked_cells.refuse_masked_name(
                row, self.header.heading_of("name")
            ):
                continue
            # A remark that is too long: known before anybody is brought in by the row.
            self.with_remark(row)
            if row.rejected:
                continue
            placed = self._placed(row)
            if placed is None:
                continue
            if placed.text:
                row.say(
                    self.header.heading_of("address"),
                    "address_unplaced",
                    Level.NOTE,
                    "住址对不上本社区的楼栋，按原文保存。",
                )
            found.append(
                (
                    row,
                    Wanted(
                        row.number,
                        row.values["name"],
                        row.values.get("phone") or "",
                        placed,
                        self.day_of(row),
                        row.values.get("further_phone") or "",
                        number=row.values.get(NUMBER_OF_PERSON),
                    ),
                )
            )
        self.roster.load(wanted for row, wanted in found if row.number not in self.by_number)
        if self.numbers.model:
            owners = (self.numbers.owner(wanted.number) for _, wanted in found)
            self.owners = self.roster.by_key(pk for pk in owners if pk is not None and pk > 0)
        return found

    def know_by_number(self, rows: Sequence[SheetRow]) -> None:
        """Looks up whom the rows with a 系统编号 mean; what is wrong with one is said."""
        self.by_number = {}
        keys = {
            row.number: named[1]
            for row in rows
            if not row.over
            and row.values.get("record_number")
            and (named := masked_cells.key_in(row, Resident._meta.label)) is not None
        }
        if not keys:
            return
        known = known_by_key(self.community.pk, keys.values())
        self.known_further = masked_cells.further_phones(known)
        for row in rows:
            if row.number in keys:
                self.is_known(row, known.get(keys[row.number]))

    def is_known(self, row: SheetRow, known: Known | None, name: str | None = None) -> None:
        """Takes a row for one about `known`, if the name agrees."""
        name = name or (known.name if known is not None else None)
        if name is None:
            masked_cells.say_unknown(row)
        elif not masked_cells.name_agrees(row.values["name"], name):
            masked_cells.say_other_name(row, self.header.heading_of("name"))
        else:
            row.values["name"] = name
            self.by_number[row.number] = known

    def check_masks(self, row: SheetRow, known: Known | None, phone: str, **own: Any) -> None:
        """Says which masks of a row are not those of what is stored of the person, or in `own`."""
        hidden = self.hidden.get(row.number)
        if hidden:
            stored = (masked_cells.hidden_of(known) if known is not None else {}) | own
            masked_cells.check_hidden(row, hidden, stored, self.header.heading_of)
        if not masked_cells.is_masked_phone(phone):
            return
        if not masked_cells.phone_agrees(phone, known.phone if known is not None else ""):
            shown = self.header.heading_of("phone")
            problem = masked_cells.mask_mismatch(shown)
            row.say(shown, problem.code, problem.level, problem.message)

    def lives_there(self, row: SheetRow, known: Known) -> bool:
        """Whether the row's address is where the person is known to live, word for word."""
        address = row.values.get("address")
        return address is not None and self.doors.is_home_of(known, address.text)

    def _placed(self, row: SheetRow) -> Placed | None:
        """Where the row's address is; None, and the row asked, if nobody has said which."""
        known = self.by_number.get(row.number)
        if known is not None and self.lives_there(row, known):
            # As an export writes it: nothing new, and nothing to look up.
            return NOWHERE
        placed = self.addresses.place(row.values.get("address"))
        if not isinstance(placed, Question):
            return placed
        answer = self.ask(row, placed)
        if answer is None or row.over:
            return None
        return placed.places[answer.partition(":")[2]]

    def whom(self, row: SheetRow, wanted: Wanted) -> Known | int | Question | None:
        """Whom a row means, as staff have answered where it is a question; the question itself
        while they have not, or where the row is to be left out.
        """
        if row.number in self.by_number:
            return self.by_number[row.number]
        found = self._found(wanted)
        while isinstance(found, Question):
            answer = self.ask(row, found)
            if answer is None or row.over:
                return found
            was, found = found, self.roster.settled(found, answer, wanted)
            if isinstance(found, Known) and was.about != NUMBER_OF_PERSON:
                found = self._checked(found, wanted)
        return found

    def _found(self, wanted: Wanted) -> Known | int | Question | None:
        """By the identity number, where there is one that is known; else as `Roster.find`."""
        owner = self.numbers.owner(wanted.number)
        person = self.owners.get(owner) if owner is not None and owner > 0 else owner
        if person is None:
            found = self.roster.find(wanted)
            return self._checked(found, wanted) if isinstance(found, Known) else found
        name = person.name if isinstance(person, Known) else self.numbers.names[-person]
        if name != wanted.name:
            return self.roster.about_name(person)
        if isinstance(person, Known) and self._has_other_phone(person, wanted):
            return self.roster.about_phone(person, wanted)
        return person

    def _checked(self, known: Known, wanted: Wanted) -> Known | Question:
        """Whom name and phone, or door, have found, unless their identity number is another one."""
        if self.numbers.differs(known.pk, wanted.number):
            return self.roster.about_number(known, wanted)
        return known

    def _has_other_phone(self, known: Known, wanted: Wanted) -> bool:
        if not wanted.phone or "*" in wanted.phone or not known.phone:
            return False
        further = ResidentPhone.objects.filter(resident=known.pk, phone=wanted.phone)
        return known.phone != wanted.phone and not further.exists()

    def bring(self, wanted: Wanted) -> int:
        """Takes note of a person whom this row brings; answers the reference to them."""
        self.numbers.bring(wanted)
        return self.roster.bring(wanted)

    def add_number(self, row: SheetRow, wanted: Wanted, person: Known | int | None) -> None:
        """Lets a row write the identity number that it tells of somebody."""
        write = self.numbers.write(wanted, person)
        if write is not None:
            row.writes.append(write)
            if row.outcome == Outcome.UNCHANGED:
                row.outcome = Outcome.UPDATE

    def day_of(self, row: SheetRow) -> date | None:
        """The day that a row tells of; None for today."""
        return None

    def ask(self, row: SheetRow, question: Question) -> str | None:
        """Puts a question to the row: unanswered, it rejects it. The answer, if there is one."""
        shown = self.header.heading_of(question.about)
        return self.decide(row, shown, question.code, question.message, question.choices)

    @staticmethod
    def person(row: SheetRow, wanted: Wanted) -> dict[str, Any]:
        """The values of a resident whom this row brings."""
        phone = "" if wanted.shares else wanted.phone
        values = {"name": wanted.name, "phone": phone} | wanted.placed.values()
        for name in ("gender", "birth_month"):
            if row.values.get(name):
                values[name] = row.values[name]
        return values

    @staticmethod
    def blanks(row: SheetRow, known: Known, wanted: Wanted) -> dict[str, Any]:
        """What a row knows of a resident that the roster does not: blanks alone, nothing else."""
        filled: dict[str, Any] = {}
        placed, phone = wanted.placed, "" if wanted.shares else wanted.phone
        if wanted.new_phone == "replace" or (
            phone and not known.phone and "*" not in phone and phone != known.further
        ):
            filled["phone"] = phone
        if known.building_id is None and not known.address:
            filled |= placed.values()
        for name in ("gender", "birth_month"):
            if row.values.get(name) and not getattr(known, name):
                filled[name] = row.values[name]
        return filled


def _says_less(placed: Placed, known: Known) -> bool:
    """Whether an address is the roster's own, only less complete."""
    return (
        placed.building_id is not None
        and placed.building_id == known.building_id
        and placed.unit in ("", known.unit)
        and placed.room in ("", known.room)
    )


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
        less = not wanted.phone and _says_less(placed, known)
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


def places_of(community: Any) -> list[Any]:
    """The rows by which an address is understood."""
    return [model._default_manager.filter(community=community) for model in (Estate, Building)]


def building_options(community: Any) -> list[str]:
    """The buildings of a community as an address begins, for a template's drop-down list."""
    rows = Building.objects.filter(community=community).order_by()
    found = rows.values_list("estate__name", "name")[:MOST_OPTIONS]
    by_number = sorted(found, key=lambda row: (row[0], len(row[1]), row[1]))
    return [f"{estate}{name}号楼" for estate, name in by_number]


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

    def options(self, column: Column, community: Any, user: Any) -> Sequence[str]:
        return building_options(community) if column is ADDRESS else ()


register(ResidentSheet())
