"""男 or 女, √ or ×, signed or not."""

import pytest

from backend.imports.cells import clean_gender, clean_signature, clean_yes_no
from tests.imports.cleaning import problem_of

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("男", "男性", "先生", "M", "m", " 男 ", "Ｍ", "Male"), "male"),
        (("女", "女性", "女士", "F", "f"), "female"),
        ((None, "", "—", "无"), None),
    ],
)
def test_takes_a_gender(cells: tuple[object, ...], expected: str | None) -> None:
    assert [clean_gender(cell) for cell in cells] == [expected] * len(cells)


@pytest.mark.parametrize("cell", ["男/女", "1", 1, True, "未知", "x" * 50_000])
def test_refuses_what_is_no_gender(cell: object) -> None:
    assert problem_of(clean_gender, cell).code == "gender_invalid"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("是", "√", "✓", "✔", "1", 1, 1.0, "有", "TRUE", True, "Ｙ"), True),
        (("否", "×", "x", "X", "0", 0, 0.0, "无", "没有", "false", False), False),
        ((None, "", "　", "—", "/", "N/A"), None),
    ],
)
def test_takes_yes_and_no(cells: tuple[object, ...], expected: bool | None) -> None:
    assert [clean_yes_no(cell) for cell in cells] == [expected] * len(cells)


@pytest.mark.parametrize("cell", ["也许", 2, "是的吧", "是" * 50_000])
def test_refuses_what_is_neither_yes_nor_no(cell: object) -> None:
    assert problem_of(clean_yes_no, cell).code == "yes_no_invalid"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("张三", "√", "已签", "是", 1, True, "代签：李四", "王" * 50_000), True),
        (("×", "X", "否", "未签", "未签到", "缺席", "请假", False), False),
        ((None, "", "无", "/"), None),
    ],
)
def test_takes_anything_that_is_no_cross_as_a_signature(
    cells: tuple[object, ...], expected: bool | None
) -> None:
    assert [clean_signature(cell) for cell in cells] == [expected] * len(cells)


@pytest.mark.parametrize("clean", [clean_gender, clean_signature, clean_yes_no])
def test_refuses_the_error_of_a_formula(clean: object) -> None:
    assert problem_of(clean, "#REF!").code == "cell_error"  # type: ignore[arg-type]
