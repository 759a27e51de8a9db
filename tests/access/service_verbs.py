"""Inputs for the verbs on services and bookings, as `verbs.ASKED` wants them."""

import datetime
from typing import Any

from django.utils import timezone
from strawberry.relay import to_base64

from backend.core import gate
from backend.core.access import SYSTEM
from backend.people.models import Resident
from backend.places.models import Community
from backend.services import actions, booking
from backend.services.models import ServiceBooking, ServiceItem, Slot
from tests.access.world import HOME

WHY = "来电说明"


def _id(row: Any) -> str:
    return to_base64(type(row).__name__, row.pk)


def _slot(code: str = "slot-free") -> Slot:
    found: Slot = Slot.objects.get(code=code)
    return found


def free() -> dict[str, Any]:
    """A slot with places."""
    return {"slotId": _id(_slot()), "idempotencyKey": "cell"}


def full() -> dict[str, Any]:
    """A slot without any."""
    return {"slotId": _id(_slot("slot-full")), "idempotencyKey": "cell"}


def waiting() -> dict[str, Any]:
    """Somebody in line."""
    row = ServiceBooking.objects.filter(slot__code="slot-full", status="waitlisted")[0]
    return {"bookingId": _id(row), "reason": WHY}


def confirmed() -> dict[str, Any]:
    """Somebody with a place."""
    row = ServiceBooking.objects.filter(slot__code="slot-full", status="confirmed")[0]
    return {"bookingId": _id(row), "reason": WHY}


def begun() -> dict[str, Any]:
    """Somebody with a place in a slot that has begun."""
    # Booked while it is still to come, then moved back.
    start = timezone.now() + datetime.timedelta(minutes=30)
    item = ServiceItem.objects.get(code="fw-yi-2")
    end = start + datetime.timedelta(hours=1)
    slot = Slot(community=item.community, item=item, starts_at=start, ends_at=end, capacity=1)
    slot = gate.save(slot, by=SYSTEM)
    resident = Resident.objects.filter(community__code=HOME).order_by("-pk")[0]
    row = booking.place_booking(slot, by=SYSTEM, resident=resident)
    slot.moves_with_word = True
    slot.starts_at -= datetime.timedelta(minutes=35)
    gate.save(slot, by=SYSTEM)
    return {"bookingId": _id(row)}


def slot_begun() -> dict[str, Any]:
    """The slot of such a one."""
    begun()
    return {"slotId": _id(ServiceBooking.objects.order_by("-pk")[0].slot)}


def details() -> dict[str, Any]:
    """A booking, and a note on it."""
    given = confirmed()
    return {"bookingId": given["bookingId"], "note": "要上门"}


def rating() -> dict[str, Any]:
    """Somebody served, and what they say of it at the desk."""
    given = begun()
    row = ServiceBooking.objects.order_by("-pk")[0]
    booking.mark_served(row, by=SYSTEM)
    return {"bookingId": given["bookingId"], "rating": 5}


def new_slot() -> dict[str, Any]:
    """A further slot."""
    start = timezone.now() + datetime.timedelta(days=3)
    return {
        "itemId": _id(ServiceItem.objects.get(code="haircut")),
        "startsAt": start.isoformat(),
        "endsAt": (start + datetime.timedelta(hours=1)).isoformat(),
        "idempotencyKey": "cell",
    }


def larger() -> dict[str, Any]:
    """A slot with one place more."""
    return {"slotId": _id(_slot()), "capacity": 11}


def slot() -> dict[str, Any]:
    """A slot to call off."""
    return {"slotId": _id(_slot()), "reason": WHY}


def slot_off() -> dict[str, Any]:
    """A slot that was called off."""
    return {"slotId": _id(actions.cancel_slot(_slot(), by=SYSTEM, reason=WHY))}


def item() -> dict[str, Any]:
    """An item to pause."""
    return {"itemId": _id(ServiceItem.objects.get(code="haircut")), "reason": WHY}


def item_paused() -> dict[str, Any]:
    """A paused item."""
    community = Community.objects.get(code=HOME)
    row = ServiceItem.objects.filter(community=community, code="haircut")[0]
    return {"itemId": _id(actions.move_item(row, "pause", by=SYSTEM, reason=WHY))}
