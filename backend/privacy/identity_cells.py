"""An identity number in a cell: as people write it, and as spreadsheets spoil it."""

import re
from typing import Any

from backend.core.errors import RuleViolation
from backend.imports.asking import question
from backend.imports.cells import is_empty
from backend.imports.cells.raw import as_text, half_width, refuse_error, strip
from backend.imports.problems import CellProblem, Level
from backend.privacy import rules

ENDS_IN_ZEROS = question("identity_number_zeros", "身份证号末三位是 000")
_BETWEEN = re.compile(r"[\s\-'‘’`]+")
_EXPONENT = re.compile(r"\d(?:\.\d+)?E\+?\d{1,2}")
# A spreadsheet keeps fifteen digits of a number.
_KEPT_DIGITS = 1e15
_FAR_TOO_LONG = 60


def clean_identity_number(value: Any, *, sure: bool = False) -> str | None:
    """The number: 18 places, X a capital letter. `sure`: staff have looked at its last three zeros.

    No message repeats the value. Raises: identity_number_rounded where the spreadsheet has made it
    a number and lost its end; identity_number_old for 15 places; identity_number_invalid;
    cell_error; identity_number_zeros as a question.
    """
    if is_empty(value):
        return None
    refuse_error(value)
    if value.__class__ in (int, float):
        if value >= _KEPT_DIGITS:
            raise _rounded()
        text = as_text(value)
    elif isinstance(value, str) and len(value) <= _FAR_TOO_LONG:
        text = _BETWEEN.sub("", strip(half_width(value))).upper()
    else:
        raise _invalid()
    if _EXPONENT.fullmatch(text):
        raise _rounded()
    if len(text) == 15 and text.isdigit():
        raise CellProblem(
            "identity_number_old", "这是 15 位的旧身份证号，请对照现在的证件填写 18 位号码。"
        )
    try:
        rules.identity_number_is_real(text)
    except RuleViolation:
        if text.isdigit() and len(text) == 18 and text.endswith("000"):
            raise _rounded() from None
        raise _invalid() from None
    if text.endswith("000") and not sure:
        # One rounded number in eleven has the right last digit by chance.
        raise CellProblem(
            ENDS_IN_ZEROS,
            "身份证号末三位是 000，很可能是被表格软件四舍五入过。请对照证件核对。",
            Level.QUESTION,
        )
    return text


def _rounded() -> CellProblem:
    return CellProblem(
        "identity_number_rounded",
        "身份证号被表格软件当成了数字，末几位已经丢失，无法恢复。"
        "请先把这一列的格式设为“文本”，再对照证件重新填写完整的 18 位号码。",
    )


def _invalid() -> CellProblem:
    return CellProblem(
        "identity_number_invalid", "身份证号应是 18 位，末位校验不对。请对照证件重新填写。"
    )
