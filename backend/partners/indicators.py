"""The figure of red partners: what was defused at their posts."""

from datetime import date
from typing import Any

from django.db.models import Min, QuerySet
from django.utils.translation import gettext_lazy as _

from backend.core.indicating import Indicator, Measured, Window, indicator, this_year
from backend.partners.choices import AgreementStatus
from backend.partners.models import CoBuildingAgreement
from backend.partners.queries import defused_at_posts


def _since_the_first(community_id: int, as_of: date) -> Window:
    """Since the first agreement was signed; in a community without any, this year."""
    signed = CoBuildingAgreement.objects.exclude(status=AgreementStatus.DRAFT).filter(
        community=community_id, signed_on__lte=as_of
    )
    first = signed.aggregate(first=Min("signed_on"))["first"]
    return this_year(community_id, as_of) if first is None else Window(first, as_of)


def _rows(community_id: int, as_of: date) -> QuerySet[Any]:
    window = _since_the_first(community_id, as_of)
    return defused_at_posts(community_id, since=window.first, as_of=as_of)


indicator(
    Indicator(
        "incipient_defused",
        _("党员先锋岗化解的苗头性问题"),
        _("件"),
        _since_the_first,
        _rows,
        lambda community_id, as_of: Measured(_rows(community_id, as_of).count()),
    )
)
