"""The figure of services: what could be booked on a day."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.indicating import Indicator, Measured, indicator, on_the_day
from backend.core.models import Transition
from backend.services.choices import ItemStatus
from backend.services.models import ServiceItem


def _rows(community_id: int, as_of: date) -> QuerySet[Any]:
    """An item's state on a day is the one from which its next move began; without any, today's."""
    after = timezone.make_aware(datetime.combine(as_of + timedelta(days=1), time.min))
    later = Transition.objects.filter(
        model=ServiceItem._meta.label, object_id=OuterRef("pk"), occurred_at__gte=after
    )
    then = Subquery(later.order_by("occurred_at", "pk").values("source")[:1])
    rows: QuerySet[Any] = ServiceItem.objects.filter(community=community_id)
    return rows.annotate(status_then=Coalesce(then, F("status"))).filter(
        status_then=ItemStatus.OPEN
    )


indicator(
    Indicator(
        "services_active",
        _("九助服务项目"),
        _("项"),
        on_the_day,
        _rows,
        lambda community_id, as_of: Measured(_rows(community_id, as_of).count()),
    )
)
