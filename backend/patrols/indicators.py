"""The figures of the evening's digests: how many went out, and how many households they reached."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from backend.core.indicating import Indicator, Measured, indicator, this_year
from backend.patrols.queries import coverage, digests_published


def _published(community_id: int, as_of: date) -> QuerySet[Any]:
    return digests_published(community_id, since=date(as_of.year, 1, 1), as_of=as_of)


def _covered(community_id: int, as_of: date) -> Measured:
    found = coverage(community_id, since=date(as_of.year, 1, 1), as_of=as_of)
    return Measured(part=found.reached, base=found.occupied)


indicator(
    Indicator(
        "digests_published",
        _("发布的工作小结"),
        _("期"),
        this_year,
        _published,
        lambda community_id, as_of: Measured(_published(community_id, as_of).count()),
    )
)
indicator(Indicator("coverage_rate", _("工作小结覆盖率"), "", this_year, _published, _covered))
