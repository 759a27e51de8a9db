"""Figures of a period: counted from rows that the reader may see, each opening those rows.

A register registers its figures and breakdowns in its desk.py.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, Count, DateTimeField, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Cast, ExtractMonth, ExtractYear
from django.utils import timezone

from backend.core.desk.periods import Period, change_in_percent, first_of, month_number
from backend.core.desk.together import in_one, text, word

TREND_MONTHS = 12
NOW, BEFORE, YEAR, _OTHER = 1, 2, 3, 0


@dataclass(frozen=True)
class Counted:
    """Rows and what of them is counted: `when` is a column with a day or a moment, `place` that of
    their community's key.
    """

    rows: Callable[[Any], QuerySet[Any]]
    when: str
    what: Any = field(default_factory=lambda: Count("pk"))
    place: str = "community_id"
    # Whether `when` is the last day of the month that a row tells of: then months are compared with
    # as many months, for a half-year that lasts has seen four where five have as many days.
    monthly: bool = False

    @property
    def by_moment(self) -> bool:
        """Whether `when` holds moments; else days."""
        model = self.rows(None).model
        for step in self.when.split("__"):
            found = model._meta.get_field(step)
            model = found.related_model
        return isinstance(found, DateTimeField)

    def as_far(self, period: Period, other: Period, today: date) -> date:
        """The day up to which `other` is counted beside `period`."""
        return (period.as_many_months if self.monthly else period.as_far)(other, today)

    def within(self, first: date, last: date) -> Q:
        """From `first` to `last`, both included, by local days."""
        if not self.by_moment:
            return Q(**{f"{self.when}__gte": first, f"{self.when}__lte": last})
        begin, end = (_midnight(day) for day in (first, last + timedelta(days=1)))
        return Q(**{f"{self.when}__gte": begin, f"{self.when}__lt": end})


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@dataclass(frozen=True)
class Figure:
    """A figure: its parts are added up; the rows of the first are what it opens.

    `shown`: how a value is written; minutes, say, as hours. `number`: the same as a number.
    """

    code: str
    label: Any
    unit: Any
    icon: str
    parts: tuple[Counted, ...]
    shown: Callable[[int], str] = "{:,}".format
    number: Callable[[int], int | float] = int
    # Whether more is better: True, False, or None where neither is.
    more_is_better: bool | None = None
    # Whether its months are drawn.
    charted: bool = False
    # Whether it counts people: where it is handed on, small counts are not told.
    of_people: bool = False

    @property
    def model(self) -> type[Any]:
        """Whose list it opens."""
        return self.parts[0].rows(None).model

    def opened(
        self, user: Any, period: Period, until: date, place: int | None = None
    ) -> QuerySet[Any]:
        """The rows that the figure was counted from: up to a day, of one community if one is named."""
        part = self.parts[0]
        rows = part.rows(user).filter(part.within(period.first, period.so_far(until)))
        return rows if place is None else rows.filter(**{part.place: place})


@dataclass(frozen=True)
class Reading:
    """A figure as counted: in the period, in the one before, a year before, and month by month."""

    figure: Figure
    now: int
    before: int
    year_before: int
    # The last twelve months, the oldest first: (first day, value).
    trend: list[tuple[date, int]]

    @property
    def shown(self) -> str:
        """The value as written."""
        return self.figure.shown(self.now)

    @property
    def shown_before(self) -> str:
        """The value before as written."""
        return self.figure.shown(self.before)

    @property
    def percent(self) -> int | None:
        """The change against the period before; None where there was nothing."""
        return change_in_percent(self.now, self.before)

    @property
    def year_percent(self) -> int | None:
        """The change against the same period a year before; None where there was nothing."""
        return change_in_percent(self.now, self.year_before)

    @property
    def direction(self) -> str:
        """`up`, `down` or `same`."""
        return direction(self.now, self.before)


def direction(now: int, before: int) -> str:
    """`up`, `down` or `same`."""
    if now == before:
        return "same"
    return "up" if now > before else "down"


@dataclass(frozen=True)
class Breakdown:
    """A count by kinds, for a chart: `by` is a column or an expression, `words` name its values."""

    code: str
    label: Any
    unit: Any
    counted: Counted
    by: Any
    words: Callable[[str], Any] = str


_FIGURES: dict[str, Figure] = {}
_BREAKDOWNS: dict[str, Breakdown] = {}


def figure(one: Figure) -> Figure:
    """Registers a figure."""
    _FIGURES[one.code] = one
    return one


def breakdown(one: Breakdown) -> Breakdown:
    """Registers a breakdown."""
    _BREAKDOWNS[one.code] = one
    return one


def figure_of(code: str) -> Figure | None:
    """A figure by its code."""
    return _FIGURES.get(code)


def all_figures() -> list[Figure]:
    """Every figure, in the order in which the registers stand."""
    return list(_FIGURES.values())


def figures_on(model: type[Any]) -> list[Figure]:
    """The figures that open rows of this model."""
    return [one for one in _FIGURES.values() if one.model is model]


def readings(user: Any, period: Period, offered: Iterable[str] | None = None) -> list[Reading]:
    """The figures of a period: one statement, whatever there is to count.

    `offered`: the codes of those wanted; all of them if not said.
    """
    today = timezone.localdate()
    wanted = [one for one in _FIGURES.values() if offered is None or one.code in set(offered)]
    last_month = month_number(period.so_far(today))
    first_month = min(last_month - TREND_MONTHS + 1, month_number(period.year_before.first))
    parts = []
    for one in wanted:
        for part in one.parts:
            rows = part.rows(user).filter(part.within(first_of(first_month), period.so_far(today)))
            parts.append(_by_month(one.code, part, rows, period, today))
    sums: dict[tuple[str, int], int] = {}
    months: dict[tuple[str, int], int] = {}
    for code, month, side, value in in_one(parts):
        month, value = int(month), int(value or 0)
        sums[code, int(side)] = sums.get((code, int(side)), 0) + value
        months[code, month] = months.get((code, month), 0) + value
    span = range(last_month - TREND_MONTHS + 1, last_month + 1)
    return [
        Reading(
            one,
            sums.get((one.code, NOW), 0),
            sums.get((one.code, BEFORE), 0),
            sums.get((one.code, year_side(period)), 0),
            [(first_of(month), months.get((one.code, month), 0)) for month in span],
        )
        for one in wanted
    ]


def year_side(period: Period) -> int:
    """Under which side the year before is counted: a year's own is the period before."""
    return BEFORE if period.year_before == period.before else YEAR


