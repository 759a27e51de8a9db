"""Days, months and times, in all the ways staff write them."""

import datetime
import re
from functools import lru_cache
from typing import Any

from backend.imports.cells.words import as_text, half_width, is_empty, refuse_error
from backend.imports.problems import CellProblem, Level

_SEP = r"[\s]*[-./年,][\s]*"
_FULL = re.compile(rf"(\d{{4}}){_SEP}(\d{{1,2}})\s*[-./月,]\s*(\d{{1,2}})\s*[日号]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SHORT_YEAR = re.compile(rf"(\d{{2}}){_SEP}(\d{{1,2}})\s*[-./月,]\s*(\d{{1,2}})\s*[日号]?")
_NO_YEAR = re.compile(r"(\d{1,2})\s*[-/月.]\s*(\d{1,2})\s*[日号]")
_MONTH = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*月?")
_TAIL = re.compile(r"\s*[(（]?\s*(?:星期|周|礼拜)[一二三四五六日天]\s*[)）]?\s*")
_CLOCK = re.compile(
    r"(上午|早上|早晨|中午|下午|晚上|晚|am|pm)?\s*(\d{1,2})\s*(?:[::时点]\s*(半|\d{1,2})?\s*分?)"
    r"(?:\s*[::]?\s*(\d{1,2})\s*秒?)?\s*(am|pm)?",
    re.I,
)
_EPOCH, _EPOCH_1904 = datetime.date(1899, 12, 30), datetime.date(1904, 1, 1)


def _day(year: int, month: int, day: int) -> datetime.date:
    if not 1900 <= year <= 2100:
        raise CellProblem("date_invalid", "年份不对，请核对。")
    try:
        return datetime.date(year, month, day)
    except ValueError:
        raise CellProblem(
            "date_impossible", "没有这一天（例如 2 月没有 30 日），请核对。"
        ) from None


def _invalid() -> CellProblem:
    return CellProblem("date_invalid", "看不懂这个日期，请写成 2026-04-01 这样。")


def clean_date(
    value: Any, *, year: int | None = None, epoch1904: bool = False
) -> datetime.date | None:
    """A day.

    Raises: date_no_day, date_impossible, date_invalid, cell_error; date_no_year and
        date_short_year as questions.
    """
    if is_empty(value):
        return None
    refuse_error(value)
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, (bool, datetime.time, datetime.timedelta)):
        raise _invalid()
    if isinstance(value, (int, float)):
        return _from_number(float(value), epoch1904)
    return _from_text(value, year, epoch1904)


