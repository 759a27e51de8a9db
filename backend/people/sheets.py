"""花名册: the roster of residents as a spreadsheet."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from backend.core import gate
from backend.imports.choices import Outcome
from backend.imports.columns import Column
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
from backend.people.models import Resident

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
    PhoneWidget(),
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
    + ("门牌号", "家庭地址", "现住址", "详细住址", "详细地址"),
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


class PersonPlanner(RowPlanner):
    """What every sheet that names people does first: whom does a row mean?"""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.addresses = Addresses(self.community.pk)
        self.roster = Roster(self.community.pk)
        self.doors = masked_cells.Doors(self.community.pk)
        # By the number of the row: which of its cells are hidden, and whom its own number names.
        self.hidden: dict[int, frozenset[str]] = {}
        self.numbered: dict[int, Known | None] = {}
        self.further: set[tuple[int, str]] = set()

    def wanted(self, rows: Sequence[SheetRow]) -> list[tuple[SheetRow, Wanted]]:
        """The rows still standing, each with whom it names; addresses looked up, roster loaded."""
        found = []
        for row in rows:
            self.hidden[row.number] = masked_cells.take_hidden(row)
        self.know_by_number(rows)
        for row in rows:
            if row.rejected:
                continue
            if row.number not in self.numbered and masked_cells.refuse_masked_name(
                row, self.header.heading_of("name")
            ):
                continue
            placed = self._place(row)
            if isinstance(placed, Question):
                self.ask(row, placed)
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
                    ),
                )
            )
        self.roster.load(wanted for row, wanted in found if row.number not in self.numbered)
        return found

    def _place(self, row: SheetRow) -> Placed | Question:
        known = self.numbered.get(row.number)
        if known is not None and self.lives_there(row, known):
            # As an export writes it: nothing new, and nothing to look up.
            return NOWHERE
        return self.addresses.place(row.values.get("address"))

    def know_by_number(self, rows: Sequence[SheetRow]) -> None:
        """Looks up whom the rows with a 系统编号 mean; what is wrong with one is said."""
        self.numbered = {}
        keys = {
            row.number: named[1]
            for row in rows
            if not row.rejected
            and row.values.get("record_number")
            and (named := masked_cells.key_in(row, Resident._meta.label)) is not None
        }
        if not keys:
            return
        known = known_by_key(self.community.pk, keys.values())
        self.further = masked_cells.further_phones(known)
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
            self.numbered[row.number] = known

    def check_masks(self, row: SheetRow, known: Known | None, phone: str, **own: Any) -> None:
        """Says which masks of a row are not those of what is stored of the person, or in `own`."""
        stored = (masked_cells.hidden_of(known) if known is not None else {}) | own
        masked_cells.check_hidden(
            row, self.hidden.get(row.number, ()), stored, self.header.heading_of
        )
        has = known.phone if known is not None else ""
        if masked_cells.is_masked_phone(phone) and not masked_cells.phone_agrees(phone, has):
            shown = self.header.heading_of("phone")
            problem = masked_cells.mask_mismatch(shown)
            row.say(shown, problem.code, problem.level, problem.message)

    def lives_there(self, row: SheetRow, known: Known) -> bool:
        """Whether the row's address is where the person is known to live, word for word."""
        address = row.values.get("address")
        return address is not None and self.doors.is_home_of(known, address.text)

    def day_of(self, row: SheetRow) -> date | None:
        """The day that a row tells of; None for today."""
        return None

    def ask(self, row: SheetRow, question: Question) -> None:
        """Puts a question to the row: unanswered, it rejects it."""
        row.say(
            self.header.heading_of(question.about), question.code, Level.QUESTION, question.message
        )

    @staticmethod
    def person(row: SheetRow, wanted: Wanted) -> dict[str, Any]:
        """The values of a resident whom this row brings."""
        values = {"name": wanted.name, "phone": wanted.phone} | wanted.placed.values()
        for name in ("gender", "birth_month"):
            if row.values.get(name):
                values[name] = row.values[name]
        return values

    @staticmethod
    def blanks(row: SheetRow, known: Known, placed: Placed, phone: str) -> dict[str, Any]:
        """What a row knows of a resident that the roster does not: blanks alone, nothing else."""
        filled: dict[str, Any] = {}
        if phone and not known.phone and "*" not in phone and phone != known.further:
            filled["phone"] = phone
        if known.building_id is None and not known.address:
            filled |= placed.values()
        for name in ("gender", "birth_month"):
            if row.values.get(name) and not getattr(known, name):
                filled[name] = row.values[name]
        return filled


