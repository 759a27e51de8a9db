"""Days, months and moments, in all the ways staff write them."""

import datetime
import re
from functools import lru_cache
from typing import Any

from backend.imports.cells.clocks import FAR_TOO_LONG, HALF_DAY, clean_time, read_clock
from backend.imports.cells.raw import as_text, half_width, is_empty, refuse_error
from backend.imports.problems import CellProblem, Level

_FULL = re.compile(
    r"(\d{4})\s*[-./年,]\s*(\d{1,2})\s*[-./月,]\s*(\d{1,2})(?!\d)\s*[日号]?", re.ASCII
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?!\d)", re.ASCII)
_SHORT_YEAR = re.compile(
    r"\d{2}\s*[-./年,]\s*\d{1,2}\s*[-./月,]\s*\d{1,2}(?!\d)\s*[日号]?", re.ASCII
)
_MONTH_DAY = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})(?!\d)\s*[日号]?", re.ASCII)
_BARE_MONTH_DAY = re.compile(r"(\d{1,2})\s*[-./]\s*(\d{1,2})\s*[日号]?", re.ASCII)
_MONTH = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*月?", re.ASCII)
_COMPACT_MONTH = re.compile(r"(\d{4})(\d{2})", re.ASCII)
_SHORT_MONTH = re.compile(r"\d{2}\s*[-./年]\s*\d{1,2}\s*月?", re.ASCII)
_YEAR = re.compile(r"\d{4}\s*年?", re.ASCII)
_SERIAL = re.compile(r"\d{5}(?:\.\d{1,10})?", re.ASCII)
_WEEKDAY = re.compile(r"\(?(?:星期|周|礼拜)[一二三四五六日天]\)?")
# 9:00-11:00: people signed in at the beginning.
_UNTIL = re.compile(r"[-~—–至到]")
_HALF_DAY = re.compile(HALF_DAY, re.IGNORECASE)
_EPOCH, _EPOCH_1904 = datetime.date(1899, 12, 30), datetime.date(1904, 1, 1)


def clean_date(
    value: Any, *, year: int | None = None, epoch1904: bool = False
) -> datetime.date | None:
    """A day. `year` is what a date without a year means, where the sheet says it.

    Raises: date_no_day, date_impossible, date_invalid, cell_error; date_no_year and
        date_short_year as questions.
    """
    if is_empty(value):
        return None
    refuse_error(value)
    if isinstance(value, datetime.date):
        return _day(value.year, value.month, value.day)
    if isinstance(value, str):
        if len(value) > FAR_TOO_LONG:
            raise _invalid()
        return _from_text(value, year, epoch1904)
    if value.__class__ in (int, float):
        return _from_number(value, epoch1904)
    raise _invalid()


def _day(year: int, month: int, day: int) -> datetime.date:
    if not 1900 <= year <= 2100:
        raise CellProblem("date_invalid", "年份不对，请核对。")
    try:
        return datetime.date(year, month, day)
    except ValueError:
        raise CellProblem(
            "date_impossible", "没有这一天（例如 2 月没有 30 日），请核对。"
        ) from None


