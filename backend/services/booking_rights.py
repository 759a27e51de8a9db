"""Who may do something to a booking: its person, staff, or whoever provides the service."""

from typing import Any

from backend.core import gate
from backend.core.access import Actor, may_within, reaches_own
from backend.core.errors import not_allowed, not_found
from backend.core.gate_rights import all_own
from backend.services.choices import BookingSource
from backend.services.helping import helps_in
from backend.services.models import ServiceBooking
from backend.services.states import SERVE


def is_own(booking: ServiceBooking, by: Actor) -> bool:
    """Whether the actor is the person it is for, or booked it in the app."""
    if by.user is None:
        return False
    if booking.source == BookingSource.APP and booking.account_id == by.user.pk:
        return True
    person = booking.resident
    return person is not None and person.user_id == by.user.pk


def oneself_or_staff(booking: ServiceBooking, by: Actor) -> Actor:
    """The actor, whose own it is, or who may do this for others. Raises: not_allowed; not_found."""
    if is_own(booking, by) and may_within(by, "bookings.book", booking.community_id):
        return by.vouched_for()
    return staff_of(booking, by)


def staff_of(booking: ServiceBooking, by: Actor, verb: str = "move") -> Actor:
    """The actor, who may do this to others' bookings. Raises: not_allowed; not_found."""
    if not may_within(by, f"bookings.{verb}", booking.community_id):
        raise not_allowed()
    rows = ServiceBooking.objects.filter(pk=booking.pk)
    if not by.system and not rows.visible_to(by.user).exists():
        raise not_found("服务预约")
    return by.vouched_for()


def server_of(booking: ServiceBooking, by: Actor) -> Actor:
    """The actor, who serves there: staff, a contact of whoever provides the service, or a helper.

    Raises: not_allowed; not_found.
    """
    own = all_own(ServiceBooking, [booking], by, SERVE)
    if own or (reaches_own(by.user, "bookings.serve") and helps_in(by.user, booking.slot_id)):
        return by.vouched_for()
    return staff_of(booking, by, SERVE)


def changes_of(verb: str, booking: ServiceBooking, by: Actor, reason: str = "") -> Any:
    """The change set of a verb on a booking."""
    return gate.change_set(
        f"{verb} {ServiceBooking._meta.label}",
        by=by,
        community_id=booking.community_id,
        reason=reason,
    )
