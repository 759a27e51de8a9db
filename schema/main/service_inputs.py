"""What the mutations of services and bookings take."""

from datetime import datetime

import strawberry
from strawberry import relay

from schema.main.changes import SEEN
from schema.main.service_enums import BookingSource


@strawberry.input
class BookServiceInput:
    """Somebody who wants a slot. Residents book for themselves: slot and key are enough."""

    slot_id: relay.GlobalID
    idempotency_key: str = strawberry.field(description="The same key twice: the first result.")
    note: str = ""
    address: str = strawberry.field(default="", description="For help at home.")
    resident_id: relay.GlobalID | None = strawberry.field(
        default=None, description="For staff: a resident of the roster."
    )
    name: str = strawberry.field(
        default="", description="For staff, and for accounts that are tied to no resident."
    )
    phone: str = ""
    proxy_name: str = strawberry.field(
        default="", description="Who books for somebody else; with proxyPhone."
    )
    proxy_phone: str = ""
    source: BookingSource = strawberry.field(
        default=BookingSource.STAFF,
        description="For staff: at the window or by phone. Booking for oneself is always APP.",
    )


@strawberry.input
class ServiceBookingInput:
    """A booking, and why; those who cancel their own need no reason."""

    booking_id: relay.GlobalID
    reason: str = ""


@strawberry.input
class UpdateServiceBookingInput:
    """What changes of a booking's details; a field left out stays. A mask sent back stays, too."""

    booking_id: relay.GlobalID
    name: str | None = strawberry.UNSET
    phone: str | None = strawberry.UNSET
    address: str | None = strawberry.UNSET
    proxy_name: str | None = strawberry.UNSET
    proxy_phone: str | None = strawberry.UNSET
    note: str | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class MarkRestServedInput:
    """A slot that has begun, of whose people nothing else is said."""

    slot_id: relay.GlobalID


@strawberry.input
class RateServiceInput:
    """What its person thinks of a service."""

    booking_id: relay.GlobalID
    rating: int = strawberry.field(description="1 to 5.")
    comment: str = ""


@strawberry.input
class CreateSlotInput:
    """A new slot of an item, [startsAt, endsAt); it can be booked at once."""

    item_id: relay.GlobalID
    starts_at: datetime
    ends_at: datetime
    idempotency_key: str = strawberry.field(description="The same key twice: the first result.")
    capacity: int | None = strawberry.field(
        default=None, description="People; the item's own if left out."
    )
    place: str = strawberry.field(default="", description="The item's own if left out.")


@strawberry.input
class UpdateSlotInput:
    """What changes; a field left out stays. Who has booked is told of another time or place."""

    slot_id: relay.GlobalID
    starts_at: datetime | None = strawberry.UNSET
    ends_at: datetime | None = strawberry.UNSET
    capacity: int | None = strawberry.UNSET
    place: str | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class SlotInput:
    """A slot, and why."""

    slot_id: relay.GlobalID
    reason: str = ""


@strawberry.input
class ServiceItemInput:
    """An item, and why."""

    item_id: relay.GlobalID
    reason: str = ""
