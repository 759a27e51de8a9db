"""The figure of festivals: kinds of service at the smallest of this year's."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from backend.core.indicating import Indicator, Measured, indicator, this_year
from backend.festivals.models import Stall
from backend.festivals.queries import kinds_by_month, stalls_held


def _kinds(community_id: int, as_of: date) -> dict[date, int]:
    window = this_year(community_id, as_of)
    return kinds_by_month(community_id, window.first, window.last, as_of)


def _rows(community_id: int, as_of: date) -> QuerySet[Any]:
    """The stalls of the month that had the fewest kinds, the first of such months."""
    kinds = _kinds(community_id, as_of)
    if not kinds:
        return Stall.objects.none()
    smallest = min(kinds, key=lambda month: (kinds[month], month))
    return stalls_held(community_id, smallest, smallest, as_of)


indicator(
    Indicator(
        "festival_stalls",
        _("邻里节摊位种类（最少的一个月）"),
        _("种"),
        this_year,
        _rows,
        lambda community_id, as_of: Measured(min(_kinds(community_id, as_of).values(), default=0)),
    )
)
