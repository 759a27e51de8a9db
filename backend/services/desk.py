"""What services bring to 今日待办: work, dates, figures, and what is found."""

from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.desk.agenda import Dated, dated
from backend.core.desk.figures import Breakdown, Counted, Figure, breakdown, figure
from backend.core.desk.searching import Findable, findable
from backend.core.desk.together import local_day
from backend.core.desk.waiting import Waiting, rows_to_do, waiting
from backend.core.personal import masked
from backend.services.choices import BookingStatus, SlotStatus
from backend.services.models import ServiceBooking, ServiceItem, Slot

_WAS_SERVED = (BookingStatus.SERVED, BookingStatus.RATED)


def to_confirm(user: Any) -> QuerySet[Any]:
    """The bookings that wait for an answer."""
    return rows_to_do(ServiceBooking, user, "move").filter(status=BookingStatus.BOOKED)


def _to_mark(user: Any) -> QuerySet[Any]:
    rows = rows_to_do(ServiceBooking, user, "serve")
    return rows.filter(status=BookingStatus.CONFIRMED, slot__ends_at__lt=timezone.now())


def _served(user: Any) -> QuerySet[Any]:
    rows: Any = ServiceBooking.objects.visible_to(user)
    return rows.filter(status__in=_WAS_SERVED)  # type: ignore[no-any-return]


waiting(
    Waiting(
        code="bookings_to_confirm",
        label=_("待确认的服务预约"),
        act=_("确认"),
        model=ServiceBooking,
        rows=to_confirm,
        title=masked("name", "name"),
        about=F("slot__item__title"),
        due=local_day("slot__starts_at"),
        verb="confirm",
    )
)
waiting(
    Waiting(
        code="bookings_to_mark",
        label=_("时段已过、待登记“来了没有”的预约"),
        act=_("登记已服务"),
        model=ServiceBooking,
        rows=_to_mark,
        title=masked("name", "name"),
        about=F("slot__item__title"),
        due=local_day("slot__ends_at"),
        verb="serve",
    )
)
dated(
    Dated(
        code="slots",
        label=_("便民服务"),
        icon="volunteer_activism",
        model=Slot,
        rows=lambda user: Slot.objects.visible_to(user).filter(status=SlotStatus.OPEN),
        starts="starts_at",
        a_day=True,
        address="day_page",
    )
)
figure(
    Figure(
        code="services_booked",
        label=_("服务预约"),
        unit=_("件"),
        icon="event_available",
        of_people=True,
        parts=(Counted(lambda user: ServiceBooking.objects.visible_to(user), "booked_at"),),
    )
)
figure(
    Figure(
        code="services_served",
        label=_("完成的服务"),
        unit=_("件"),
        icon="volunteer_activism",
        of_people=True,
        parts=(Counted(_served, "slot__starts_at"),),
        more_is_better=True,
        charted=True,
    )
)
breakdown(
    Breakdown(
        code="services_by_category",
        label=_("完成的服务，按类别"),
        unit=_("件"),
        counted=Counted(_served, "slot__starts_at"),
        by=F("slot__item__category__name"),
    )
)
findable(Findable(ServiceItem, "volunteer_activism", F("title"), F("category__name")))
findable(
    Findable(ServiceBooking, "event_available", masked("name", "name"), F("slot__item__title"))
)