def _from_number(value: float, epoch1904: bool) -> datetime.date:
    if 19000101 <= value <= 21001231 and value == int(value):
        return _day(int(value) // 10000, int(value) // 100 % 100, int(value) % 100)
    if 1900 <= value < 2101 and value != int(value):
        raise _no_day()
    # Below 10 000 (May 1927) a number is rather a year, or no date at all.
    if 10000 <= value < 80000:
        day = (_EPOCH_1904 if epoch1904 else _EPOCH) + datetime.timedelta(days=int(value))
        return _day(day.year, day.month, day.day)
    raise _invalid()


@lru_cache(maxsize=2048)
def _from_text(raw: str, year: int | None, epoch1904: bool) -> datetime.date:
    text = _plain(raw)
    if _SERIAL.fullmatch(text):
        return _from_number(float(text), epoch1904)
    if _MONTH.fullmatch(text):
        raise _no_day()
    bare = _BARE_MONTH_DAY.fullmatch(text)
    if bare:
        return _without_year(bare, year)
    day, rest = _split(text, year)
    if rest and not _HALF_DAY.fullmatch(rest) and not read_clock(rest, whole=False):
        raise _invalid()
    return day


def _plain(raw: str) -> str:
    """Half-width, without the weekday and a full stop at the end."""
    return _WEEKDAY.sub(" ", half_width(raw)).strip(" .。,、\t\r\n")


def _split(text: str, year: int | None) -> tuple[datetime.date, str]:
    """The day that a text begins with, and what follows it."""
    match = _FULL.match(text) or _COMPACT.match(text)
    if match:
        day = _day(int(match[1]), int(match[2]), int(match[3]))
    else:
        match = _MONTH_DAY.match(text)
        if match is None:
            if _SHORT_YEAR.match(text):
                raise _short_year()
            raise _invalid()
        day = _without_year(match, year)
    rest = text[match.end() :].strip()
    return day, rest[1:] if rest[:1] == "T" else rest


def _without_year(match: "re.Match[str]", year: int | None) -> datetime.date:
    # A leap year, so that 29 February is a question and 30 February an error.
    day = _day(year or 2000, int(match[1]), int(match[2]))
    if year is None:
        raise _no_year()
    return day


def with_century(value: Any, said: str) -> str:
    """A date whose year has two digits, or none, with the century or the whole year put before it."""
    return said + _plain(as_text(value))


def with_year(value: Any, year: str) -> str:
    """A date without a year as staff would have written it with one."""
    text = _plain(as_text(value))
    return f"{year}年{text}" if _MONTH_DAY.match(text) else f"{year}-{text}"


def with_month(value: Any, month: str) -> str:
    """A year and month in which 1 may have been 10, with the month that is meant."""
    return f"{as_text(value)[:4]}-{month}"


def clean_month(value: Any, *, epoch1904: bool = False) -> str | None:
    """A month as 1958-03; a day, where given, is dropped.

    Raises: month_missing, date_invalid, date_impossible, cell_error; month_ambiguous and
        date_short_year as questions.
    """
    if is_empty(value):
        return None
    refuse_error(value)
    if isinstance(value, float) and 1900 <= value < 2101 and value != int(value):
        return _month_of_float(value)
    if value.__class__ in (str, int, float):
        text = _plain(as_text(value)[: FAR_TOO_LONG + 1])
        match = _MONTH.fullmatch(text) or _COMPACT_MONTH.fullmatch(text)
        if match:
            return _month(int(match[1]), int(match[2]))
        if _YEAR.fullmatch(text):
            raise CellProblem("month_missing", "只有年份，缺少月份。请写成 1958-03 这样。")
        if _SHORT_MONTH.fullmatch(text):
            raise _short_year()
    day = clean_date(value, epoch1904=epoch1904)
    return f"{day:%Y-%m}" if day else None


def _month_of_float(value: float) -> str:
    year, month = f"{value:.4f}".rstrip("0").split(".")
    if month == "1":
        # 1958.1 typed as a number is January, or October whose zero the program dropped.
        raise CellProblem(
            "month_ambiguous",
            "分不清是 1 月还是 10 月，请写成 1958-01 或 1958-10。",
            Level.QUESTION,
        )
    return _month(int(year), int(month) if len(month) in (1, 2) else 0)


def _month(year: int, month: int) -> str:
    if not 1900 <= year <= 2100 or not 1 <= month <= 12:
        raise CellProblem("date_invalid", "年月不对，请写成 1958-03 这样。")
    return f"{year:04d}-{month:02d}"


def clean_moment(
    value: Any, *, day: datetime.date | None = None, epoch1904: bool = False
) -> datetime.datetime | None:
    """A local moment; a time alone is taken on `day`. A date without a year may only be `day` itself.

    Raises: time_missing, time_invalid, date_no_day, date_impossible, cell_error; time_no_day,
        date_no_year and date_short_year as questions.
    """
    if is_empty(value):
        return None
    refuse_error(value)
    if isinstance(value, datetime.datetime):
        return value
    if isinstance(value, datetime.date):
        raise _no_time()
    if isinstance(value, str) and len(value) <= FAR_TOO_LONG and _SERIAL.fullmatch(_plain(value)):
        value = float(_plain(value))
    if value.__class__ in (int, float) and value >= 1:
        found = _from_number(value, epoch1904)
        if value == int(value):
            raise _no_time()
        seconds = round(value % 1 * 86400)
        return datetime.datetime.combine(found, datetime.time()) + datetime.timedelta(0, seconds)
    if isinstance(value, str) and len(value) <= FAR_TOO_LONG:
        text = _plain(value)
        if not read_clock(text, whole=False):
            return _moment_of_text(text, day)
        value = _UNTIL.split(text)[0]
    time = clean_time(value)
    if day is None:
        raise CellProblem("time_no_day", "只有时间没有日期，请补上日期。", Level.QUESTION)
    return datetime.datetime.combine(day, time) if time else None


def _moment_of_text(text: str, day: datetime.date | None) -> datetime.datetime:
    if _MONTH.fullmatch(text):
        raise _no_day()
    try:
        found, rest = _split(text, day.year if day else None)
    except CellProblem as problem:
        if problem.code != "date_invalid":
            raise
        # Nothing like a day: then it was meant to be a time.
        clean_time(text or "?")
        raise
    if found != day and not (_FULL.match(text) or _COMPACT.match(text)):
        raise _no_year()
    rest = _UNTIL.split(rest)[0].strip()
    time = None if _HALF_DAY.fullmatch(rest) else clean_time(rest)
    if time is None:
        raise _no_time()
    return datetime.datetime.combine(found, time)


def _no_day() -> CellProblem:
    return CellProblem("date_no_day", "只有年和月，缺少日。请写成 2026-04-01 这样。")


def _no_time() -> CellProblem:
    return CellProblem("time_missing", "只有日期，缺少几点几分，请补上。")


def _no_year() -> CellProblem:
    return CellProblem("date_no_year", "没有写年份，请补上，例如 2026年4月1日。", Level.QUESTION)


def _short_year() -> CellProblem:
    return CellProblem("date_short_year", "年份只有两位，请写全，例如 2026-04-01。", Level.QUESTION)


def _invalid() -> CellProblem:
    return CellProblem("date_invalid", "看不懂这个日期，请写成 2026-04-01 这样。")
