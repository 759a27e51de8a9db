"""Places of an event: how many are taken, and what the rules are told of them.

Counted anew each time, under the lock on the event's row: a counter kept beside would be one more
thing to be wrong.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Aggregate, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from backend.core.facts import Facts
from backend.education.choices import TAKING, RegistrationStatus
from backend.people.departed import departed


def count_of(rows: QuerySet[Any], aggregate: Aggregate) -> Coalesce:
    """A correlated aggregate over an event's rows; 0 where there are none."""
    grouped = rows.filter(event=OuterRef("pk")).order_by().values("event")
    return Coalesce(
        Subquery(grouped.annotate(n=aggregate).values("n"), output_field=IntegerField()), 0
    )


@dataclass
class Seats:
    """The places taken at one event (people), and how many registrations wait."""

    taken: int = 0
    waiting: int = 0

    def free(self, capacity: int | None) -> int | None:
        """How many places are left; None where there is no limit."""
        return None if capacity is None else capacity - self.taken


def seats_of(registrations: Any, events: Iterable[int]) -> dict[int, Seats]:
    """The places of some events; `registrations` is the table's manager."""
    wanted = set(events)
    found = {pk: Seats() for pk in wanted}
    rows = (
        registrations.filter(event_id__among=frozenset(wanted))
        .order_by()
        .values("event_id")
        .annotate(
            taken=Sum("size", filter=Q(status__in=TAKING)),
            waiting=Count("pk", filter=Q(status=RegistrationStatus.WAITLISTED)),
        )
        .values_list("event_id", "taken", "waiting")
    )
    for event, taken, waiting in rows:
        found[event] = Seats(taken or 0, waiting)
    return found


class SeatFacts(Facts):
    """Also the places of the events concerned, kept up to date within a set."""

    seats: dict[int, Seats]
    # Those of the people concerned who have died.
    dead: frozenset[int]
    # Those who were erased at their own wish.
    erased: frozenset[int]
    # What each known registration takes itself: status and size as stored.
    own: dict[int, tuple[str, int]]

    @classmethod
    def gather(cls, model: type[Any], records: list[Any]) -> Self:
        """As Facts, and three queries more."""
        facts = super().gather(model, records)
        rows = model._default_manager
        facts.seats = seats_of(rows, {r.event_id for r in records} - {None})
        facts.dead, facts.erased = departed(r.resident_id for r in records if r.id is None)
        known = frozenset(r.id for r in records if r.id is not None)
        stored = rows.filter(pk__among=known).values_list("pk", "status", "size") if known else ()
        facts.own = {pk: (status, size) for pk, status, size in stored}
        return facts

    def admit(self, record: Any) -> None:
        """A new registration takes its places, or stands in line, before the next is judged."""
        super().admit(record)
        seats = self.seats.get(record.event_id)
        if seats is None:
            return
        status, size = self.own.get(record.id, ("", 0))
        if record.id is None and record.queue_number is not None:
            seats.waiting += 1
        elif record.id is None or status in TAKING:
            seats.taken += record.size - size
        if record.id is not None:
            self.own[record.id] = (status, record.size)


class EventFacts(Facts):
    """Also how many places are taken at each event."""

    taken: dict[int, int]

    @classmethod
    def gather(cls, model: type[Any], records: list[Any]) -> Self:
        """As Facts, and one query more."""
        facts = super().gather(model, records)
        table = model._meta.get_field("registrations").related_model._default_manager
        known = {record.id for record in records if record.id is not None}
        seats = seats_of(table, known) if known else {}
        facts.taken = {pk: found.taken for pk, found in seats.items()}
        return facts
