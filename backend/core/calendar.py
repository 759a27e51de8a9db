"""Working days: public holidays and the weekends that are worked for them (调休).

The national table comes from `chinesecalendar`, which knows the years that have been announced. What
a community, or the installation, says of single days counts more. For a year that the table lacks,
Monday to Friday are worked, and `missing_note` says so wherever a date was counted.

Pure functions: what is said of single days is given to them.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import Final

import chinese_calendar

# Day -> whether it is worked.
Overrides = Mapping[date, bool]
NONE: Final[Overrides] = {}
# Nobody's deadline: a wrong year would else be counted through day by day.
LONGEST = 3660
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


def is_working_day(day: date, overrides: Overrides = NONE) -> bool:
    """Whether `day` is worked."""
    said = overrides.get(day)
    if said is not None:
        return said
    if year_is_known(day.year):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < _SATURDAY


def is_public_holiday(day: date, overrides: Overrides = NONE) -> bool:
    """Whether `day` is free although no weekend makes it so, or somebody said that it is free.

    For a year that the table lacks there is none but what was said.
    """
    said = overrides.get(day)
    if said is not None:
        return not said
    if not year_is_known(day.year):
        return False
    free, name = chinese_calendar.get_holiday_detail(day)
    return bool(free and name is not None)


def add_working_days(start: date, days: int, overrides: Overrides = NONE) -> date:
    """The `days`th working day after `start`, which itself is not counted; before it, if negative.

    0 gives `start`, worked or not. Raises OverflowError beyond some ten years.
    """
    step = _ONE_DAY if days >= 0 else -_ONE_DAY
    day, left = start, abs(days)
    while left:
        day += step
        if abs((day - start).days) > LONGEST:
            raise OverflowError("a deadline of more than ten years")
        left -= is_working_day(day, overrides)
    return day


def working_days_between(first: date, last: date, overrides: Overrides = NONE) -> int:
    """How many working days lie after `first` and up to `last`; negative if `last` is earlier."""
    if last < first:
        return -working_days_between(last, first, overrides)
    span = (last - first).days
    if span > LONGEST:
        raise OverflowError("a term of more than ten years")
    days = (first + timedelta(days=number) for number in range(1, span + 1))
    return sum(is_working_day(day, overrides) for day in days)


def years_missing(*days: date) -> list[int]:
    """The years from the earliest to the latest of `days` of which no holidays are known."""
    if not days:
        return []
    years = range(min(days).year, max(days).year + 1)
    return [year for year in years if not year_is_known(year)]


def missing_note(*days: date) -> str:
    """What a reader is told where a date was counted without the holidays; "" where they are known."""
    years = "、".join(str(year) for year in years_missing(*days))
    if not years:
        return ""
    return f"系统里还没有 {years} 年的放假安排，只按周一至周五计算；放假通知公布后请在“工作日历”中补登。"


@cache
def year_is_known(year: int) -> bool:
    """Whether the table has the holidays of the year."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True
