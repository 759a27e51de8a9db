"""Names, prose, codes and numbers."""

import datetime

import pytest

from backend.imports.cells import (
    clean_age,
    clean_code,
    clean_name,
    clean_number,
    clean_text,
    is_ditto,
    is_empty,
)
from tests.imports.cleaning import problem_of

pytestmark = pytest.mark.once

NOTHING = [None, "", " ", "　", "\n", "无", "无。", "—", "-", "——", "－", "/", "N/A", "\ufeff"]


@pytest.mark.parametrize("clean", [clean_name, clean_text, clean_code, clean_age, clean_number])
@pytest.mark.parametrize("cell", NOTHING)
def test_takes_what_staff_write_for_nothing_as_empty(clean: object, cell: object) -> None:
    assert is_empty(cell)
    assert clean(cell) is None  # type: ignore[operator]


@pytest.mark.parametrize("clean", [clean_name, clean_text, clean_code, clean_age, clean_number])
@pytest.mark.parametrize(
    "cell",
    ["#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", " #ref! ", "Err:502"],
)
def test_refuses_the_error_of_a_formula(clean: object, cell: str) -> None:
    assert problem_of(clean, cell).code == "cell_error"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("张三", "张三"),
        ("张 三", "张三"),
        ("张　三", "张三"),
        (" 欧 阳 娜 娜 ", "欧阳娜娜"),
        ("张\u200b三", "张三"),
        ("张\n三", "张三"),
        ("阿里・买买提", "阿里·买买提"),
        ("阿里•买买提", "阿里·买买提"),
        ("阿里 · 买买提", "阿里·买买提"),
        ("John  Smith", "John Smith"),
        ("张三（女）", "张三（女）"),
        ("张三（家属）", "张三（家属）"),
        ("𠮷田", "𠮷田"),
        ("𰻝 三", "𰻝三"),
    ],
)
def test_takes_a_name_without_its_padding(cell: str, expected: str) -> None:
    assert clean_name(cell) == expected


@pytest.mark.parametrize(
    "cell",
    [
        "123",
        "张三13812345678",
        "王" * 31,
        "？？",
        5,
        5.0,
        True,
        datetime.date(2026, 4, 1),
        "王" + " " * 50_000 + "x",
    ],
)
def test_refuses_what_is_no_name(cell: object) -> None:
    assert problem_of(clean_name, cell).code == "name_invalid"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("讲座（第２期）， 很好！", "讲座（第２期）， 很好！"),
        ("  两行\n文字 ", "两行\n文字"),
        (65.0, "65"),
        (2.3000000000000003, "2.3"),
        (7, "7"),
        (True, "是"),
        (datetime.date(2026, 4, 1), "2026-04-01"),
        (datetime.datetime(2026, 4, 1, 9, 5), "2026-04-01 09:05"),
        (datetime.time(9, 5), "09:05:00"),
        ("前\x00后", "前后"),
        ("\x01-", None),
    ],
)
def test_takes_prose_as_it_is_written(cell: object, expected: str | None) -> None:
    assert clean_text(cell) == expected


def test_refuses_prose_that_is_too_long_and_says_the_limit() -> None:
    assert clean_text("一二三 ", max_length=3) == "一二三"
    problem = problem_of(clean_text, "一二三四", max_length=3)
    assert problem.code == "text_too_long"
    assert "3" in problem.message


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (" ＰＦ－２０２６（０１） ", "PF-2026(01)"),
        ("pf-open", "pf-open"),
        (2026.0, "2026"),
        ("﹣", None),
    ],
)
def test_takes_a_code_half_width(cell: object, expected: str | None) -> None:
    assert clean_code(cell) == expected


@pytest.mark.parametrize("cell", [65, 65.0, "65", "65岁", "６５ 周岁", "65.0"])
def test_takes_an_age(cell: object) -> None:
    assert clean_age(cell) == 65


@pytest.mark.parametrize("cell", [121, -1, 65.5, "六十五", "65多", True, datetime.date(2026, 4, 1)])
def test_refuses_what_is_no_age(cell: object) -> None:
    assert problem_of(clean_age, cell).code == "age_invalid"


def test_takes_the_ends_of_a_life() -> None:
    assert (clean_age(0), clean_age(120)) == (0, 120)


def test_takes_whole_numbers_only() -> None:
    assert (clean_number("1,200"), clean_number(0.0), clean_number("３")) == (1200, 0, 3)
    for cell in ("-1", 1.5, "十", "1234567890", True, datetime.date(2026, 4, 1)):
        assert problem_of(clean_number, cell).code == "number_invalid"


@pytest.mark.parametrize("cell", ["同上", " 同上 ", "〃", "″", "“", "〞", '"', "同"])
def test_knows_the_signs_for_the_cell_above(cell: str) -> None:
    assert is_ditto(cell)


@pytest.mark.parametrize("cell", [None, "", "同上楼", "张三", "无", 0, 1.0])
def test_takes_nothing_else_for_the_cell_above(cell: object) -> None:
    assert not is_ditto(cell)
