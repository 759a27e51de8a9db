"""时段, as people write it in a ledger: "9:00-11:00", "上午9点到11点", "下午". Pure functions."""

import re
from datetime import time

from backend.core.errors import RuleViolation

# Where only the part of the day is written, or nothing.
USUAL = {
    "上午": (time(9), time(11)),
    "中午": (time(11), time(13)),
    "下午": (time(14), time(16)),
    "晚上": (time(19), time(21)),
}
WHEN_NOTHING_IS_SAID = USUAL["上午"]
HOURS = 2
_BETWEEN = re.compile(r"\s*(?:-|—|–|~|～|至|到)+\s*")
_CLOCK = re.compile(
    r"(?P<part>上午|中午|下午|晚上|早上)?\s*(?P<hour>\d{1,2})\s*"
    r"(?:[:：点时]\s*(?P<minute>\d{1,2}|半)?\s*分?)?"
)
_LATER = ("下午", "晚上")


def period_of(text: str) -> tuple[time, time]:
    """From when to when. Raises: period_unclear.

    An end that is not written is two hours after the beginning.
    """
    plain = text.strip()
    if not plain:
        return WHEN_NOTHING_IS_SAID
    if plain in USUAL:
        return USUAL[plain]
    pieces = [piece for piece in _BETWEEN.split(plain) if piece]
    if len(pieces) > 2:
        raise _unclear()
    starts, part = _clock(pieces[0], "")
    if len(pieces) == 1:
        ends = time(min(starts.hour + HOURS, 23), starts.minute)
    else:
        ends, _ = _clock(pieces[1], part)
    if ends <= starts:
        raise _unclear()
    return starts, ends


def _clock(text: str, part: str) -> tuple[time, str]:
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        raise _unclear()
    part = match["part"] or part
    hour = int(match["hour"])
    minute = 30 if match["minute"] == "半" else int(match["minute"] or 0)
    if part in _LATER and hour < 12:
        hour += 12
    if hour > 23 or minute > 59:
        raise _unclear()
    return time(hour, minute), part


def _unclear() -> RuleViolation:
    return RuleViolation("period_unclear", "看不懂时段，请写成“9:00-11:00”，或“上午”“下午”。")
