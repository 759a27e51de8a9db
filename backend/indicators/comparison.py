"""Calls of a period by category, beside the period before and the same one a year earlier.

Whole months alone are laid side by side: while a period lasts, as many months of the others as it has.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, Q, QuerySet, Sum

from backend.core.desk.periods import Period, first_of, month_number
from backend.indicators.models import HotlineMonthlyCount
from backend.indicators.rules import hotline_yoy
from backend.indicators.spans import Span

MONTHS = 12


@dataclass(frozen=True)
class Line:
    """One category: its calls in the three spans; None for a span of which nothing was entered.

    A category that a month's sheet leaves out had no calls in it.
    """

    category: int | None
    name: str
    now: int | None
    before: int | None
    year: int | None

    @property
    def on_before(self) -> Any:
        """环比: the change against the span before; None without a base."""
        return _change(self.now, self.before)

    @property
    def on_year(self) -> Any:
        """同比: the change against the same months a year earlier; None without a base."""
        return _change(self.now, self.year)


def _change(now: int | None, then: int | None) -> Any:
    return None if now is None or then is None else hotline_yoy(now, then)


@dataclass(frozen=True)
class Comparison:
    """The lines of a period, those of most calls first, and all of them together."""

    now: Span
    before: Span
    year: Span
    lines: list[Line]
    total: Line
    # How many months of each span were entered.
    months: tuple[int, int, int]
    # The last twelve months up to the span's end: (first day, calls).
    trend: list[tuple[date, int]]


def rows_of(user: Any, community_id: int) -> QuerySet[Any]:
    """The counts of a community that `user` may see."""
    rows: QuerySet[Any] = HotlineMonthlyCount.objects.visible_to(user)
    return rows.filter(community=community_id)


def last_month(
    user: Any, community_id: int, today: date, within: Period | None = None
) -> int | None:
    """The number of the last whole month that was entered (of a period); None where there is none."""
    rows = rows_of(user, community_id).filter(ended_on__lt=today)
    if within is not None:
        rows = rows.filter(ended_on__gte=within.first, ended_on__lte=within.last)
    last = rows.aggregate(last=Max("ended_on"))["last"]
    return None if last is None else month_number(last)


def compared(user: Any, community_id: int, period: Period, today: date) -> Comparison | None:
    """The comparison; None for a period of which no whole month was entered. Two statements."""
    last = last_month(user, community_id, today, period)
    if last is None:
        return None
    now = Span(month_number(period.first), last)
    before, year = now.earlier(period.months), now.earlier(12)
    trend = Span(last - MONTHS + 1, last)
    asked = now.within() | before.within() | year.within() | trend.within()
    rows = rows_of(user, community_id).filter(asked).order_by()
    counted = list(
        rows.values_list("category", "category__name", "category__position", "year", "month")
        .annotate(calls=Sum("count"))
        .order_by("category__position", "category")
    )
    spans = (now, before, year)
    entered = [{_number(row) for row in counted if _number(row) in span} for span in spans]

    def line(category: int | None, name: str, rows: list[tuple[Any, ...]]) -> Line:
        now_, before_, year_ = (
            sum(row[-1] for row in rows if _number(row) in span) if there else None
            for span, there in zip(spans, entered, strict=True)
        )
        return Line(category, name, now_, before_, year_)

    lines = [
        line(category, name, [row for row in counted if row[0] == category])
        for category, name in dict.fromkeys((row[0], row[1]) for row in counted)
    ]
    return Comparison(
        now,
        before,
        year,
        sorted(
            (one for one in lines if one.now or one.before or one.year),
            key=lambda one: -(one.now or 0),
        ),
        line(None, "", counted),
        (len(entered[0]), len(entered[1]), len(entered[2])),
        _trend(counted, trend),
    )


def _trend(rows: Iterable[tuple[Any, ...]], span: Span) -> list[tuple[date, int]]:
    sums: dict[int, int] = {}
    for row in rows:
        sums[_number(row)] = sums.get(_number(row), 0) + row[-1]
    return [(first_of(number), sums.get(number, 0)) for number in range(span.first, span.last + 1)]


def _number(row: tuple[Any, ...]) -> int:
    return int(row[3]) * 12 + int(row[4]) - 1


def property_in(community_id: int, first: date, last: date) -> QuerySet[Any]:
    """The counts of the categories on property, of the months that end between two days."""
    rows: Any = HotlineMonthlyCount.objects
    found: QuerySet[Any] = rows.filter(
        Q(ended_on__gte=first, ended_on__lte=last),
        community=community_id,
        category__is_property=True,
    )
    return found
