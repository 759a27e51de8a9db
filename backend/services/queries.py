"""Named reads of services."""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q

from backend.services.bookings import own_rows
from backend.services.choices import ACTIVE, ItemStatus, SlotStatus
from backend.services.models import ServiceBooking, Slot


def is_ones_own(user: Any) -> Q:
    """The bookings that are about a user, not those that they entered for others."""
    return own_rows(user)


def own_bookings(user: Any, to_attr: str) -> Prefetch:
    """A user's active bookings beside each slot, with the place in line."""
    rows: Any = ServiceBooking.objects.filter(is_ones_own(user), status__in=ACTIVE)
    return Prefetch("bookings", rows.with_position(), to_attr=to_attr)


def slots_with_places_to_give(now: datetime) -> list[int]:
    """Keys of slots to come in which somebody waits and a place is free, in order."""
    rows: Any = Slot.objects.with_places()
    found = rows.filter(
        status=SlotStatus.OPEN,
        item__status=ItemStatus.OPEN,
        starts_at__gt=now,
        waitlist_count__gt=0,
        places_left__gt=0,
    )
    return list(found.order_by("pk").values_list("pk", flat=True))