def side_of(part: Counted, period: Period, today: date) -> Case:
    """In which of the periods that are compared a row lies."""
    before, year = period.before, period.year_before
    return Case(
        When(part.within(period.first, period.so_far(today)), then=Value(NOW)),
        When(part.within(before.first, part.as_far(period, before, today)), then=Value(BEFORE)),
        When(part.within(year.first, part.as_far(period, year, today)), then=Value(YEAR)),
        default=Value(_OTHER),
        output_field=IntegerField(),
    )


def _by_month(
    code: str, part: Counted, rows: QuerySet[Any], period: Period, today: date
) -> QuerySet[Any]:
    side = side_of(part, period, today)
    month = ExtractYear(part.when) * 12 + ExtractMonth(part.when) - 1
    grouped = rows.order_by().annotate(desk_month=month, desk_side=side)
    counted = grouped.values("desk_month", "desk_side").annotate(
        desk_code=word(code), desk_value=Cast(part.what, IntegerField())
    )
    return counted.values_list("desk_code", "desk_month", "desk_side", "desk_value")


def breakdowns(user: Any, period: Period) -> list[tuple[Breakdown, list[tuple[str, int]]]]:
    """Each breakdown of a period, the largest kind first; one statement."""
    today = timezone.localdate()
    parts = []
    for one in _BREAKDOWNS.values():
        part = one.counted
        rows = part.rows(user).filter(part.within(period.first, period.so_far(today)))
        grouped = rows.order_by().annotate(desk_kind=text(one.by)).values("desk_kind")
        counted = grouped.annotate(
            desk_code=word(one.code), desk_value=Cast(part.what, IntegerField())
        )
        parts.append(counted.values_list("desk_code", "desk_kind", "desk_value"))
    found: dict[str, list[tuple[str, int]]] = {code: [] for code in _BREAKDOWNS}
    for code, kind, value in in_one(parts):
        found[code].append((str(_BREAKDOWNS[code].words(kind or "")), int(value or 0)))
    return [
        (one, sorted(found[code], key=lambda row: (-row[1], row[0])))
        for code, one in _BREAKDOWNS.items()
    ]
