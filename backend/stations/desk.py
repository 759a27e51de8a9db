"""What cool stations bring to 今日待办: refills, what was given out, and what is found."""

from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from backend.core.desk.searching import Findable, findable
from backend.core.desk.waiting import Waiting, rows_to_do, waiting
from backend.stations.choices import RefillStatus
from backend.stations.models import CoolStation, Refill


def _to_refill(user: Any) -> QuerySet[Any]:
    return rows_to_do(Refill, user, "move").filter(status=RefillStatus.OPEN)


waiting(
    Waiting(
        code="refills",
        label=_("待补货的清凉驿站"),
        act=_("去补货"),
        model=Refill,
        rows=_to_refill,
        title=F("stock__supply__name"),
        about=F("stock__station__name"),
        due=F("due_on"),
        deadline=True,
    )
)
findable(Findable(CoolStation, "ac_unit", F("name"), F("place")))
