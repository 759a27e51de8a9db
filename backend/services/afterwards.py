"""What became of a booking: served or not, and what its person thinks of the service."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor
from backend.core.errors import RuleViolation
from backend.services import rules
from backend.services.booking_rights import changes_of, oneself_or_staff, server_of
from backend.services.choices import BookingStatus
from backend.services.models import ServiceBooking, Slot


def mark_served(booking: ServiceBooking, *, by: Actor) -> ServiceBooking:
    """The booking, served. Raises: slot_not_started; wrong_state; not_allowed."""
    return _mark(booking, "serve", by)


def mark_no_show(booking: ServiceBooking, *, by: Actor) -> ServiceBooking:
    """The booking, whose person stayed away. Raises: slot_not_started; wrong_state; not_allowed."""
    return _mark(booking, "miss", by)


def serve_the_rest(slot: Slot, *, by: Actor) -> int:
    """Marks everybody as served of whom nothing is said yet; answers how many they were.

    Of those whom the actor sees: a steward the own estate's. Raises: what `mark_served` raises.
    """
    with transaction.atomic():
        rows: Any = ServiceBooking.objects.filter(slot=slot, status=BookingStatus.CONFIRMED)
        found = list((rows if by.system else rows.visible_to(by.user)).order_by("pk"))
        for row in found:
            mark_served(row, by=by)
    return len(found)


def rate_booking(
    booking: ServiceBooking, *, by: Actor, rating: int | None, comment: str = ""
) -> ServiceBooking:
    """The booking with what its person thinks of the service: 1 to 5, and a word.

    Raises: rating_invalid; wrong_state; not_allowed.
    """
    by = oneself_or_staff(booking, by)
    with changes_of("rate", booking, by) as changes:
        fresh: ServiceBooking = ServiceBooking.objects.get(pk=booking.pk)
        if rating is None:
            raise RuleViolation("rating_invalid", "请给 1 到 5 分。", field="rating")
        rules.rating_is_credible(rating, BookingStatus.SERVED)
        moved = gate.move(fresh, "rate", by=by, within=changes)
        moved.rating, moved.comment = rating, comment
        return gate.save(moved, by=by, within=changes)


def _mark(booking: ServiceBooking, verb: str, by: Actor) -> ServiceBooking:
    def begun(fresh: ServiceBooking) -> None:
        starts_at = Slot.objects.values_list("starts_at", flat=True).get(pk=fresh.slot_id)
        rules.slot_has_begun(starts_at, timezone.now())

    return gate.move(booking, verb, by=server_of(booking, by), guard=begun)
