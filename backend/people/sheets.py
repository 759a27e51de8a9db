"""花名册: the roster of residents as a spreadsheet."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from backend.core.personal import HIDDEN
from backend.imports.choices import Outcome
from backend.imports.columns import Column
from backend.imports.facet_sheet import facet_sheet
from backend.imports.plan import SheetRow, Write
from backend.imports.problems import Level
from backend.imports.sheet import RowPlanner, Sheet, register
from backend.imports.widgets import (
    AddressWidget,
    GenderWidget,
    MonthWidget,
    NameWidget,
    PhoneWidget,
    TextWidget,
)
from backend.people.facets import ORGANIZATION
from backend.people.matching import Addresses, Known, Placed, Question, Roster, Wanted
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

    def wanted(self, rows: Sequence[SheetRow]) -> list[tuple[SheetRow, Wanted]]:
        """The rows still standing, each with whom it names; addresses looked up, roster loaded."""
        found = []
        for row in rows:
            if row.rejected:
                continue
            placed = self.addresses.place(row.values.get("address"))
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
        self.roster.load(wanted for _, wanted in found)
        return found

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

    def plan(self, rows: Sequence[SheetRow]) -> None:
        for row, wanted in self.wanted(rows):
            if not wanted.phone and wanted.placed.key is None:
                row.say(
                    self.header.heading_of("name"),
                    "person_unidentified",
                    Level.QUESTION,
                    "只有姓名，不能确认是谁。请补上电话或住址。",
                )
                continue
            found = self.roster.find(wanted)
            if isinstance(found, Question):
                self.ask(row, found)
                continue
            key = found.pk if isinstance(found, Known) else found
            if key is not None and key in self.met:
                row.say(
                    self.header.heading_of("name"),
                    "person_twice",
                    Level.QUESTION,
                    f"与第 {self.met[key]} 行是同一个人，但内容不同。请只保留一行。",
                )
                continue
            if isinstance(found, Known):
                self.met[found.pk] = row.number
                self._change(row, found, wanted)
            else:
                self.met[self.roster.bring(wanted)] = row.number
                values = self.person(row, wanted)
                if row.values.get("remark") not in (None, "", HIDDEN):
                    values["remark"] = row.values["remark"]
                row.outcome = Outcome.CREATE
                row.writes.append(Write(0, values))

    def _change(self, row: SheetRow, known: Known, wanted: Wanted) -> None:
        changed = self.blanks(row, known, wanted.placed, wanted.phone)
        for name in ("gender", "birth_month", "remark"):
            value = row.values.get(name)
            # A mask that comes back from an export means "unchanged".
            if value and value not in (getattr(known, name), HIDDEN):
                changed[name] = value
        if wanted.placed.key is not None and wanted.placed.key != known.place:
            changed |= {"building_id": None, "unit": "", "room": "", "address": ""}
            changed |= wanted.placed.values()
        row.outcome = Outcome.UPDATE if changed else Outcome.UNCHANGED
        if changed:
            row.writes.append(Write(0, changed, known.pk, known.revision))


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
    )
    models = (Resident,)
    planner = ResidentPlanner
    action = "people.edit"


register(ResidentSheet())
register(facet_sheet(ORGANIZATION, "organizations", "单位名册"))
