"""How long something took, in whole minutes: 12.5, 12小时30分, 90分钟, 12h."""

import datetime
import re
from typing import Any

from backend.imports.cells.raw import as_text, half_width, is_empty, refuse_error, strip
from backend.imports.problems import CellProblem

# A working lifetime of hours; more is a slip of the pen.
MOST_HOURS = 20_000
_LONGEST = 40
_PLAIN = re.compile(r"(\d{1,6}(?:\.\d{1,10})?)", re.ASCII)
_WORDS = re.compile(
    r"(?:(?P<hours>\d{1,6}(?:\.\d{1,4})?)(?:个?小时|个?钟头|hours?|h|时)(?P<half>半)?)?"
    r"(?:零)?(?:(?P<minutes>\d{1,7})(?:分钟?|minutes?|mins?|m))?",
    re.ASCII | re.IGNORECASE,
)
_HALF = re.compile(r"(?:(?P<hours>\d{1,6})个)?半(?:个)?小时", re.ASCII)
_COMMAS = re.compile(r"(?<=\d),(?=\d{3}(?:\D|$))", re.ASCII)


def clean_hours(value: Any) -> int | None:
    """Minutes; a bare number is hours. Raises: duration_invalid, cell_error."""
    if is_empty(value):
        return None
    refuse_error(value)
    if isinstance(value, datetime.timedelta):
        return _credible(value.total_seconds() / 60)
    if isinstance(value, bool | datetime.datetime | datetime.date | datetime.time):
        raise _invalid()
    if isinstance(value, int | float):
        return _credible(value * 60)
    text = "".join(strip(half_width(as_text(value))).split())
    if not text or len(text) > _LONGEST:
        raise _invalid()
    text = _COMMAS.sub("", text)
    plain = _PLAIN.fullmatch(text)
    if plain is not None:
        return _credible(float(plain[1]) * 60)
    half = _HALF.fullmatch(text)
    if half is not None:
        return _credible(int(half["hours"] or 0) * 60 + 30)
    words = _WORDS.fullmatch(text)
    if words is None or not any(words.groups()):
        raise _invalid()
    minutes = float(words["hours"] or 0) * 60 + int(words["minutes"] or 0)
    return _credible(minutes + (30 if words["half"] else 0))


def _credible(minutes: float) -> int:
    if not 0 <= minutes <= MOST_HOURS * 60:
        raise CellProblem("duration_invalid", f"时长应在 0 到 {MOST_HOURS} 小时之间，请核对。")
    return round(minutes)


def _invalid() -> CellProblem:
    return CellProblem(
        "duration_invalid",
        "看不懂这个时长，请写确切的小时数，如 12.5，或 12小时30分；不要写“约”“多”。",
    )
