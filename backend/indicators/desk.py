"""What the hotline brings to 今日待办: calls of a period, and what they were about."""

from typing import Any

from django.db.models import F, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from backend.core.desk.figures import Breakdown, Counted, Figure, breakdown, figure
from backend.indicators.models import HotlineMonthlyCount


def _seen(user: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = HotlineMonthlyCount.objects.visible_to(user)
    return rows


# By the month's last day: a month that is not over is counted on no side.
CALLS = Counted(_seen, "ended_on", Sum("count"), monthly=True)
figure(
    Figure(
        code="hotline_calls",
        label=_("市民热线来电"),
        unit=_("件"),
        icon="support_agent",
        parts=(CALLS,),
        more_is_better=False,
        charted=True,
    )
)
breakdown(
    Breakdown(
        code="hotline_categories",
        label=_("市民热线来电，按类别"),
        unit=_("件"),
        counted=CALLS,
        by=F("category__name"),
    )
)
