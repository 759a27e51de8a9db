"""What the neighbours' festival brings to 今日待办: work, dates, figures, and what is found."""

from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.desk.agenda import Dated, dated
from backend.core.desk.figures import Counted, Figure, figure
from backend.core.desk.searching import Findable, findable
from backend.core.desk.together import local_day
from backend.core.desk.waiting import Waiting, rows_to_do, waiting
from backend.festivals.choices import TOOK_PLACE, FestivalStatus
from backend.festivals.models import NeighborFestival, Stall

_COMING = (FestivalStatus.PLANNED, FestivalStatus.ANNOUNCED)


def _to_hold(user: Any) -> QuerySet[Any]:
    rows = rows_to_do(NeighborFestival, user, "move")
    return rows.filter(status=FestivalStatus.ANNOUNCED, ends_at__lt=timezone.now())


def _to_announce(user: Any) -> QuerySet[Any]:
    rows = rows_to_do(NeighborFestival, user, "move")
    return rows.filter(status=FestivalStatus.PLANNED)


def _to_close(user: Any) -> QuerySet[Any]:
    return rows_to_do(NeighborFestival, user, "move").filter(status=FestivalStatus.HELD)


waiting(
    Waiting(
        code="festivals_to_hold",
        label=_("已结束、待登记为“已举办”的邻里节"),
        act=_("登记为已举办"),
        model=NeighborFestival,
        rows=_to_hold,
        title=F("title"),
        about=F("place"),
        due=local_day("ends_at"),
        verb="hold",
    )
)
waiting(
    Waiting(
        code="festivals_to_announce",
        label=_("还没公布的邻里节"),
        act=_("公布"),
        model=NeighborFestival,
        rows=_to_announce,
        title=F("title"),
        about=F("place"),
        due=local_day("starts_at"),
        verb="announce",
    )
)
waiting(
    Waiting(
        code="festivals_to_close",
        label=_("待登记人次并归档的邻里节"),
        act=_("登记人次"),
        model=NeighborFestival,
        rows=_to_close,
        title=F("title"),
        about=F("place"),
    )
)
dated(
    Dated(
        code="festivals",
        label=_("邻里节"),
        icon="celebration",
        model=NeighborFestival,
        rows=lambda user: NeighborFestival.objects.visible_to(user).filter(status__in=_COMING),
        starts="starts_at",
        title=F("title"),
        place=F("place"),
    )
)
figure(
    Figure(
        code="festivals_held",
        label=_("邻里节"),
        unit=_("场"),
        icon="celebration",
        parts=(
            Counted(
                lambda user: NeighborFestival.objects.visible_to(user).filter(
                    status__in=TOOK_PLACE
                ),
                "starts_at",
            ),
        ),
    )
)
findable(Findable(NeighborFestival, "celebration", F("title"), F("place")))
findable(Findable(Stall, "storefront", F("name"), F("festival__title")))
