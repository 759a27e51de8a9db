"""Rules of the monthly hotline counts, and how two of them are compared (domain part 3): pure."""

from calendar import monthrange
from datetime import date
from fractions import Fraction

from backend.core.errors import RuleViolation

FIRST_YEAR, LAST_YEAR = 2000, 2100
LARGEST_COUNT = 1_000_000
# What a street's sheet may put behind the same word: 物业, 物业类, 物业类诉求.
_ENDINGS = ("诉求", "投诉", "问题", "来电", "类")
_PROPERTY = "物业"


def month_is_real(year: int | None, month: int | None) -> None:
    """Raises: year_invalid; month_invalid."""
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        raise RuleViolation(
            "year_invalid", f"年份应是 {FIRST_YEAR} 到 {LAST_YEAR} 的四位数字。", field="year"
        )
    if month is None or not 1 <= month <= 12:
        raise RuleViolation("hotline_month_invalid", "月份应是 1 到 12 的整数。", field="month")


def month_has_begun(year: int, month: int, today: date) -> None:
    """Raises: month_in_future."""
    if (year, month) > (today.year, today.month):
        raise RuleViolation(
            "month_in_future", "这个月还没有到，不会有来电数，请核对年和月。", field="month"
        )


def count_holds(count: int | None) -> None:
    """Raises: count_invalid."""
    if count is None or not 0 <= count <= LARGEST_COUNT:
        raise RuleViolation(
            "count_invalid",
            f"件数应是 0 到 {LARGEST_COUNT} 的整数；没有来电的填 0。",
            field="count",
        )


def last_day(year: int | None, month: int | None) -> date:
    """The last day of a month: only then is its number whole. Of what is no month, any day: the rules
    refuse it.
    """
    year = min(max(year or 0, FIRST_YEAR), LAST_YEAR)
    month = min(max(month or 0, 1), 12)
    return date(year, month, monthrange(year, month)[1])


def plain_name(name: str) -> str:
    """A category's name without what sheets hang on it: 物业类诉求 is 物业."""
    plain = "".join(name.split())
    shorter = True
    while shorter:
        shorter = False
        for ending in _ENDINGS:
            if plain.endswith(ending) and len(plain) > len(ending) + 1:
                plain, shorter = plain.removesuffix(ending), True
    return plain


def is_of_property(name: str) -> bool:
    """Whether a category that a sheet brings counts among those on property."""
    return name.strip().startswith(_PROPERTY)


def hotline_yoy(this: int, last: int) -> Fraction | None:
    """(this − last) / last, exact; None where the base is 0."""
    return None if last == 0 else Fraction(this - last, last)


def in_percent(change: Fraction | None) -> int | None:
    """As it is printed: half away from zero, so −21 says −0.215 < change ≤ −0.205."""
    if change is None:
        return None
    size = (200 * abs(change) + 1) // 2
    return int(size) if change >= 0 else -int(size)


def direction(now: int, then: int) -> str:
    """`up`, `down` or `same`."""
    if now == then:
        return "same"
    return "up" if now > then else "down"
