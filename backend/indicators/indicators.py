"""The figure on the hotline: calls on property, half-year against half-year."""

from datetime import date
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from backend.core.desk.periods import containing
from backend.core.indicating import Indicator, Measured, Window, indicator
from backend.indicators.comparison import property_in


def _half_year(community_id: int, as_of: date) -> Window:
    """The last half-year that is over."""
    half = containing("half", as_of)
    if as_of < half.last:
        half = half.before
    return Window(half.first, half.last)


def _rows(community_id: int, as_of: date) -> QuerySet[Any]:
    window = _half_year(community_id, as_of)
    return property_in(community_id, window.first, window.last)


def _measure(community_id: int, as_of: date) -> Measured:
    last = containing("half", _half_year(community_id, as_of).first).year_before
    now, then = (
        rows.aggregate(calls=Sum("count"))["calls"]
        for rows in (
            _rows(community_id, as_of),
            property_in(community_id, last.first, last.last),
        )
    )
    # A half-year of which nothing was entered is no half-year without calls.
    if now is None or then is None:
        return Measured(part=0, base=0)
    return Measured(part=now - then, base=then)


indicator(
    Indicator(
        "hotline_yoy",
        _("物业类市民热线来电同比（上半年或下半年）"),
        "",
        _half_year,
        _rows,
        _measure,
        is_change=True,
    )
)
