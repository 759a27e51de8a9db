"""Times of day: 9:05, 9点05分, 下午2点半, 0.375."""

import datetime
import re
from typing import Any

from backend.imports.cells.raw import half_width, is_empty, refuse_error, strip
from backend.imports.problems import CellProblem

_AFTERNOON = {hour: hour + 12 for hour in range(1, 12)} | {hour: hour for hour in range(12, 24)}
_EVENING = {hour: hour + 12 for hour in range(5, 12)} | {hour: hour for hour in range(17, 24)}
_EARLY = {hour: hour for hour in range(12)}
# What an hour means after each word. Hours that are missing (晚上12点, 上午12点) can be meant in two
# ways, a day or half a day apart.
_HOURS = {
    "": {hour: hour for hour in range(24)},
    "凌晨": {hour: hour for hour in range(7)} | {12: 0},
    **dict.fromkeys(("清晨", "早上", "早晨", "早", "上午"), _EARLY),
    "中午": {1: 13, 2: 14} | {hour: hour for hour in range(11, 15)},
    **dict.fromkeys(("下午", "傍晚", "pm"), _AFTERNOON),
    **dict.fromkeys(("晚上", "晚"), _EVENING),
    "am": _EARLY | {12: 0},
}
HALF_DAY = "|".join(word for word in _HOURS if word)
_CLOCK = re.compile(
    rf"({HALF_DAY})? ?(\d{{1,2}}) ?: ?(\d{{1,2}})?(?: ?: ?(\d{{1,2}})?(?:\.\d{{1,6}})?)? ?(am|pm)?",
    re.IGNORECASE | re.ASCII,
)
_WORDS = str.maketrans({"点": ":", "时": ":", "分": ":", "秒": "", "半": "30", "整": "00"})
_SECONDS_A_DAY = 86_400
FAR_TOO_LONG = 64


def clean_time(value: Any) -> datetime.time | None:
    """A time of day. Raises: time_invalid, cell_error."""
    if is_empty(value):
        return None
    refuse_error(value)
    if isinstance(value, datetime.datetime):
        return value.time()
    if isinstance(value, datetime.time):
        return value
    if isinstance(value, datetime.timedelta):
        return _of_seconds(value.total_seconds())
    if isinstance(value, float) and 0 <= value < 1:
        return _of_seconds(min(round(value * _SECONDS_A_DAY), _SECONDS_A_DAY - 1))
    if isinstance(value, str) and len(value) <= FAR_TOO_LONG:
        match = read_clock(strip(half_width(value)), whole=True)
        if match:
            return _of_match(match)
    raise _invalid()


def read_clock(text: str, *, whole: bool) -> "re.Match[str] | None":
    """The time that half-width text is, or begins with."""
    plain = " ".join(text.translate(_WORDS).split())
    return _CLOCK.fullmatch(plain) if whole else _CLOCK.match(plain)


def _of_match(match: "re.Match[str]") -> datetime.time:
    before, hour, minute, second, after = match.groups()
    try:
        meant = _HOURS[(before or after or "").lower()][int(hour)]
        return datetime.time(meant, int(minute or 0), int(second or 0))
    except (KeyError, ValueError):
        raise CellProblem(
            "time_invalid", "没有这个时间，或分不清上午下午，请写成 9:05 或 14:30 这样。"
        ) from None


def _of_seconds(seconds: float) -> datetime.time:
    if not 0 <= seconds < _SECONDS_A_DAY:
        raise _invalid()
    return (datetime.datetime.min + datetime.timedelta(seconds=seconds)).time()


def _invalid() -> CellProblem:
    return CellProblem("time_invalid", "看不懂这个时间，请写成 9:05 或 14:30 这样。")
