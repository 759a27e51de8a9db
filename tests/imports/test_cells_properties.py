"""What holds for every cell, whatever is in it."""

import datetime
import re
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core.masking import mask_phone
from backend.imports import cells
from backend.imports.problems import CellProblem

pytestmark = pytest.mark.once

CLEANERS: dict[str, Callable[[Any], Any]] = {
    name: getattr(cells, name) for name in cells.__all__ if name.startswith("clean_")
} | {
    "clean_date in a year": partial(cells.clean_date, year=2026),
    "clean_moment on a day": partial(cells.clean_moment, day=datetime.date(2026, 4, 1)),
    "clean_text up to 5": partial(cells.clean_text, max_length=5),
}
# Text that comes close to the patterns, so that their branches are reached.
PIECES = st.sampled_from(
    [
        *"0123456789",
        *"-./年月日号点:半时分+()#*,、 　\n\t\u200b\ufeff\x00１－（＃﹣²",
        "138",
        "0371",
        "2026",
    ]
    + [
        "号楼",
        "单元",
        "室",
        "栋",
        "层",
        "上午",
        "下午",
        "星期三",
        "张",
        "男",
        "无",
        "同上",
        "E+10",
        "转",
    ]
    + ["十", "二", "A", "·", "・", "岁", "#REF!", "/", "—", "或", "T", "am", "是", "x", "86"]
)
NEAR = st.lists(PIECES, max_size=14).map("".join)
TEXT = st.one_of(st.text(max_size=40), NEAR)
CELLS = st.one_of(
    st.none(),
    st.booleans(),
    TEXT,
    st.integers(-(2**63), 2**63 - 1),
    st.integers(0, 100_000),
    st.floats(),
    st.floats(0, 100_000),
    st.floats(1899, 2102),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)
EVERY = pytest.mark.parametrize("name", CLEANERS)


def outcome(clean: Callable[[Any], Any], cell: Any) -> Any:
    """The clean value, or the code of the problem in a list."""
    try:
        return clean(cell)
    except CellProblem as problem:
        return [problem.code]


@EVERY
@given(cell=CELLS)
@settings(max_examples=150, deadline=None)
def test_raises_nothing_but_problems(name: str, cell: Any) -> None:
    try:
        CLEANERS[name](cell)
    except CellProblem as problem:
        assert re.fullmatch("[a-z0-9_]+", problem.code)
        assert problem.message.endswith("。")


@pytest.mark.parametrize(
    "name", ["clean_name", "clean_phone", "clean_text", "clean_code", "clean_month", "clean_age"]
)
@given(cell=CELLS)
@settings(max_examples=200, deadline=None)
def test_cleaning_what_is_clean_changes_nothing(name: str, cell: Any) -> None:
    clean = CLEANERS[name]
    once = outcome(clean, cell)
    if not isinstance(once, list):
        assert outcome(clean, once) == once


@given(cell=TEXT)
@settings(max_examples=300, deadline=None)
def test_an_address_reads_the_same_from_its_own_text(cell: str) -> None:
    address = outcome(cells.clean_address, cell)
    if isinstance(address, cells.Address):
        assert cells.clean_address(address.text) == address


@given(cell=TEXT)
@settings(max_examples=300, deadline=None)
def test_a_clean_phone_has_one_of_three_forms(cell: str) -> None:
    phone = outcome(cells.clean_phone, cell)
    if isinstance(phone, str):
        forms = (
            r"1[3-9][0-9]{9}|0[0-9]{2,3}-[2-9][0-9]{6,7}(-[0-9]{1,6})?|[01][0-9]{2}\*{4}[0-9-]{4}"
        )
        assert re.fullmatch(forms, phone)
        assert len(phone) <= 20


@given(number=st.integers(13_000_000_000, 19_999_999_999), data=st.data())
@settings(max_examples=100, deadline=None)
def test_a_mobile_survives_every_way_of_writing_it(number: int, data: st.DataObject) -> None:
    phone = str(number)
    separator = data.draw(st.sampled_from(["", " ", "-", ".", "—", "　"]))
    prefix = data.draw(st.sampled_from(["", "+86", "0086", "86", "+86 ", "(+86)"]))
    written = prefix + separator.join((phone[:3], phone[3:7], phone[7:]))
    for cell in (written, float(number), number, f"{phone}.0", mask_phone(phone)):
        expected = mask_phone(phone) if cell == mask_phone(phone) else phone
        assert cells.clean_phone(cell) == expected


@given(day=st.dates(datetime.date(1928, 1, 1), datetime.date(2100, 12, 31)))
@settings(max_examples=100, deadline=None)
def test_a_day_survives_every_way_of_writing_it(day: datetime.date) -> None:
    serial = (day - datetime.date(1899, 12, 30)).days
    year, month, date = day.year, day.month, day.day
    for cell in (
        day,
        serial,
        float(serial) + 0.5,
        f"{day:%Y%m%d}",
        int(f"{day:%Y%m%d}"),
        f"{year}.{month}.{date}",
        f"{year}/{month:02}/{date:02}",
        f"{year}年{month}月{date}日",
        f"{year}-{month}-{date} 09:05:00",
    ):
        assert cells.clean_date(cell) == day
    assert cells.clean_date(f"{month}月{date}日", year=year) == day
    assert cells.clean_month(f"{year}年{month}月{date}日") == f"{day:%Y-%m}"


@given(
    building=st.integers(1, 199),
    unit=st.integers(1, 9),
    room=st.integers(101, 3409),
    estate=st.sampled_from(["", "万达华府", "幸福里2期"]),
)
@settings(max_examples=100, deadline=None)
def test_a_door_survives_every_way_of_writing_it(
    building: int, unit: int, room: int, estate: str
) -> None:
    spellings = (
        f"{building}-{unit}-{room}",
        f"{building:02}—{unit}—{room}室",
        f"{building}号楼{unit}单元{room}",
        f"{building}栋 {unit}单元 {room}室",
        f"{building}幢{unit}-{room}",
        f"{building}#-{unit}-{room}",
    )
    keys = {cells.address_key(cells.clean_address(estate + text)) for text in spellings}
    assert keys == {(estate, str(building), str(unit), str(room))}


@given(cell=TEXT)
@settings(max_examples=200, deadline=None)
def test_a_problem_never_repeats_digits_of_the_cell(cell: str) -> None:
    for clean in (cells.clean_phone, cells.clean_name, cells.clean_address):
        try:
            clean(cell)
        except CellProblem as problem:
            for number in re.findall(r"[0-9]{5,}", cell):
                assert number not in problem.message


# The longest cells that a spreadsheet can hold; a pattern that goes back over its steps would need
# minutes for some of them.
LONGEST = [
    " " * 32_000 + "x",
    "1" + " " * 32_000 + "x",
    "1" * 32_767,
    "号" * 32_767,
    "3-" * 16_000,
    "2026年" + " " * 32_000 + "x",
    "张" + "\u3000 " * 16_000 + "x",
]


@EVERY
def test_the_longest_cell_takes_no_time(name: str) -> None:
    began = time.perf_counter()
    for cell in LONGEST:
        outcome(CLEANERS[name], cell)
    assert time.perf_counter() - began < 0.5
