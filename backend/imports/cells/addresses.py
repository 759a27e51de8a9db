"""Addresses as staff write them: 3-2-501, 3号楼2单元501, 3栋."""

import datetime
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from backend.imports.cells.raw import as_text, half_width, is_nothing, refuse_error, strip
from backend.imports.problems import CellProblem

_HAN_NUMBER = "[一二三四五六七八九十]{1,3}"
_SUFFIX = "(?:号房|室|号|户|房)?"
# Looking back keeps 1234号 and SOHO3号楼 from being cut in the middle of their number or word.
_WORDS = re.compile(
    r"(?P<estate>.*?)第?"
    rf"(?P<building>(?<![\d-])\d{{1,3}}|(?<![A-Za-z\d-])[A-Za-z]\d{{0,2}}|{_HAN_NUMBER})"
    r"(?:号院楼|号楼|栋楼|栋|幢|座|#楼|#|号)-?"
    r"(?:"
    rf"(?P<unit>\d{{1,2}}|{_HAN_NUMBER}|[东西中南北甲乙丙丁A-Za-z])单元"
    rf"(?:(?:\d{{1,2}}[层楼])?(?P<room>\d{{1,5}}[A-Za-z]?){_SUFFIX})?"
    rf"|(?P<unit_2>\d{{1,2}})-(?P<room_2>\d{{1,5}}[A-Za-z]?){_SUFFIX}"
    rf"|(?:\d{{1,2}}[层楼])?(?P<room_3>\d{{2,5}}[A-Za-z]?|\d(?=[室户房])){_SUFFIX}"
    r")?",
    re.ASCII,
)
_DASHES = re.compile(
    r"(?P<estate>(?:.*[^\dA-Za-z-])?)"
    r"(?P<building>\d{1,3}|[A-Za-z]\d{0,2})"
    r"(?:-(?P<unit>\d{1,2})-(?P<room>\d{1,4}[A-Za-z]?)|-(?P<room_2>\d{2,4}[A-Za-z]?))"
    rf"{_SUFFIX}",
    re.ASCII,
)
_DOTTED = re.compile(r"(\d{1,3})\.(\d{1,2})\.(\d{2,4})", re.ASCII)
_ONLY_NUMBER = re.compile(r"\d{1,3}|[A-Za-z]\d{0,2}", re.ASCII)
# An estate does not end like this: such text names two buildings, or a unit without its building.
_NO_ESTATE = ("楼", "栋", "幢", "座", "#", "单元")
_HYPHENS = re.compile(r"[—–‐‑―−_~,、/-]+")
_AFTER_HAN = re.compile(r"(?<=[一-鿿])-(?=[一-鿿\dA-Za-z])", re.ASCII)
_SPACE = re.compile(r"\s+")
_DIGITS = {digit: number for number, digit in enumerate("一二三四五六七八九", 1)}
# A longer cell is prose; it is neither taken apart nor remembered.
_FAR_TOO_LONG = 120


@dataclass(frozen=True, slots=True)
class Address:
    """An address; what could not be told apart stays in `text`."""

    text: str
    estate: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""


def clean_address(value: Any) -> Address | None:
    """An address, taken apart where it can be.

    Raises: address_became_date (the program took 3-2 for 2 March), cell_error.
    """
    if value.__class__ is str:
        return _parse(value) if len(value) <= _FAR_TOO_LONG else _prose(value)
    if value is None:
        return None
    if isinstance(value, (datetime.date, datetime.time, datetime.timedelta)):
        raise CellProblem(
            "address_became_date",
            "住址被表格软件当成了日期。请把这一列设为文本后重新填写，例如 3-2-501。",
        )
    text = as_text(value)
    # 3.501 typed as a number may have lost a zero at its end: kept, not taken apart.
    return _parse(text) if text.isdigit() else Address(text)


def _prose(value: str) -> Address | None:
    text = _SPACE.sub(" ", strip(value))
    if len(text) <= _FAR_TOO_LONG:
        return _parse(text)
    return Address(text)


@lru_cache(maxsize=16384)
def _parse(raw: str) -> Address | None:
    text = _SPACE.sub(" ", strip(raw))
    if is_nothing(text):
        return None
    refuse_error(text)
    plain = _plain(text)
    match = _WORDS.fullmatch(plain) or _DASHES.fullmatch(plain)
    if match is not None:
        found = match.groupdict()
        estate = found["estate"].rstrip("-")
        if estate.endswith(_NO_ESTATE):
            return Address(text)
        return Address(
            text,
            estate,
            _number(found["building"]),
            _number(found["unit"] or found.get("unit_2")),
            _number(found["room"] or found["room_2"] or found.get("room_3")),
        )
    if _ONLY_NUMBER.fullmatch(plain):
        return Address(text, "", _number(plain))
    return Address(text)


def _plain(text: str) -> str:
    """One width, one kind of hyphen, no spaces."""
    plain = _HYPHENS.sub("-", _SPACE.sub("", half_width(text)))
    dotted = _DOTTED.fullmatch(plain)
    return "-".join(dotted.groups()) if dotted else _AFTER_HAN.sub("", plain)


def _number(written: str | None) -> str:
    """03 is 3, 十二 is 12, a is A; nothing is the empty string."""
    if not written:
        return ""
    tens, ten, ones = written.partition("十")
    if ten and len(tens) <= 1 and len(ones) <= 1:
        return str(_DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0))
    if written in _DIGITS:
        return str(_DIGITS[written])
    return written.upper().lstrip("0") or "0"


def address_key(address: Address | None) -> tuple[str, ...]:
    """Equal for different spellings of one place."""
    if address is None:
        return ()
    if address.building:
        estate = address.estate.casefold().removesuffix("小区")
        return (estate, address.building, address.unit, address.room)
    return (_plain(address.text).casefold(),)
