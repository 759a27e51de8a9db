"""Whatever happens in whatever order: a model of a slot beside the real one."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.places.models import Community
from backend.services import actions, booking
from backend.services.choices import ACTIVE, TAKING
from backend.services.models import ServiceBooking, ServiceItem, Slot
from backend.services.tasks import take_back_offers
from tests.services.counter import neighbours, new_item, new_slot

pytestmark = pytest.mark.django_db
PEOPLE = 5
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            (
                "book",
                "wait",
                "cancel",
                "accept",
                "capacity",
                "move",
                "hours",
                "no_show",
                "off",
                "on",
            )
        ),
        st.integers(0, PEOPLE - 1),
        st.integers(1, 4),
    ),
    max_size=25,
)


class Counter:
    """The real thing, with a clock of its own."""

    def __init__(self, item: ServiceItem, people: list[Actor], clock: Any) -> None:
        self.slot = new_slot(item, 2)
        self.people, self.clock = people, clock

    def does(self, verb: str, person: int, number: int) -> None:
        by = self.people[person]
        fresh = Slot.objects.get(pk=self.slot.pk)
        mine = ServiceBooking.objects.filter(
            slot=fresh, account=by.user, status__in=(*ACTIVE, "served", "no_show")
        ).last()
        match verb:
            case "book":
                booking.place_booking(fresh, by=by)
            case "wait":
                booking.join_line(fresh, by=by)
            case "capacity":
                fresh.capacity = number
                actions.save_slot(fresh, by=SYSTEM)
            case "move":
                fresh.starts_at += timedelta(hours=number)
                fresh.ends_at += timedelta(hours=number)
                actions.save_slot(fresh, by=SYSTEM)
            case "hours":
                self.clock[0] += timedelta(hours=5 * number)
                take_back_offers.func()
            case "off":
                actions.cancel_slot(fresh, by=SYSTEM, reason="停电")
            case "on":
                actions.reopen_slot(fresh, by=SYSTEM)
            case _ if mine is not None:
                own: dict[str, Callable[..., Any]] = {
                    "cancel": lambda: booking.cancel_booking(mine, by=by),
                    "accept": lambda: booking.accept_offer(mine, by=by),
                    "no_show": lambda: booking.mark_no_show(mine, by=SYSTEM),
                }
                own[verb]()

    def holds(self, line_before: list[int]) -> None:
        """What must be true after every step."""
        fresh = Slot.objects.get(pk=self.slot.pk)
        rows = list(ServiceBooking.objects.filter(slot=fresh).order_by("pk"))
        taken = [row for row in rows if row.status in TAKING]
        waiting = sorted(
            (row for row in rows if row.status == "waitlisted"), key=lambda row: row.queue_number
        )
        assert len(taken) <= fresh.capacity, "over capacity"
        active = [row.account_id for row in rows if row.status in ACTIVE]
        assert len(active) == len(set(active)), "two active bookings of one person"
        turns = [row.queue_number for row in rows if row.queue_number is not None]
        assert len(turns) == len(set(turns)), "one turn given twice"
        # Whoever left the line by getting a place had nobody before them who still waits.
        now_waiting = {row.queue_number for row in waiting}
        got = {r.queue_number for r in rows if r.status in ("offered", "confirmed")} - {None}
        moved_up = {turn for turn in line_before if turn in got}
        assert all(turn < left for turn in moved_up for left in now_waiting), "out of order"
        on = fresh.status == "open" and self.clock[0] < fresh.starts_at
        assert not (on and waiting and len(taken) < fresh.capacity), "a place that nobody has"
        late = [r for r in rows if r.status == "offered" and r.held_until > fresh.starts_at]
        assert not late or fresh.revision > 1, "held into the slot"

    def line(self) -> list[int]:
        rows = ServiceBooking.objects.filter(slot=self.slot, status="waitlisted")
        return list(rows.values_list("queue_number", flat=True))


def run(item: ServiceItem, people: list[Actor], clock: list[datetime], steps: Any) -> int:
    """Does the steps, one transaction each; answers how many were not refused."""
    counter, done = Counter(item, people, clock), 0
    for verb, person, number in steps:
        before = counter.line()
        try:
            with transaction.atomic():
                counter.does(verb, person, number)
            done += 1
        except RuleViolation as refusal:
            # Each refusal is a rule's, and says what to do.
            assert refusal.code, refusal.message
        counter.holds(before)
    return done


@pytest.mark.parametrize("hold_hours", [0, 12])
def test_no_order_of_steps_breaks_a_promise(
    community: Community, hold_hours: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = new_item(community, hold_hours=hold_hours, cancel_hours=0, days_ahead=60)
    people = neighbours(community, PEOPLE)
    began = timezone.now()
    clock = [began]
    monkeypatch.setattr(timezone, "now", lambda: clock[0])
    reached = []

    @given(STEPS)
    def try_it(steps: Any) -> None:
        with transaction.atomic():
            clock[0] = began
            reached.append(run(item, people, clock, steps))
            transaction.set_rollback(True)

    try_it()
    assert max(reached) >= 3, "the steps did something"


def test_control_a_line_that_is_not_in_order_is_seen(community: Community) -> None:
    """What `holds` says of a slot in which the second in line was given the place."""
    people = neighbours(community, 3)
    counter = Counter(new_item(community), people, [timezone.now()])
    fresh = Slot.objects.get(pk=counter.slot.pk)
    fresh.capacity = 1
    actions.save_slot(fresh, by=SYSTEM)
    booking.place_booking(fresh, by=people[0])
    for one in people[1:]:
        booking.join_line(fresh, by=one)
    before = counter.line()
    counter.holds(before)
    rows = ServiceBooking.objects.filter(slot=fresh)
    rows.filter(status="confirmed").update(status="cancelled")
    rows.filter(queue_number=2).update(status="confirmed")
    with pytest.raises(AssertionError, match="out of order"):
        counter.holds(before)
