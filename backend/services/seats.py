"""Places of a slot: how many are taken, and what the rules are told of them.

Counted anew each time, under the lock on the slot's row.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest

from backend.core.facts import Facts
from backend.people.departed import departed
from backend.services.choices import ACTIVE, TAKING, BookingStatus, SlotStatus


@dataclass
class Seats:
    """The places taken in one slot, how many bookings wait, and how many are still active."""

    taken: int = 0
    waiting: int = 0
    active: int = 0

    def free(self, capacity: int) -> int:
        """How many places are left; below 0 never, the gate sees to it."""
        return capacity - self.taken


def seats_of(bookings: Any, slots: Iterable[int]) -> dict[int, Seats]:
    """The places of some slots; `bookings` is the table's manager."""
    wanted = frozenset(slots)
    found = {pk: Seats() for pk in wanted}
    rows = (
        bookings.filter(slot_id__among=wanted)
        .order_by()
        .values("slot_id")
        .annotate(
            taken=Count("pk", filter=Q(status__in=TAKING)),
            waiting=Count("pk", filter=Q(status=BookingStatus.WAITLISTED)),
            active=Count("pk", filter=Q(status__in=ACTIVE)),
        )
        .values_list("slot_id", "taken", "waiting", "active")
    )
    for slot, *counts in rows:
        found[slot] = Seats(*counts)
    return found


class SlotFacts(Facts):
    """Also the places of the slots themselves."""

    seats: dict[int, Seats]
    # The item of each known slot, as stored.
    items: dict[int, int]
    # When and where each known slot is, as stored: beginning, end, place.
    stored: dict[int, tuple[datetime, datetime, str]]

    @classmethod
    def gather(cls, model: type[Any], records: list[Any]) -> Self:
        """As Facts, and two queries more."""
        facts = super().gather(model, records)
        bookings = model._meta.get_field("bookings").related_model._default_manager
        known = frozenset(record.id for record in records if record.id is not None)
        facts.seats = seats_of(bookings, known) if known else {}
        stored = model._default_manager.filter(pk__among=known).order_by()
        columns = ("pk", "item_id", "starts_at", "ends_at", "place")
        rows = list(stored.values_list(*columns)) if known else []
        facts.items = {pk: item for pk, item, *_ in rows}
        facts.stored = {pk: (starts, ends, place) for pk, _, starts, ends, place in rows}
        return facts


class BookingFacts(Facts):
    """Also the places of the slots concerned, kept up to date within a set, and their items."""

    seats: dict[int, Seats]
    # The items of the slots concerned, by key.
    items: dict[int, Any]
    # Those of the people concerned who have died, and those who were erased.
    dead: frozenset[int]
    erased: frozenset[int]
    # The state of each known booking, as stored.
    own: dict[int, str]

    @classmethod
    def gather(cls, model: type[Any], records: list[Any]) -> Self:
        """As Facts, and four queries more."""
        facts = super().gather(model, records)
        rows = model._default_manager
        facts.seats = seats_of(rows, {record.slot_id for record in records} - {None})
        slots = facts.parents["slot"].values()
        item = model._meta.get_field("slot").related_model._meta.get_field("item").related_model
        wanted = frozenset(slot.item_id for slot in slots)
        facts.items = {i.pk: i for i in item._default_manager.filter(pk__among=wanted)}
        facts.dead, facts.erased = departed(r.resident_id for r in records if r.id is None)
        known = frozenset(record.id for record in records if record.id is not None)
        stored = rows.filter(pk__among=known).values_list("pk", "status") if known else ()
        facts.own = dict(stored)
        return facts

    def admit(self, record: Any) -> None:
        """A new booking takes its place, or stands in line, before the next is judged."""
        super().admit(record)
        seats = self.seats.get(record.slot_id)
        if seats is None or record.id is not None:
            return
        if record.queue_number is None:
            seats.taken += 1
        else:
            seats.waiting += 1


def _count(rows: QuerySet[Any]) -> Coalesce:
    """How many bookings of a slot; 0 where there are none."""
    grouped = rows.filter(slot=OuterRef("pk")).order_by().values("slot")
    counted = grouped.annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def places_taken(bookings: Any) -> Coalesce:
    """Bookings that hold a place, as an expression over slots."""
    return _count(bookings.filter(status__in=TAKING))


def waitlist_count(bookings: Any) -> Coalesce:
    """Bookings that wait, as an expression over slots."""
    return _count(bookings.filter(status=BookingStatus.WAITLISTED))


def places_left(bookings: Any) -> Case:
    """Places still free, never below 0; none in a slot that is cancelled."""
    free = Greatest(F("capacity") - places_taken(bookings), Value(0))
    return Case(
        When(status=SlotStatus.OPEN, then=free), default=Value(0), output_field=IntegerField()
    )
