"""The figures of demands: how many, how many answered, how many solved."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from backend.core.indicating import Indicator, Measured, indicator, this_year
from backend.demands.models import Demand
from backend.demands.queries import SOLVED, figures, midnight_after


def _registered(community_id: int, as_of: date) -> QuerySet[Any]:
    rows: Any = Demand.objects.filter(
        community=community_id, year=as_of.year, received_at__lt=midnight_after(as_of)
    )
    return rows.counted()  # type: ignore[no-any-return]


def _answered(community_id: int, as_of: date) -> QuerySet[Any]:
    return _registered(community_id, as_of).filter(first_response_at__lt=midnight_after(as_of))


def _solved(community_id: int, as_of: date) -> QuerySet[Any]:
    rows = _registered(community_id, as_of)
    return rows.filter(resolved_at__lt=midnight_after(as_of), status__in=SOLVED)


def _share(part: str) -> Any:
    def measure(community_id: int, as_of: date) -> Measured:
        found = figures(community_id, as_of.year, as_of)
        return Measured(part=found[part], base=found["registered"])

    return measure


indicator(
    Indicator(
        "demands_registered",
        _("登记的诉求"),
        _("件"),
        this_year,
        _registered,
        lambda community_id, as_of: Measured(_registered(community_id, as_of).count()),
    )
)
indicator(Indicator("response_rate", _("诉求回复率"), "", this_year, _answered, _share("answered")))
indicator(Indicator("resolution_rate", _("诉求解决率"), "", this_year, _solved, _share("solved")))
