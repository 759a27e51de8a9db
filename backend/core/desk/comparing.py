"""Communities side by side: each figure of a period, beside the period before and the year before.

One statement, whatever there is to count. Small counts of people are not told: such a table is printed
and handed on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import F, IntegerField
from django.db.models.functions import Cast
from django.utils import timezone

from backend.core.access import scope
from backend.core.desk.figures import (
    BEFORE,
    NOW,
    YEAR,
    Counted,
    Figure,
    all_figures,
    direction,
    side_of,
    year_side,
)
from backend.core.desk.periods import Period, change_in_percent
from backend.core.desk.together import in_one, word
from backend.core.small_cells import shown_cell

ACTION = "figures.compare"
# More columns are no table that anybody reads.
MOST_PLACES = 12


@dataclass(frozen=True)
class Place:
    """A community that may be compared."""

    pk: int
    name: str


@dataclass(frozen=True)
class Change:
    """From one count to another, as it may be told: None where a small count stands behind it."""

    percent: int | None
    direction: str
    # Whether there was nothing before, so that no share can be told.
    from_nothing: bool = False


@dataclass(frozen=True)
class Cell:
    """One figure of one community."""

    figure: Figure
    place: int
    now: int
    before: int
    year: int

    def told(self, value: int) -> int | None:
        """A value as it may be handed on: None for a small count of people."""
        return shown_cell(value) if self.figure.of_people else value

    def change(self, other: int) -> Change | None:
        """Against another of its values; None where one of both is small."""
        if self.told(self.now) is None or self.told(other) is None:
            return None
        return Change(
            change_in_percent(self.now, other), direction(self.now, other), other == 0 < self.now
        )

    def beyond(self, first: "Cell") -> int | None:
        """By how much it is more than the first community's; None where one of both is small."""
        if self.told(self.now) is None or first.told(first.now) is None:
            return None
        return self.now - first.now


@dataclass(frozen=True)
class Line:
    """One figure, community by community."""

    figure: Figure
    cells: tuple[Cell, ...]


def may_compare(user: Any) -> bool:
    """Whether there is any community whose figures `user` may lay side by side."""
    where = scope(user, ACTION)
    return where.everywhere or bool(where.communities)


def places_of(user: Any) -> list[Place]:
    """The communities that `user` may compare, by name: whole ones alone."""
    where = scope(user, ACTION)
    rows = apps.get_model("places", "Community")._default_manager.order_by("name", "pk")
    if not where.everywhere:
        rows = rows.filter(pk__in=where.communities)
    return [Place(pk, name) for pk, name in rows.values_list("pk", "name")]


def compared(
    user: Any, period: Period, places: Sequence[int], today: date | None = None
) -> list[Line]:
    """Every figure of the communities, counted from rows that `user` sees."""
    today = today or timezone.localdate()
    figures = all_figures()
    parts = [
        _by_place(one.code, part, part.rows(user), period, places, today)
        for one in figures
        for part in one.parts
    ]
    sums: dict[tuple[str, int, int], int] = {}
    for code, place, side, value in in_one(parts):
        key = (code, int(place), int(side))
        sums[key] = sums.get(key, 0) + int(value or 0)
    return [
        Line(
            one,
            tuple(
                Cell(
                    one,
                    place,
                    sums.get((one.code, place, NOW), 0),
                    sums.get((one.code, place, BEFORE), 0),
                    sums.get((one.code, place, year_side(period)), 0),
                )
                for place in places
            ),
        )
        for one in figures
    ]


def _by_place(
    code: str, part: Counted, rows: Any, period: Period, places: Sequence[int], today: date
) -> Any:
    before, year = period.before, period.year_before
    asked = (
        part.within(period.first, period.so_far(today))
        | part.within(before.first, part.as_far(period, before, today))
        | part.within(year.first, part.as_far(period, year, today))
    )
    rows = rows.filter(asked, **{f"{part.place}__in": list(places)})
    grouped = rows.order_by().annotate(
        desk_place=F(part.place), desk_side=side_of(part, period, today)
    )
    counted = grouped.values("desk_place", "desk_side").annotate(
        desk_code=word(code), desk_value=Cast(part.what, IntegerField())
    )
    return counted.values_list("desk_code", "desk_place", "desk_side", "desk_value")


__all__ = ["BEFORE", "NOW", "YEAR", "Cell", "Change", "Line", "Place", "compared", "places_of"]
