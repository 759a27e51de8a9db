"""One line of a ledger of bookings, and carrying it out: at the times of then, telling nobody."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor, require
from backend.core.errors import RuleViolation
from backend.core.models import ChangeSet
from backend.services import rules
from backend.services.choices import BookingSource, BookingStatus
from backend.services.models import ServiceBooking, Slot
from backend.services.states import BOOKING_MACHINE

ENTERED = "据预约登记表录入"
# By which verb a booking comes to what the ledger tells.
VERBS: dict[str, str] = {
    BookingStatus.SERVED: "serve",
    BookingStatus.NO_SHOW: "miss",
    BookingStatus.CANCELLED: "cancel",
}


@dataclass
class Told:
    """What a row says: a slot by item and time, whom it is booked for, what became of it."""

    item: int
    capacity: int
    starts_at: datetime
    ends_at: datetime
    exact: bool
    outcome: str
    rating: int | None
    comment: str
    helper: str
    name: str
    phone: str
    address: str
    slot: int | None = None
    resident: int | None = None
    booking: int | None = None

    def may_be(self) -> None:
        """Raises: slot_not_started; rating_too_early."""
        if self.outcome in (BookingStatus.SERVED, BookingStatus.NO_SHOW) and (
            self.starts_at > timezone.now()
        ):
            raise RuleViolation(
                "slot_not_started", "时段还没开始，不能写已完成或未到。", field="outcome"
            )
        if self.rating is not None:
            rules.rating_is_credible(self.rating, self.outcome)

    def follows(self, status: str) -> None:
        """Whether a booking in that state can come to what is told. Raises: wrong_state."""
        verb = VERBS.get(self.outcome)
        if verb is not None and status not in (self.outcome, BookingStatus.RATED):
            labels = {str(value): str(label) for value, label in BookingStatus.choices}
            BOOKING_MACHINE.require(verb, status, labels)

    def as_values(self) -> dict[str, Any]:
        """For the plan that is kept."""
        moments = {name: getattr(self, name).isoformat() for name in ("starts_at", "ends_at")}
        return asdict(self) | moments

    @classmethod
    def of_values(cls, values: dict[str, Any]) -> Self:
        """As kept."""
        moments = {name: datetime.fromisoformat(values[name]) for name in ("starts_at", "ends_at")}
        return cls(**(values | moments))


def replay(told: Told, *, community_id: int, by: Actor, within: ChangeSet) -> ServiceBooking:
    """The booking, as the ledger tells it.

    Raises: slot_full; booking_taken; whatever the verbs raise.
    """
    require(by, "bookings.edit", community_id)
    by = by.vouched_for()
    if told.booking is not None:
        booking: ServiceBooking = ServiceBooking.objects.get(pk=told.booking)
    else:
        booking = _booked(told, community_id, by, within)
    return _came_to(booking, told, by, within)


def _booked(told: Told, community_id: int, by: Actor, within: ChangeSet) -> ServiceBooking:
    slot = _slot(told, community_id, by, within)
    record = ServiceBooking(
        community_id=community_id,
        slot=slot,
        resident_id=told.resident,
        account=by.user,
        name=told.name,
        phone=told.phone,
        address=told.address,
        source=BookingSource.STAFF,
        booked_at=min(timezone.now(), slot.starts_at),
    )
    gate.save(record, by=by, within=within)
    return gate.move(
        record, "confirm", by=by, occurred_at=record.booked_at, reason=ENTERED, within=within
    )


def _slot(told: Told, community_id: int, by: Actor, within: ChangeSet) -> Slot:
    """The slot of that item and time; made, with room for as many as come, if there is none."""
    rows = Slot.objects.filter(community=community_id, item=told.item, starts_at=told.starts_at)
    if told.slot is not None:
        rows = Slot.objects.filter(pk=told.slot)
    slot: Slot | None = rows.order_by("pk").first()
    if slot is None:
        slot = Slot(
            community_id=community_id,
            item_id=told.item,
            starts_at=told.starts_at,
            ends_at=told.ends_at,
            capacity=told.capacity,
            helper=told.helper,
        )
        return gate.save(slot, by=by, within=within)
    made_here = told.slot is None
    if made_here and slot.with_room() < 1:
        # A ledger of what has been: as many came as came.
        slot.capacity += 1
        gate.save(slot, by=by, within=within)
    return slot


def _came_to(booking: ServiceBooking, told: Told, by: Actor, within: ChangeSet) -> ServiceBooking:
    verb = VERBS.get(told.outcome)
    move: dict[str, Any] = {"by": by, "reason": ENTERED, "within": within}
    if verb is not None and booking.status not in (told.outcome, BookingStatus.RATED):
        at = min(timezone.now(), told.ends_at)
        booking = gate.move(booking, verb, occurred_at=at, **move)
    if told.rating is not None and booking.status == BookingStatus.SERVED:
        booking = gate.move(booking, "rate", **move)
        booking.rating = told.rating
    if told.comment and not booking.comment:
        booking.comment = told.comment
    return gate.save(booking, by=by, within=within)
