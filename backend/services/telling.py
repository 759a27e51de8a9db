"""What people are told of their bookings: in the transaction of what it tells of."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from backend.messaging.actions import Recipient, tell
from backend.services.choices import BookingSource
from backend.services.models import ServiceBooking, Slot


def tell_booker(booking: ServiceBooking, template: str, occasion: str, **more: str) -> None:
    """Tells the person of one booking, once an occasion."""
    slot = _slot(booking.slot_id)
    whom = _recipient(booking)
    if whom is not None:
        tell(
            [whom],
            template,
            _values(slot) | more,
            community=slot.community,
            once_key=f"booking {booking.pk} {occasion}",
            about=slot,
        )


def tell_all(
    slot: Slot, rows: "QuerySet[ServiceBooking]", template: str, once_key: str, **more: str
) -> int:
    """Tells everybody of these bookings of a slot; answers how many were told now."""
    slot = _slot(slot.pk)
    found = [_recipient(row) for row in rows.select_related("account", "resident")]
    whom = [recipient for recipient in found if recipient is not None]
    if not whom:
        return 0
    return tell(
        whom,
        template,
        _values(slot) | more,
        community=slot.community,
        once_key=once_key,
        about=slot,
    )


def _slot(pk: int) -> Slot:
    slot: Slot = Slot.objects.select_related("item", "community").get(pk=pk)
    return slot


def _recipient(booking: ServiceBooking) -> Recipient | None:
    """Who is told: the person, or who booked it in the app; of a bare name nobody."""
    account: Any = booking.account if booking.source == BookingSource.APP else None
    if account is None and booking.resident is None:
        return None
    return Recipient(user=account, resident=booking.resident)


def _values(slot: Slot) -> dict[str, str]:
    return {
        "service": slot.item.title,
        "starts_at": f"{timezone.localtime(slot.starts_at):%Y-%m-%d %H:%M}",
        "place": slot.place or slot.item.place or "社区",
    }
