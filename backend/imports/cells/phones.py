"""Phones, in one normal form: 13812345678, 0371-67890123, 0371-67890123-801."""

import re
from typing import Any

from backend.imports.cells.raw import as_text, half_width, is_empty, refuse_error, strip
from backend.imports.problems import CellProblem, Level

_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_MOBILES = re.compile(r"(?:1[3-9]\d{9}){2,}", re.ASCII)
# What backend.core.masking makes of a normal form.
_MASKED = re.compile(r"(?:1\d{2}|0\d{2})\*{4}[\d-]{4}", re.ASCII)
_COUNTRY = re.compile(r"\(?(?:\+|00)86\)?[\s-]*|86[\s-]*(?=1[3-9])", re.ASCII)
_LANDLINE = re.compile(
    r"\(?(0(?:10|2\d|[3-9]\d{2}))\)?[\s-]*([2-9]\d{2,3})[\s-]?(\d{4})"
    r"(?:\s*(?:转|分机|-|ext\.?)\s*(\d{1,6}))?",
    re.IGNORECASE | re.ASCII,
)
_EXPONENT = re.compile(r"(\d)(?:\.(\d+))?e\+?\d{1,2}", re.IGNORECASE | re.ASCII)
_WHOLE_FLOAT = re.compile(r"(\d+)\.0+", re.ASCII)
_FRACTION = re.compile(r"\d+\.\d{1,3}", re.ASCII)
_HYPHENS = re.compile(r"[—–‐‑―−_~]")
_QUOTES = "'‘’`\"“”"
_OR = re.compile(r"[/、,;|\n\r]|[或和及]")
_FILLER = re.compile(r"[\s\-.·]+")
_NOT_DIGIT = re.compile(r"[^0-9]+")
_NUMBERS_ONLY = re.compile(r"\+?[\d\s\-.()]+", re.ASCII)
_SHORTEST = 7
# No list of phones in a cell is longer, and no regular expression should see what is.
_FAR_TOO_LONG = 100


def clean_phone(value: Any) -> str | None:
    """A phone in its normal form; a masked one (138****5678) as it is, for the matcher.

    Raises: phone_incomplete, phone_no_area, phone_invalid, cell_error; phone_two as a question.
    """
    kind = value.__class__
    if kind is str and len(value) == 11 and _MOBILE.fullmatch(value):
        return str(value)
    if kind is float and 13e9 <= value < 20e9 and value.is_integer():
        return str(int(value))
    if is_empty(value):
        return None
    refuse_error(value)
    if isinstance(value, str):
        return _from_cell(value)
    # A fraction or a minus sign is no separator here: this is not a phone.
    if kind not in (int, float) or value < 0 or value != value // 1:
        raise _invalid()
    return _from_text(as_text(value))


def _from_cell(raw: str) -> str:
    if len(raw) > _FAR_TOO_LONG:
        raise _invalid()
    text = _HYPHENS.sub("-", strip(half_width(raw)).strip(_QUOTES).strip())
    whole = _WHOLE_FLOAT.fullmatch(text)
    if whole:
        return _from_text(whole[1])
    return text if _MASKED.fullmatch(text) else _from_text(text)


def _from_text(text: str) -> str:
    exponent = _EXPONENT.fullmatch(text)
    if exponent:
        return _from_exponent(text, exponent[1] + (exponent[2] or ""))
    country = _COUNTRY.match(text)
    local = text[country.end() :] if country else text
    bare = _FILLER.sub("", local)
    if _MOBILE.fullmatch(bare) and not _FRACTION.fullmatch(local):
        return bare
    _refuse_two(local, bare)
    landline = _LANDLINE.fullmatch(local)
    if landline is None and country and local[:1] not in ("0", "("):
        # +86 371 6789 0123: abroad one leaves the 0 out.
        landline = _LANDLINE.fullmatch("0" + local)
    if landline:
        area, first, last, extension = landline.groups()
        return f"{area}-{first}{last}" + (f"-{extension}" if extension else "")
    raise _why_not(local, _NOT_DIGIT.sub("", local))


def _from_exponent(text: str, digits: str) -> str:
    # 1.38123E+10 has lost its last digits; 1.3812345678E+10 has them all.
    if _MOBILE.fullmatch(digits) and float(text) == int(digits):
        return digits
    raise CellProblem(
        "phone_incomplete",
        "电话被表格软件写成了科学计数，后几位已经丢失。请把这一列设为文本后重新填写完整号码。",
    )


def phones_in(value: Any) -> list[str]:
    """The phones of a cell that holds several, each as it stands there."""
    text = _HYPHENS.sub("-", strip(half_width(as_text(value))).strip(_QUOTES).strip())
    for parts in (_OR.split(text), text.split()):
        found = [part for part in parts if len(_NOT_DIGIT.sub("", part)) >= _SHORTEST]
        if len(found) > 1:
            return found
    bare = _FILLER.sub("", text)
    return [bare[start : start + 11] for start in range(0, len(bare), 11)]


def _refuse_two(text: str, bare: str) -> None:
    for parts in (_OR.split(text), text.split()):
        if sum(len(_NOT_DIGIT.sub("", part)) >= _SHORTEST for part in parts) > 1:
            break
    else:
        if not _MOBILES.fullmatch(bare):
            return
    raise CellProblem("phone_two", "一个格里有两个电话，请只保留本人的一个。", Level.QUESTION)


def _why_not(text: str, digits: str) -> CellProblem:
    if not digits or not _NUMBERS_ONLY.fullmatch(text) or _FRACTION.fullmatch(text):
        return _invalid()
    if 7 <= len(digits) <= 8 and digits[0] not in "01":
        return CellProblem("phone_no_area", "座机请写上区号，例如 0371-67890123。")
    if digits[0] == "0":
        return CellProblem(
            "phone_incomplete",
            f"座机应为区号加 7 或 8 位号码，这里一共 {len(digits)} 位，请核对，例如 0371-67890123。",
        )
    if len(digits) == 11:
        return _invalid()
    return CellProblem(
        "phone_incomplete", f"手机号应为 11 位，这里是 {len(digits)} 位，请核对后补全。"
    )


def _invalid() -> CellProblem:
    return CellProblem("phone_invalid", "这不像电话号码，请填写 11 位手机号，或带区号的座机。")
