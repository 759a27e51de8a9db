"""What of services and bookings is shown where."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from backend.core.facets import Facets, register
from backend.core.holdings import Holding, hold
from backend.core.masking import ANONYMOUS
from backend.services.choices import ItemStatus, SlotStatus
from backend.services.models import (
    Closure,
    ServiceBooking,
    ServiceCategory,
    ServiceItem,
    Slot,
    SlotException,
    SlotRule,
)

KEPT_DAYS = 365


def open_items() -> "QuerySet[ServiceItem]":
    """What anonymous readers may see: what can be booked."""
    return ServiceItem.objects.filter(status=ItemStatus.OPEN)


def slots_to_come(now: datetime | None = None) -> "QuerySet[Slot]":
    """The slots that everybody may see: of what can be booked, and not over."""
    rows: QuerySet[Slot] = Slot.objects.filter(
        status=SlotStatus.OPEN, item__status=ItemStatus.OPEN, ends_at__gt=now or timezone.now()
    )
    return rows


CATEGORY = register(
    Facets(
        ServiceCategory,
        form=("community", "code", "name", "position", "summary"),
        listed=("name", "position", "summary", "community"),
        searched=("name", "=code"),
        filtered=("community",),
        imported=("code", "name", "position", "summary"),
        natural_key=("code",),
        exported=("code", "name", "position", "summary"),
        public=("code", "name", "summary"),
        public_rows=ServiceCategory.objects.all,
        attachments=False,
    )
)
ITEM = register(
    Facets(
        ServiceItem,
        form=(
            "community",
            "code",
            "category",
            "title",
            "summary",
            "prerequisites",
            "place",
            "provider",
            "capacity",
            "days_ahead",
            "cancel_hours",
            "quota",
            "needs_approval",
            "waitlist_on",
            "hold_hours",
        ),
        listed=("title", "code", "category", "place", "provider", "capacity", "status"),
        searched=("title", "=code", "category__name", "place"),
        filtered=("status", "category", "community"),
        imported=(
            "code",
            "category",
            "title",
            "summary",
            "prerequisites",
            "place",
            "provider",
            "capacity",
            "days_ahead",
            "cancel_hours",
            "quota",
            "needs_approval",
            "waitlist_on",
            "hold_hours",
        ),
        synonyms=(
            ("category", ("类别", "九助", "九助类别")),
            ("title", ("服务项目", "项目名称", "名称")),
            ("prerequisites", ("条件", "服务对象")),
            ("provider", ("提供单位", "服务提供方")),
        ),
        natural_key=("code",),
        exported=(
            "code",
            "category",
            "title",
            "summary",
            "prerequisites",
            "place",
            "provider",
            "capacity",
            "days_ahead",
            "cancel_hours",
            "quota",
            "needs_approval",
            "waitlist_on",
            "hold_hours",
            "status",
        ),
        public=("code", "title", "category", "summary", "prerequisites", "place", "status"),
        public_rows=open_items,
    )
)
SLOT = register(
    Facets(
        Slot,
        form=(
            "community",
            "code",
            "item",
            "starts_at",
            "ends_at",
            "capacity",
            "place",
            "helper",
        ),
        listed=("item", "code", "starts_at", "ends_at", "place", "status"),
        searched=("item__title", "=code", "=item__code"),
        filtered=("status", "item", "community"),
        imported=("code", "item", "starts_at", "ends_at", "capacity", "place", "helper"),
        synonyms=(
            ("item", ("项目", "服务名称")),
            ("helper", ("服务者", "志愿者", "师傅")),
        ),
        natural_key=("code",),
        exported=("code", "item", "starts_at", "ends_at", "capacity", "place", "helper", "status"),
        public=("code", "item", "starts_at", "ends_at", "capacity", "place", "status"),
        public_rows=slots_to_come,
        attachments=False,
    )
)
RULE = register(
    Facets(
        SlotRule,
        form=(
            "community",
            "code",
            "item",
            "frequency",
            "weekday",
            "nth",
            "starts",
            "ends",
            "capacity",
            "place",
            "helper",
            "valid_from",
            "valid_until",
            "on_holiday",
        ),
        listed=("item", "frequency", "weekday", "nth", "starts", "ends", "capacity", "valid_from"),
        searched=("item__title", "=code"),
        filtered=("frequency", "weekday", "item", "community"),
        exported=(
            "code",
            "item",
            "frequency",
            "weekday",
            "nth",
            "starts",
            "ends",
            "capacity",
            "place",
            "helper",
            "valid_from",
            "valid_until",
            "on_holiday",
        ),
        attachments=False,
    )
)
register(Facets(SlotException, form=("rule", "day", "kind", "reason"), attachments=False))
register(
    Facets(
        Closure,
        form=("community", "item", "first_day", "last_day", "reason"),
        listed=("first_day", "last_day", "item", "reason", "community"),
        searched=("reason", "item__title"),
        filtered=("community",),
        exported=("first_day", "last_day", "item", "reason"),
        attachments=False,
    )
)
register(
    Facets(
        ServiceBooking,
        form=(
            "slot",
            "resident",
            "name",
            "phone",
            "address",
            "proxy_name",
            "proxy_phone",
            "source",
            "note",
        ),
        listed=("slot", "name", "phone", "status", "source", "booked_at"),
        searched=("=code", "=name", "slot__item__title", "=slot__code"),
        filtered=("status", "source", "slot__item"),
        exported=(
            "code",
            "slot",
            "name",
            "phone",
            "address",
            "proxy_name",
            "proxy_phone",
            "status",
            "queue_number",
            "source",
            "note",
            "rating",
            "comment",
            "booked_at",
        ),
    )
)
hold(
    Holding(
        code="service_bookings",
        model=ServiceBooking,
        resident="resident",
        shown=("slot", "name", "phone", "address", "status", "note", "booked_at"),
        anonymous=lambda row: {
            "resident": None,
            "account": None,
            "name": ANONYMOUS,
            "phone": "",
            "address": "",
            "proxy_name": "",
            "proxy_phone": "",
            "note": "",
            "comment": "",
        },
        kept_days=KEPT_DAYS,
        since="slot__ends_at",
        done=lambda: Q(
            resident__isnull=True,
            account__isnull=True,
            name=ANONYMOUS,
            phone="",
            address="",
            proxy_name="",
            proxy_phone="",
            note="",
            comment="",
        ),
        label="服务预约",
    )
)
