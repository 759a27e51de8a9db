"""What the cells below a heading look like: how many of them are what a column would hold."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backend.imports.cells import clean_address, clean_age, clean_phone, is_ditto, is_empty
from backend.imports.cells.marks import clean_gender, is_mark
from backend.imports.columns import Column
from backend.imports.problems import CellProblem
from backend.imports.widgets import (
    AddressWidget,
    AgeWidget,
    DateWidget,
    GenderWidget,
    MomentWidget,
    MonthWidget,
    NameWidget,
    PhoneWidget,
    SignatureWidget,
    YesNoWidget,
)

# So many rows below the header are looked at.
SAMPLE_ROWS = 20
# With fewer filled cells nothing is said.
FEWEST = 2
_NAME = re.compile(r"[一-鿿·]{2,4}|[一-鿿]{2,10}·[一-鿿]{1,10}")
_IDENTITY_NUMBER = re.compile(r"[1-9]\d{16}[\dXx]")
_CLOCK = re.compile(r".*\d{1,2}[:：点时]\d{0,2}.*")


@dataclass(frozen=True, slots=True)
class Look:
    """The share of filled cells that look right, from 0 to 1; None where cells cannot tell."""

    share: float | None
    filled: int


def look(cells: Sequence[Any], column: Column) -> Look:
    """How well cells fit a column."""
    filled = [cell for cell in cells if not is_empty(cell) and not is_ditto(cell)]
    fits = _TESTS.get(type(column.widget))
    if fits is None or len(filled) < FEWEST:
        return Look(None, len(filled))
    right = sum(fits(cell) for cell in filled)
    if fits is _is_name and len({str(cell) for cell in filled}) * 2 <= len(filled):
        # Names are hardly ever the same: 党员, 群众 in every second row are something else.
        right = 0
    return Look(right / len(filled), len(filled))


def holds_identity_numbers(cells: Sequence[Any]) -> bool:
    """True if a cell looks like an identity number, whatever stands above it."""
    return any(
        _IDENTITY_NUMBER.fullmatch(re.sub(r"\s", "", cell))
        for cell in cells
        if isinstance(cell, str)
    )


def _cleans(clean: Any, cell: Any) -> bool:
    try:
        return clean(cell) is not None
    except CellProblem:
        return False


def _is_phone(cell: Any) -> bool:
    try:
        return clean_phone(cell) is not None
    except CellProblem as problem:
        # Two of them, or one with a digit missing: no good phone, and nothing else either.
        return problem.code in ("phone_two", "phone_incomplete") and len(str(cell)) >= 8


def _is_name(cell: Any) -> bool:
    if not isinstance(cell, str):
        return False
    return _NAME.fullmatch(re.sub(r"\s", "", cell)) is not None


def _is_gender(cell: Any) -> bool:
    return _cleans(clean_gender, cell)


def _is_age(cell: Any) -> bool:
    return _cleans(clean_age, cell)


def _is_address(cell: Any) -> bool:
    if not isinstance(cell, str):
        return False
    try:
        found = clean_address(cell)
    except CellProblem:
        return False
    if found is None:
        return False
    # A bare number may be anything; 河边平房 is a place in words.
    if found.building and (found.unit or found.room or not cell.strip().isdigit()):
        return True
    return re.search(r"[路街巷村组区苑园庄楼房弄院里]", cell) is not None


def _is_month(cell: Any) -> bool:
    return _is_day(cell) or (
        isinstance(cell, str | float)
        and re.fullmatch(r"(19|20)\d\d\s*[-./年]\s*\d{1,2}\s*月?", str(cell)) is not None
    )


def _is_day(cell: Any) -> bool:
    if isinstance(cell, datetime.date):
        return True
    if isinstance(cell, str):
        return (
            re.match(r"(\d{4}|\d{2})\s*[-./年]\s*\d{1,2}|\d{1,2}月\d{1,2}|(19|20)\d{6}$", cell)
            is not None
        )
    return isinstance(cell, int | float) and (10000 <= cell < 80000 or 19000101 <= cell <= 21001231)


def _is_moment(cell: Any) -> bool:
    if isinstance(cell, datetime.time | datetime.timedelta) or _is_day(cell):
        return True
    if isinstance(cell, str):
        return len(cell) <= 40 and _CLOCK.fullmatch(cell) is not None
    return isinstance(cell, float) and 0 < cell < 1


def _is_signature(cell: Any) -> bool:
    return is_mark(cell) or _is_name(cell)


_TESTS: dict[type, Any] = {
    PhoneWidget: _is_phone,
    NameWidget: _is_name,
    GenderWidget: _is_gender,
    AgeWidget: _is_age,
    AddressWidget: _is_address,
    MonthWidget: _is_month,
    DateWidget: _is_day,
    MomentWidget: _is_moment,
    SignatureWidget: _is_signature,
    YesNoWidget: is_mark,
}
# What cells alone make likely, where no heading does: never enough to be taken.
ALONE: dict[type, float] = {
    PhoneWidget: 0.6,
    AddressWidget: 0.55,
    GenderWidget: 0.55,
    NameWidget: 0.5,
    MonthWidget: 0.45,
    MomentWidget: 0.45,
}
KINDS: dict[type, str] = {
    PhoneWidget: "电话",
    NameWidget: "姓名",
    GenderWidget: "性别",
    AgeWidget: "年龄",
    AddressWidget: "住址",
    MonthWidget: "年月",
    DateWidget: "日期",
    MomentWidget: "时间",
    SignatureWidget: "签名或勾",
    YesNoWidget: "是或否",
}
