"""Phones come to one normal form, or are refused with what is wrong."""

import datetime

import pytest

from backend.core.masking import mask_name, mask_phone
from backend.imports.cells import clean_phone
from backend.imports.problems import Level
from tests.imports.cleaning import problem_of

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    "cell",
    [
        "13812345678",
        " 13812345678　",
        "138 1234 5678",
        "138-1234-5678",
        "138—1234—5678",
        "138.1234.5678",
        "１３８１２３４５６７８",
        "+8613812345678",
        "+86 138 1234 5678",
        "+86-13812345678",
        "(+86)13812345678",
        "0086 13812345678",
        "8613812345678",
        "'13812345678",
        "\u202d13812345678\u202c",
        "13812345678.0",
        "1.3812345678E+10",
        "1.3812345678e10",
        13812345678,
        13812345678.0,
        8613812345678,
    ],
)
def test_takes_a_mobile_however_it_is_written(cell: object) -> None:
    assert clean_phone(cell) == "13812345678"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("0371-67890123", "0371-67890123"),
        ("037167890123", "0371-67890123"),
        ("0371 6789 0123", "0371-67890123"),
        ("(0371)67890123", "0371-67890123"),
        ("（0371）6789-0123", "0371-67890123"),
        ("+86 371 67890123", "0371-67890123"),
        ("010-62345678", "010-62345678"),
        ("02162345678", "021-62345678"),
        ("0398-2812345", "0398-2812345"),
        ("03982812345", "0398-2812345"),
        ("0371-67890123-801", "0371-67890123-801"),
        ("0371-67890123转801", "0371-67890123-801"),
        ("0398-2812345-8", "0398-2812345-8"),
    ],
)
def test_takes_a_landline_with_its_area_code(cell: str, expected: str) -> None:
    assert clean_phone(cell) == expected


@pytest.mark.parametrize("cell", [None, "", "　", "无", "—", "-", "/", "N/A", "——"])
def test_takes_what_staff_write_for_nothing_as_empty(cell: object) -> None:
    assert clean_phone(cell) is None


@pytest.mark.parametrize("phone", ["13812345678", "0371-67890123", "0371-67890123-801"])
def test_leaves_a_masked_phone_to_the_matcher(phone: str) -> None:
    assert clean_phone(mask_phone(phone)) == mask_phone(phone)
    assert clean_phone("138＊＊＊＊5678") == "138****5678"


@pytest.mark.parametrize(
    ("cell", "digits"), [("1381234567", 10), ("138123456789", 12), (1381234567.0, 10), ("138", 3)]
)
def test_refuses_a_wrong_length_and_says_how_long_it_is(cell: object, digits: int) -> None:
    problem = problem_of(clean_phone, cell)
    assert problem.code == "phone_incomplete"
    assert problem.level is Level.ERROR
    assert f"{digits} 位" in problem.message


@pytest.mark.parametrize("cell", ["1.38123E+10", "1.381234567E+10", "1.38E10", 1.3812345678e17])
def test_refuses_a_number_whose_digits_the_program_dropped(cell: object) -> None:
    assert problem_of(clean_phone, cell).code == "phone_incomplete"


@pytest.mark.parametrize("cell", ["0371-678901", "0371678901234", "013812345678"])
def test_refuses_a_landline_of_the_wrong_length_without_calling_it_a_mobile(cell: str) -> None:
    problem = problem_of(clean_phone, cell)
    assert problem.code == "phone_incomplete"
    assert "座机" in problem.message


@pytest.mark.parametrize("cell", ["67890123", "6789-0123", "2812345", 67890123.0])
def test_refuses_a_landline_without_area_code(cell: object) -> None:
    assert problem_of(clean_phone, cell).code == "phone_no_area"


@pytest.mark.parametrize(
    "cell",
    [
        "13812345678/13912345678",
        "13812345678、13912345678",
        "13812345678,13912345678",
        "13812345678；13912345678",
        "13812345678 13912345678",
        "13812345678\n13912345678",
        "13812345678或13912345678",
        "138 1234 5678 / 139 1234 5678",
        "138 1234 5678 139 1234 5678",
        "1381234567813912345678",
        "13812345678 0371-67890123",
        "0371-67890123/13812345678",
    ],
)
def test_asks_which_of_two_phones_it_is(cell: str) -> None:
    problem = problem_of(clean_phone, cell)
    assert (problem.code, problem.level) == ("phone_two", Level.QUESTION)


@pytest.mark.parametrize(
    "cell",
    [
        "张三",
        "13812345678（女儿）",
        "12812345678",
        "23812345678",
        "138x1234567",
        "1٣812345678",
        1381234567.8,
        "1381234567.8",
        -13812345678,
        float("nan"),
        float("inf"),
        True,
        datetime.date(2026, 4, 1),
        datetime.timedelta(1),
        "1" + " " * 50_000 + "x",
    ],
)
def test_refuses_what_is_no_phone(cell: object) -> None:
    assert problem_of(clean_phone, cell).code == "phone_invalid"


def test_never_repeats_the_phone_in_a_message() -> None:
    for cell in ("1381234567", "13812345678/13912345678", "67890123", "138x1234567"):
        assert "381234" not in problem_of(clean_phone, cell).message


def test_masks_show_the_ends_of_a_phone_and_one_character_of_a_name() -> None:
    assert mask_phone("13812345678") == "138****5678"
    assert mask_phone("2812345") == "****"
    assert mask_phone("") == ""
    assert mask_name("张三丰") == "张*"
    assert mask_name("") == ""
