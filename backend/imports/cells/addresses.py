"""Addresses as staff write them: 3-2-501, 3号楼2单元501, 3栋."""

import datetime
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from backend.imports.cells.words import as_text, half_width, is_empty, refuse_error
from backend.imports.problems import CellProblem

_BUILDING = r"(?:第)?(\d{1,3}|[A-Za-z]\d{0,2})\s*(?:号楼|栋楼|号院楼|栋|幢|座|#楼|#|号)"
_UNIT = r"(\d{1,2}|[一二三四五六七八九十])\s*单元"
_ROOM = r"(?:(?:\d{1,2})\s*层\s*)?(\d{2,4}[A-Za-z]?)\s*(?:室|号|户|房)?"
_WORDS = re.compile(
    rf"(?P<estate>.*?){_BUILDING}\s*[-,]?\s*(?:{_UNIT}\s*[-,]?\s*(?:{_ROOM})?|(?:(\d)-)?(?:{_ROOM})?)"
)
_DASHES = re.compile(
    r"(?P<estate>[^\d\-A-Za-z]*?)\s*(\d{1,3}|[A-Za-z]\d{0,2})-(?:(\d{1,2})-)?(\d{2,4}[A-Za-z]?)(?:室|号)?"
)
_ONLY_NUMBER = re.compile(r"(\d{1,3}|[A-Za-z]\d{0,2})")
_DIGITS = dict(zip("一二三四五六七八九十", range(1, 11), strict=True))
_HYPHENS = re.compile(r"[－—–‐‑−_~]+")
_SPACE = re.compile(r"\s+")


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
        return _parse(value)
    if is_empty(value):
        return None
    if isinstance(value, (datetime.date, datetime.time, datetime.timedelta)):
        raise CellProblem(
            "address_became_date",
            "住址被表格软件当成了日期。请把这一列设为文本后重新填写，例如 3-2-501。",
        )
    return _parse(as_text(value))


@lru_cache(maxsize=16384)
def _parse(raw: str) -> Address | None:
    if is_empty(raw):
        return None
    refuse_error(raw)
    text = _SPACE.sub(" ", raw.strip())
    plain = _HYPHENS.sub("-", half_width(text)).replace(" ", "")
    match = _DASHES.fullmatch(plain)
    if match:
        estate, building, unit, room = match.groups()
        return Address(text, estate, _bare(building), _bare(unit or ""), room.upper())
    match = _WORDS.fullmatch(plain)
    if match:
        estate, building, unit, room, dashed_unit, plain_room = match.groups()
        unit = str(_DIGITS.get(unit, unit)) if unit else dashed_unit or ""
        return Address(
            text, estate, _bare(building), _bare(unit), (room or plain_room or "").upper()
        )
    match = _ONLY_NUMBER.fullmatch(plain)
    if match:
        return Address(text, "", _bare(match[1]))
    return Address(text)


def _bare(number: str) -> str:
    return number.upper().lstrip("0") if number else ""


def address_key(address: Address | None) -> tuple[str, ...]:
    """Equal for different spellings of one place."""
    if address is None:
        return ()
    if address.building:
        return (address.estate, address.building, address.unit, address.room)
    return (_SPACE.sub("", half_width(address.text)),)
