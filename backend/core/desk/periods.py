"""Periods of a report: whole months, quarters, half-years and years, named 2026-11, 2026Q4, 2026H2, 2026."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

_CODE = re.compile(r"(20\d{2})(?:-(0[1-9]|1[0-2])|Q([1-4])|H([12]))?", re.ASCII)
_MONTHS: Final = {"month": 1, "quarter": 3, "half": 6, "year": 12}


def month_number(day: date) -> int:
    """The months since the year 0: what months are counted and compared by."""
    return day.year * 12 + day.month - 1


def first_of(number: int) -> date:
    """The first day of a month by its number."""
    return date(number // 12, number % 12 + 1, 1)


@dataclass(frozen=True)
class Period:
    """[first, last], both included: whole months, of which there are `months`."""

    kind: str
    first: date

    @property
    def months(self) -> int:
        """How many months it has."""
        return _MONTHS[self.kind]

    @property
    def last(self) -> date:
        """Its last day."""
        return first_of(month_number(self.first) + self.months) - timedelta(days=1)

    @property
    def before(self) -> "Period":
        """The one before it, of the same kind."""
        return Period(self.kind, first_of(month_number(self.first) - self.months))

    @property
    def code(self) -> str:
        """The name in an address."""
        year, part = self.first.year, (self.first.month - 1) // self.months + 1
        match self.kind:
            case "month":
                return f"{year}-{part:02d}"
            case "quarter":
                return f"{year}Q{part}"
            case "half":
                return f"{year}H{part}"
            case _:
                return str(year)

    def so_far(self, today: date) -> date:
        """The last day that can be counted: its own, or today while it lasts."""
        return min(self.last, today)

    @property
    def year_before(self) -> "Period":
        """The same part of the year before."""
        return Period(self.kind, first_of(month_number(self.first) - 12))

    def as_far(self, other: "Period", today: date) -> date:
        """The day up to which another period is counted beside this one: as many days while it lasts.

        A half-year of five months is not compared with one of six.
        """
        if today >= self.last:
            return other.last
        days = max((today - self.first).days, 0)
        return min(other.first + timedelta(days=days), other.last)

    def as_many_months(self, other: "Period", today: date) -> date:
        """As `as_far`, for what is told by whole months: as many of them as are over. The day before
        `other` begins, where none is.
        """
        if today >= self.last:
            return other.last
        over = max(month_number(today + timedelta(days=1)) - month_number(self.first), 0)
        return first_of(month_number(other.first) + over) - timedelta(days=1)

    def compared_until(self, today: date) -> date:
        """As `as_far`, of the period before."""
        return self.as_far(self.before, today)


def containing(kind: str, day: date) -> Period:
    """The period of a kind in which a day lies."""
    months = _MONTHS[kind]
    number = month_number(day)
    return Period(kind, first_of(number - number % 12 % months))


def read(code: str) -> Period | None:
    """The period of a code; None if it is none."""
    found = _CODE.fullmatch(code)
    if found is None:
        return None
    year, month, quarter, half = (int(part) if part else 0 for part in found.groups())
    if month:
        return Period("month", date(year, month, 1))
    if quarter:
        return Period("quarter", date(year, quarter * 3 - 2, 1))
    if half:
        return Period("half", date(year, half * 6 - 5, 1))
    return Period("year", date(year, 1, 1))


def offered(today: date) -> list[Period]:
    """What the page offers: this and the last of each kind, the shortest first."""
    found = []
    for kind in _MONTHS:
        now = containing(kind, today)
        found += [now, now.before]
    return found


def change_in_percent(now: int, before: int) -> int | None:
    """(now − before) / before, rounded half away from zero; None where there was nothing before."""
    if before == 0:
        return None
    doubled = 200 * abs(now - before) + before
    return (doubled // (2 * before)) * (1 if now >= before else -1)
