"""The figure of places: chat groups of residents that are there."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from backend.core.indicating import Indicator, Measured, indicator, on_the_day
from backend.places.models import ResidentGroup


def _rows(community_id: int, as_of: date) -> QuerySet[Any]:
    there = Q(ended_on__isnull=True) | Q(ended_on__gte=as_of)
    rows: QuerySet[Any] = ResidentGroup.objects.filter(
        there, community=community_id, started_on__lte=as_of
    )
    return rows


indicator(
    Indicator(
        "resident_groups",
        _("居民微信群"),
        _("个"),
        on_the_day,
        _rows,
        lambda community_id, as_of: Measured(_rows(community_id, as_of).count()),
    )
)