def _from_number(value: float, epoch1904: bool) -> datetime.date:
    if value.is_integer() and 19000101 <= value <= 21001231:
        return _day(int(value) // 10000, int(value) // 100 % 100, int(value) % 100)
    if 1900 <= value < 2101 and not value.is_integer():
        raise CellProblem("date_no_day", "只有年和月，缺少日。请写成 2026-04-01 这样。")
    if 10000 <= value < 80000:
        return (_EPOCH_1904 if epoch1904 else _EPOCH) + datetime.timedelta(days=int(value))
    raise _invalid()


@lru_cache(maxsize=2048)
def _from_text(raw: str, year: int | None, epoch1904: bool) -> datetime.date:
    text = _TAIL.sub(" ", half_width(raw)).strip()
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return _from_number(float(text), epoch1904)
    for pattern in (_FULL, _COMPACT):
        match = pattern.match(text)
        if match and _only_time(text[match.end() :]):
            return _day(*(int(group) for group in match.groups()))
    match = _NO_YEAR.match(text)
    if match and _only_time(text[match.end() :]):
        _day(year or 2000, int(match[1]), int(match[2]))
        if year is None:
            raise CellProblem("date_no_year", "没有写年份，请补上，例如 2026年4月1日。", Level.QUESTION)
        return _day(year, int(match[1]), int(match[2]))
    if _MONTH.fullmatch(text):
        raise CellProblem("date_no_day", "只有年和月，缺少日。请写成 2026-04-01 这样。")
    match = _SHORT_YEAR.match(text)
    if match and _only_time(text[match.end() :]):
        raise CellProblem("date_short_year", "年份只有两位，请写全，例如 2026-04-01。", Level.QUESTION)
    raise _invalid()


def _only_time(rest: str) -> bool:
    rest = rest.strip().lstrip("T").strip()
    return not rest or bool(_CLOCK.match(rest))


def clean_month(value: Any) -> str | None:
    """A month as 1958-03; a day, where given, is dropped.

    Raises: month_missing, date_invalid, date_impossible, cell_error; month_ambiguous as a question.
    """
    if is_empty(value):
        return None
    refuse_error(value)
    if isinstance(value, datetime.date):
        return f"{value:%Y-%m}"
    if isinstance(value, float) and 1900 <= value < 2101 and not value.is_integer():
        fraction = f"{value:.2f}"
        if fraction.endswith("10"):
            # 1958.1 typed as a number is January, or October whose zero the program dropped.
            raise CellProblem(
                "month_ambiguous", "分不清是 1 月还是 10 月，请写成 1958-01 或 1958-10。", Level.QUESTION
            )
        return _month(int(value), int(f"{value:g}".split(".")[1]))
    if isinstance(value, (bool, datetime.time, datetime.timedelta)):
        raise _invalid()
    text = half_width(as_text(value)).strip()
    match = _MONTH.fullmatch(text) or re.fullmatch(r"(\d{4})(\d{2})", text)
    if match:
        return _month(int(match[1]), int(match[2]))
    if re.fullmatch(r"\d{4}\s*年?", text):
        raise CellProblem("month_missing", "只有年份，缺少月份。请写成 1958-03 这样。")
    day = clean_date(int(text) if re.fullmatch(r"\d{8}", text) else value)
    return f"{day:%Y-%m}" if day else None


def _month(year: int, month: int) -> str:
    if not 1900 <= year <= 2100 or not 1 <= month <= 12:
        raise CellProblem("date_invalid", "年月不对，请写成 1958-03 这样。")
    return f"{year:04d}-{month:02d}"


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
        return (datetime.datetime.min + value).time()
    if isinstance(value, float) and 0 <= value < 1:
        return (datetime.datetime.min + datetime.timedelta(seconds=round(value * 86400))).time()
    if isinstance(value, str):
        match = _CLOCK.fullmatch(half_width(value).strip())
        if match:
            return _clock(match)
    raise CellProblem("time_invalid", "看不懂这个时间，请写成 9:05 或 14:30 这样。")


def _clock(match: "re.Match[str]") -> datetime.time:
    half, hour_text, minute_text, second, suffix = match.groups()
    hour, minute = int(hour_text), 30 if minute_text == "半" else int(minute_text or 0)
    half = (half or suffix or "").lower()
    if half in ("下午", "晚上", "晚", "pm") and hour < 12:
        hour += 12
    try:
        return datetime.time(hour, minute, int(second or 0))
    except ValueError:
        raise CellProblem("time_invalid", "没有这个时间，请写成 9:05 或 14:30 这样。") from None


def clean_moment(value: Any, *, day: datetime.date | None = None) -> datetime.datetime | None:
    """A local moment; a time alone is taken on `day`.

    Raises: time_missing, time_invalid, date_invalid …, cell_error; time_no_day as a question.
    """
    if is_empty(value):
        return None
    refuse_error(value)
    if isinstance(value, datetime.datetime):
        return value
    if isinstance(value, datetime.date):
        raise CellProblem("time_missing", "只有日期，缺少几点几分，请补上。")
    if isinstance(value, float) and value >= 10000:
        return datetime.datetime.combine(
            _from_number(value, False), datetime.time()
        ) + datetime.timedelta(seconds=round(value % 1 * 86400))
    if isinstance(value, str):
        text = _TAIL.sub(" ", half_width(value)).strip()
        for pattern in (_FULL, _COMPACT):
            match = pattern.match(text)
            if match:
                rest = text[match.end() :].strip().lstrip("T").strip()
                rest = re.split(r"[-~—至到]", rest)[0].strip()
                if not rest:
                    raise CellProblem("time_missing", "只有日期，缺少几点几分，请补上。")
                time = clean_time(rest)
                assert time is not None
                return datetime.datetime.combine(
                    _day(*(int(group) for group in match.groups())), time
                )
    time = clean_time(value)
    if day is None:
        raise CellProblem("time_no_day", "只有时间没有日期，请补上日期。", Level.QUESTION)
    return datetime.datetime.combine(day, time) if time else None
