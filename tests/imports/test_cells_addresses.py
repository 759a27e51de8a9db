"""An address is taken apart where that is certain, and kept as it stands where not."""

import datetime

import pytest

from backend.imports.cells import Address, address_key, clean_address
from tests.imports.cleaning import problem_of

pytestmark = pytest.mark.once


def parts(cell: object) -> tuple[str, str, str, str]:
    address = clean_address(cell)
    assert address is not None
    return address.estate, address.building, address.unit, address.room


@pytest.mark.parametrize(
    "cell",
    [
        "3-2-501",
        "3—2—501",
        "３－２－５０１",
        "3 - 2 - 501",
        "3.2.501",
        "3/2/501",
        "3-2-501室",
        "03-02-0501",
        "3号楼2单元501",
        "3号楼2单元501室",
        "3 号楼 2 单元 501 室",
        "三号楼二单元501",
        "3栋2单元501",
        "3幢2-501",
        "3#-2-501",
        "3＃2-501",
        "3#楼2单元501",
        "3号楼-2单元-501",
        "3号楼，2单元，501",
        "3号楼2单元5层501",
        "第3号楼2单元501户",
    ],
)
def test_spellings_of_one_door_are_one_place(cell: str) -> None:
    assert parts(cell) == ("", "3", "2", "501")
    assert address_key(clean_address(cell)) == address_key(clean_address("3-2-501"))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("3栋", ("", "3", "", "")),
        ("3号楼", ("", "3", "", "")),
        ("3", ("", "3", "", "")),
        (3.0, ("", "3", "", "")),
        ("十二号楼", ("", "12", "", "")),
        ("二十号楼", ("", "20", "", "")),
        ("3-501", ("", "3", "", "501")),
        ("3号楼501", ("", "3", "", "501")),
        ("3号楼5室", ("", "3", "", "5")),
        ("3-2-5", ("", "3", "2", "5")),
        ("3号楼2单元", ("", "3", "2", "")),
        ("3号楼东单元501", ("", "3", "东", "501")),
        ("A座1201", ("", "A", "", "1201")),
        ("a座1201", ("", "A", "", "1201")),
        ("B栋2单元301", ("", "B", "2", "301")),
        ("A3号楼501a", ("", "A3", "", "501A")),
        ("12号楼3-501", ("", "12", "3", "501")),
        ("万达华府3号楼2单元501", ("万达华府", "3", "2", "501")),
        ("万达华府 3-2-501", ("万达华府", "3", "2", "501")),
        ("万达华府-3-2-501", ("万达华府", "3", "2", "501")),
        ("幸福里2期3-2-501", ("幸福里2期", "3", "2", "501")),
        ("文化路66号院3号楼501", ("文化路66号院", "3", "", "501")),
        ("人民路12号3号楼2单元501", ("人民路12号", "3", "2", "501")),
        ("SOHO3号楼", ("SOHO", "3", "", "")),
    ],
)
def test_takes_an_address_apart(cell: object, expected: tuple[str, str, str, str]) -> None:
    assert parts(cell) == expected


@pytest.mark.parametrize(
    "cell",
    [
        "新河路与文化路交叉口",
        "3-2",
        "1234号",
        "2单元501",
        "3号楼4号楼",
        "3号楼3-2-501",
        "3、5号楼",
        "138-1234-5678",
        3.501,
        "路" * 200,
    ],
)
def test_keeps_what_it_cannot_take_apart_as_text(cell: object) -> None:
    address = clean_address(cell)
    assert address == Address(str(cell))


def test_keeps_the_text_as_staff_wrote_it() -> None:
    address = clean_address("  万达华府（东区）  ３号楼 ")
    assert address is not None
    assert address.text == "万达华府（东区） ３号楼"


@pytest.mark.parametrize(
    "cell",
    [datetime.date(2026, 3, 2), datetime.datetime(2026, 3, 2, 1), datetime.time(3, 2)],
)
def test_refuses_an_address_that_became_a_date_and_says_how_to_mend_it(cell: object) -> None:
    problem = problem_of(clean_address, cell)
    assert problem.code == "address_became_date"
    assert "文本" in problem.message


@pytest.mark.parametrize("cell", [None, "", "　", "无", "—", "-", "/", " " * 500])
def test_takes_what_staff_write_for_nothing_as_empty(cell: object) -> None:
    assert clean_address(cell) is None


def test_refuses_the_error_of_a_formula() -> None:
    assert problem_of(clean_address, "#REF!").code == "cell_error"


def test_keys_tell_places_apart() -> None:
    cells = ["3-2-501", "3-2-502", "3-501", "3-1-501", "万达华府3-2-501", "新河路口", None]
    assert len({address_key(clean_address(cell)) for cell in cells}) == len(cells)


def test_keys_overlook_how_an_estate_or_a_plain_address_is_spelt() -> None:
    for one, other in (
        ("万达华府小区3号楼", "万达华府 3栋"),
        ("Soho3号楼", "SOHO3号楼"),
        ("新河路 ８ 号旁", "新河路8号旁"),
    ):
        assert address_key(clean_address(one)) == address_key(clean_address(other))
