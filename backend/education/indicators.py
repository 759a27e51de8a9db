"""The figures of legal education: events held this year, and heads (人次)."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.indicating import Indicator, Measured, indicator, this_year
from backend.education.choices import EventStatus
from backend.education.models import LegalEducationEvent


def _rows(community_id: int, as_of: date) -> QuerySet[Any]:
    begin, end = (
        timezone.make_aware(datetime.combine(day, time.min))
        for day in (as_of.replace(month=1, day=1), as_of + timedelta(days=1))
    )
    rows: QuerySet[Any] = LegalEducationEvent.objects.filter(
        community=community_id,
        status__in=(EventStatus.HELD, EventStatus.ARCHIVED),
        starts_at__gte=begin,
        starts_at__lt=end,
    )
    return rows


def _heads(community_id: int, as_of: date) -> Measured:
    rows: Any = _rows(community_id, as_of)
    return Measured(rows.with_heads().aggregate(heads=Sum("heads_total"))["heads"] or 0)


indicator(
    Indicator(
        "education_events",
        _("普法活动"),
        _("场"),
        this_year,
        _rows,
        lambda community_id, as_of: Measured(_rows(community_id, as_of).count()),
    )
)
indicator(Indicator("education_heads", _("普法活动参加人次"), _("人次"), this_year, _rows, _heads))
