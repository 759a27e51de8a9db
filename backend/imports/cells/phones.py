"""Phones, in one normal form: 13812345678, 0371-67890123."""

import datetime
import re
from typing import Any

from backend.imports.cells.words import as_text, half_width, is_empty, refuse_error
from backend.imports.problems import CellProblem, Level

_MOBILE = re.compile(r"1[3-9]\d{9}")
_MASKED = re.compile(r"(1\d{2}|0\d{2})\*{4}\d{4}")
_PREFIX = re.compile(r"^(?:\+|00)?86[\s-]*(?=1[3-9])")
_LANDLINE = re.compile(
    r"\(?(0(?:10|2\d|[3-9]\d{2}))\)?[\s-]*([2-9]\d{6,7})(?:[\s-]*(?:转|-|ext\.?)\s*(\d{1,6}))?", re.I
)
_EXPONENT = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
_SEPARATOR = re.compile(r"[/、,;|\n\r]|或|和|\s{1,}(?=(?:\+?86)?[\s-]?1[3-9])")
_FILLER = re.compile(r"[\s\-.·]+")


def clean_phone(value: Any) -> str | None:
    """A phone in its normal form; a masked one (138****5678) as it is, for the matcher.

    Raises: phone_incomplete, phone_no_area, phone_invalid, cell_error; phone_two as a question.
    """
    if value.__class__ is str and len(value) == 11 and value.isascii() and _MOBILE.fullmatch(value):
        return str(value)
    if value.__class__ is float and 13e9 <= value < 20e9 and value.is_integer():
        return str(int(value))
    if is_empty(value):
        return None
    refuse_error(value)
    if isinstance(value, (bool, datetime.date, datetime.time, datetime.timedelta)):
        raise _invalid()
    text = half_width(as_text(value)).strip()
    text = text.lstrip("'‘’\u202a\u202c").rstrip("'’\u202c").strip()
    if _MASKED.fullmatch(text):
        return text
    if _EXPONENT.fullmatch(text):
        return _from_number(text)
    if re.fullmatch(r"\d+\.0+", text):
        text = text.split(".")[0]
    return _from_text(text)


def _from_number(text: str) -> str:
    number = float(text)
    mantissa = re.split("[eE]", text)[0].replace(".", "")
    # 1.38123E+10 has lost its last digits; 1.3812345678E+10 has them all.
    if number.is_integer() and len(mantissa) == 11 and _MOBILE.fullmatch(str(int(number))):
        return str(int(number))
    raise CellProblem(
        "phone_incomplete",
        "电话被表格软件写成了科学计数，后几位已经丢失。请把这一列设为文本后重新填写完整号码。",
    )


def _from_text(text: str) -> str:
    bare = _FILLER.sub("", _PREFIX.sub("", text))
    if _MOBILE.fullmatch(bare):
        return bare
    parts = [part for part in (p.strip() for p in _SEPARATOR.split(text)) if part]
    if len(parts) > 1 and all(len(re.sub(r"\D", "", part)) >= 7 for part in parts):
        raise CellProblem(
            "phone_two", "一个格里有两个电话，请只保留本人的一个。", Level.QUESTION
        )
    landline = _LANDLINE.fullmatch(text)
    if landline:
        area, number, extension = landline.groups()
        return f"{area}-{number}" + (f"-{extension}" if extension else "")
    if not re.fullmatch(r"\+?[\d\s\-.()]+", text):
        raise _invalid()
    digits = re.sub(r"\D", "", bare)
    if 7 <= len(digits) <= 8 and digits[0] not in "01":
        raise CellProblem("phone_no_area", "座机请写上区号，例如 0371-67890123。")
    if digits[:1] == "1" and len(digits) == 11:
        raise _invalid()
    if digits:
        raise CellProblem(
            "phone_incomplete", f"手机号应为 11 位，这里是 {len(digits)} 位，请核对后补全。"
        )
    raise _invalid()


def _invalid() -> CellProblem:
    return CellProblem("phone_invalid", "这不像电话号码，请填写 11 位手机号，或带区号的座机。")