class ResidentPlanner(PersonPlanner):
    """The roster itself: what the sheet says counts, what it leaves blank stays."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.met: dict[int, int] = {}
        # Rows with a number that change something: the gate is asked about them.
        self.changing: list[tuple[SheetRow, Known, dict[str, Any]]] = []

    def plan(self, rows: Sequence[SheetRow]) -> None:
        self.changing = []
        for row, wanted in self.wanted(rows):
            self._plan_row(row, wanted)
        self._ask_the_gate()

    def _plan_row(self, row: SheetRow, wanted: Wanted) -> None:
        if row.number in self.numbered:
            found: Known | int | Question | None = self.numbered[row.number]
        elif not wanted.phone and wanted.placed.key is None:
            row.say(
                self.header.heading_of("name"),
                "person_unidentified",
                Level.QUESTION,
                "只有姓名，不能确认是谁。请补上电话或住址。",
            )
            return
        else:
            found = self.roster.find(wanted)
        if isinstance(found, Question):
            self.ask(row, found)
            return
        key = found.pk if isinstance(found, Known) else found
        if key is not None and key in self.met:
            row.say(
                self.header.heading_of("name"),
                "person_twice",
                Level.QUESTION,
                f"与第 {self.met[key]} 行是同一个人，但内容不同。请只保留一行。",
            )
            return
        known = found if isinstance(found, Known) else None
        self.check_masks(row, known, wanted.phone)
        if row.rejected:
            return
        if known is not None:
            self.met[known.pk] = row.number
            self._change(row, known, wanted)
        else:
            self.met[self.roster.bring(wanted)] = row.number
            values = self.person(row, wanted)
            if row.values.get("remark"):
                values["remark"] = row.values["remark"]
            row.outcome = Outcome.CREATE
            row.writes.append(Write(0, values))

    def _change(self, row: SheetRow, known: Known, wanted: Wanted) -> None:
        changed = self.blanks(row, known, wanted.placed, wanted.phone)
        for name in ("gender", "birth_month", "remark"):
            value = row.values.get(name)
            if value and not says_the_same(value, getattr(known, name)):
                changed[name] = value
        placed = wanted.placed
        moves = placed.key is not None and placed.key != known.place
        if moves and not self.lives_there(row, known):
            changed |= {"building_id": None, "unit": "", "room": "", "address": ""}
            changed |= placed.values()
        if row.number in self.numbered:
            self._change_phone(known, wanted.phone, changed)
        row.outcome = Outcome.UPDATE if changed else Outcome.UNCHANGED
        if changed:
            row.writes.append(Write(0, changed, known.pk, known.revision))
            if row.number in self.numbered:
                self.changing.append((row, known, changed))

    def _change_phone(self, known: Known, phone: str, changed: dict[str, Any]) -> None:
        """The roster's own sheet corrects a phone, where the row's number says whose it is."""
        if not phone or masked_cells.phone_agrees(phone, known.phone):
            return
        if (known.pk, phone) in self.further:
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
            synonyms=("出生日期", "生日", "出生"),
            personal="hidden",
        ),
        PHONE,
        ADDRESS,
        REMARK,
        NUMBER_OF_RECORD,
    )
    models = (Resident,)
    planner = ResidentPlanner
    action = "people.edit"


register(ResidentSheet())
