"""Figures of a community as of a day: one registry, filled by each register's own indicators.py.

A figure is told by how it is counted and by the rows that it was counted from: whoever doubts it opens
them. What happened after the day counts in none, whenever it was written down.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True)
class Window:
    """The days that count, both included; one day for what is true at a time."""

    first: date
    last: date


@dataclass(frozen=True)
class Measured:
    """What was counted: a number, or a share of two. `base` 0 makes no share."""

    number: int | None = None
    part: int | None = None
    base: int | None = None

    @property
    def value(self) -> int | float | None:
        """The figure itself: a whole number, or a fraction of 1; None without a base."""
        if self.part is None or self.base is None:
            return self.number
        return None if self.base == 0 else float(Fraction(self.part, self.base))


@dataclass(frozen=True)
class Indicator:
    """One figure. `window` and the others are asked for a community's key and a day."""

    # Stored and asked for by others: never changed.
    code: str
    title: Any
    unit: Any
    window: Callable[[int, date], Window]
    rows: Callable[[int, date], QuerySet[Any]]
    measure: Callable[[int, date], Measured]
    # A share that says by how much something grew: shown with its sign.
    is_change: bool = False


@dataclass(frozen=True)
class Reading:
    """A figure as of a day."""

    indicator: Indicator
    window: Window
    measured: Measured

    def as_dict(self) -> dict[str, Any]:
        """The shape that programs read; shares carry both their numbers, counts neither."""
        return {
            "code": self.indicator.code,
            "value": self.measured.value,
            "numerator": self.measured.part,
            "denominator": self.measured.base,
            "window": [self.window.first.isoformat(), self.window.last.isoformat()],
            "title": str(self.indicator.title),
        }


# Every figure there is to be, in the order in which a report names them.
ORDER = (
    "hotline_yoy",
    "incipient_defused",
    "mediators_active",
    "advisors_active",
    "disputes_settled",
    "resident_groups",
    "demands_registered",
    "response_rate",
    "resolution_rate",
    "digests_published",
    "coverage_rate",
    "whistle_resolved",
    "follow_ups_done",
    "latent_defused",
    "education_events",
    "education_heads",
    "services_active",
    "festival_stalls",
)
_INDICATORS: dict[str, Indicator] = {}


def indicator(made: Indicator) -> Indicator:
    """Registers a figure. Raises LookupError for a code that no report knows."""
    if made.code not in ORDER:
        raise LookupError(f"no report asks for {made.code}")
    _INDICATORS[made.code] = made
    return made


def all_indicators() -> list[Indicator]:
    """Those whose registers are there, in their order."""
    return [_INDICATORS[code] for code in ORDER if code in _INDICATORS]


def indicator_of(code: str) -> Indicator | None:
    """One by its code."""
    return _INDICATORS.get(code)


def still_missing() -> list[str]:
    """The codes of those that no register tells yet."""
    return [code for code in ORDER if code not in _INDICATORS]


def readings(community_id: int, as_of: date) -> list[Reading]:
    """Every figure of a community as of a day, always counted anew."""
    return [
        Reading(one, one.window(community_id, as_of), one.measure(community_id, as_of))
        for one in all_indicators()
    ]


def on_the_day(community_id: int, as_of: date) -> Window:
    """The window of what is true at a time."""
    return Window(as_of, as_of)


def this_year(community_id: int, as_of: date) -> Window:
    """From the first of January."""
    return Window(date(as_of.year, 1, 1), as_of)
