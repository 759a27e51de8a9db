"""Identity numbers as a spreadsheet holds them."""

import re
from typing import Any

from backend.core.errors import RuleViolation
from backend.imports.asking import question
from backend.imports.cells.raw import half_width, is_empty, refuse_error, strip
from backend.imports.problems import CellProblem, Level
from backend.privacy.rules import identity_number_is_real

_BETWEEN = re.compile(r"[\s\-'‘’`\"“”]+")
_EXPONENT = re.compile(r"\d(?:\.\d+)?E\+?\d{1,2}", re.ASCII)
_DIGITS = re.compile(r"\d{18}", re.ASCII)
_OLD = re.compile(r"\d{15}", re.ASCII)
_FAR_TOO_LONG = 64
ENDS_IN_ZEROS = question("identity_perhaps_rounded", "身份证号末三位是 000")


def clean_identity(value: Any, *, sure: bool = False) -> str | None:
    """An identity number of 18 characters that is real; `sure`: the zeros at its end were looked at.

    Raises: identity_rounded for one that was kept as a number, whose last digits are gone for good;
    identity_number_invalid; cell_error; identity_perhaps_rounded as a question.
    """
    if is_empty(value):
        return None
    refuse_error(value)
    if value.__class__ in (int, float):
        # A spreadsheet's number holds fifteen digits.
        raise _rounded() if value >= 10**14 else _invalid()
    if not isinstance(value, str) or len(value) > _FAR_TOO_LONG:
        raise _invalid()
    number = _BETWEEN.sub("", strip(half_width(value))).upper().removesuffix(".0")
    if _EXPONENT.fullmatch(number):
        raise _rounded()
    if _OLD.fullmatch(number):
        raise CellProblem(
            "identity_number_invalid",
            "这是 15 位的旧身份证号，请对照现在的证件填写 18 位号码。",
        )
    try:
        identity_number_is_real(number)
    except RuleViolation:
        # As text, but written by a program that had rounded it before.
        lost = _DIGITS.fullmatch(number) and number.endswith("000")
        raise (_rounded() if lost else _invalid()) from None
    if number.endswith("000") and not sure:
        # One rounded number in eleven has the right check digit all the same.
        raise CellProblem(
            ENDS_IN_ZEROS,
            "身份证号以 000 结尾，可能是表格软件把末几位变成了 0。请对照证件核对。",
            Level.QUESTION,
        )
    return number


def _rounded() -> CellProblem:
    return CellProblem(
        "identity_rounded",
        "身份证号被表格软件存成了数字，末几位已经丢失。"
        "请把这一列设为文本，再对照证件重新填写完整的 18 位。",
    )


def _invalid() -> CellProblem:
    return CellProblem(
        "identity_number_invalid", "身份证号应是 18 位，末位校验不对。请对照证件重新填写。"
    )
