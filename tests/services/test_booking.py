"""Booking, the line, places that are held, and what the person hears of it."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.people.models import Resident, User
from backend.places.models import Community
from backend.services import actions, afterwards, booking
from backend.services.models import ServiceBooking, ServiceItem, Slot
from backend.services.tasks import remind_of_bookings, take_back_offers
from tests.services.counter import neighbours, new_item, new_slot, passes, staff, statuses, told

pytestmark = pytest.mark.django_db


def refused(code: str, do: Any, *args: Any, **named: Any) -> None:
    """It is refused with this code, and nothing is booked."""
    before = list(ServiceBooking.objects.order_by("pk").values())
    with pytest.raises(RuleViolation) as refusal:
        do(*args, **named)
    assert refusal.value.code == code
    assert list(ServiceBooking.objects.order_by("pk").values()) == before


def test_two_get_the_two_places_and_the_third_may_stand_in_line(
    community: Community, slot: Slot
) -> None:
    first, second, third = neighbours(community, 3)
    booking.place_booking(slot, by=first)
    booking.place_booking(slot, by=second)
    refused("slot_full", booking.place_booking, slot, by=third)
    waiting = booking.join_line(slot, by=third)
    assert waiting.queue_number == 1
    assert statuses(slot) == ["confirmed", "confirmed", "waitlisted"]
    assert [told(one) for one in (first, second, third)] == [
        ["service_booked"],
        ["service_booked"],
        ["service_waitlisted"],
    ]


def test_nobody_waits_while_there_is_room(community: Community, slot: Slot) -> None:
    (one,) = neighbours(community, 1)
    refused("places_free", booking.join_line, slot, by=one)


def test_a_place_given_back_goes_to_the_first_in_line(community: Community, slot: Slot) -> None:
    people = neighbours(community, 4)
    mine = [booking.place_booking(slot, by=one) for one in people[:2]]
    for one in people[2:]:
        booking.join_line(slot, by=one)
    booking.cancel_booking(mine[0], by=people[0])
    assert statuses(slot) == ["cancelled", "confirmed", "confirmed", "waitlisted"]
    assert told(people[2])[-1] == "service_promoted"
    # While somebody waits nobody books past them.
    refused("slot_full", booking.place_booking, slot, by=people[0])


def test_a_held_place_is_given_on_when_its_time_is_up(
    community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = new_slot(new_item(community, hold_hours=12), 1)
    first, second, third = neighbours(community, 3)
    mine = booking.place_booking(slot, by=first)
    held = booking.join_line(slot, by=second)
    booking.join_line(slot, by=third)
    booking.cancel_booking(mine, by=first)
    assert statuses(slot) == ["cancelled", "offered", "waitlisted"]
    assert told(second)[-1] == "service_offered"
    assert take_back_offers.func() == 0, "its time is not up"
    passes(monkeypatch, hours=13)
    refused("offer_lapsed", booking.accept_offer, held, by=second)
    assert take_back_offers.func() == 1
    assert statuses(slot) == ["cancelled", "lapsed", "offered"]
    assert told(second)[-1] == "service_offer_lapsed"
    assert take_back_offers.func() == 0


def test_a_held_place_is_theirs_once_they_say_yes(
    community: Community, worker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = new_slot(new_item(community, hold_hours=12), 1)
    first, second = neighbours(community, 2)
    mine = booking.place_booking(slot, by=first)
    held = booking.join_line(slot, by=second)
    booking.cancel_booking(mine, by=first)
    refused("not_allowed", booking.accept_offer, held, by=first)
    booking.accept_offer(held, by=second)
    passes(monkeypatch, hours=13)
    assert take_back_offers.func() == 0
    assert statuses(slot) == ["cancelled", "confirmed"]


def test_a_hold_never_reaches_into_the_slot(community: Community) -> None:
    slot = new_slot(new_item(community, hold_hours=12), 1, in_days=0.25)
    first, second = neighbours(community, 2)
    mine = booking.place_booking(slot, by=first)
    held = booking.join_line(slot, by=second)
    booking.cancel_booking(mine, by=first)
    held.refresh_from_db()
    assert held.held_until is not None
    assert timezone.now() < held.held_until < slot.starts_at


def test_one_person_has_one_active_booking_of_a_slot(
    community: Community, slot: Slot, worker: User
) -> None:
    (one,) = neighbours(community, 1)
    mine = booking.place_booking(slot, by=one)
    refused("booking_taken", booking.place_booking, slot, by=one)
    resident = Resident.objects.get(user=one.user)
    refused("booking_taken", booking.place_booking, slot, by=staff(worker), resident=resident)
    booking.cancel_booking(mine, by=one)
    assert booking.place_booking(slot, by=one).status == "confirmed"


def test_a_name_that_no_roster_knows_books_once_by_phone(slot: Slot, worker: User) -> None:
    who = {"name": "钱若水", "phone": "13900012345", "source": "phone"}
    booking.place_booking(slot, by=staff(worker), **who)
    refused("booking_taken", booking.place_booking, slot, by=staff(worker), **who)


def test_the_quota_counts_a_person_an_item_and_a_month(community: Community, worker: User) -> None:
    item = new_item(community, quota=1)
    slots = [new_slot(item, in_days=days) for days in (1, 1.1)]
    (one,) = neighbours(community, 1)
    booking.place_booking(slots[0], by=one)
    if slots[0].starts_at.month == slots[1].starts_at.month:
        refused("quota_reached", booking.place_booking, slots[1], by=one)
    other = new_slot(new_item(community, code="repair", title="小家电维修", quota=1))
    assert booking.place_booking(other, by=one).status == "confirmed"


def test_the_furthest_day_is_for_those_who_book_themselves(
    community: Community, item: ServiceItem, worker: User
) -> None:
    far = new_slot(item, in_days=item.days_ahead + 2)
    (one,) = neighbours(community, 1)
    refused("slot_too_far", booking.place_booking, far, by=one)
    resident = Resident.objects.get(user=one.user)
    made = booking.place_booking(far, by=staff(worker), resident=resident, source="phone")
    assert made.status == "confirmed"


def test_a_paused_service_takes_nobody(community: Community, slot: Slot, item: ServiceItem) -> None:
    (one,) = neighbours(community, 1)
    actions.move_item(item, "pause", by=SYSTEM, reason="师傅请假")
    refused("service_paused", booking.place_booking, slot, by=one)


def test_the_cut_off_binds_the_person_and_not_the_desk(
    community: Community, item: ServiceItem, worker: User
) -> None:
    soon = new_slot(item, in_days=1 / 24)
    (one,) = neighbours(community, 1)
    mine = booking.place_booking(soon, by=one)
    refused("cancel_too_late", booking.cancel_booking, mine, by=one)
    refused("reason_required", booking.cancel_booking, mine, by=staff(worker))
    gone = booking.cancel_booking(mine, by=staff(worker), reason="来电说不来了")
    assert gone.status == "cancelled"


def test_served_and_stayed_away_come_after_the_beginning(
    community: Community, slot: Slot, worker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = neighbours(community, 2)
    came = booking.place_booking(slot, by=first)
    stayed = booking.place_booking(slot, by=second)
    refused("slot_not_started", booking.mark_served, came, by=staff(worker))
    passes(monkeypatch, days=2, minutes=10)
    booking.mark_served(came, by=staff(worker))
    booking.mark_no_show(stayed, by=staff(worker))
    assert statuses(slot) == ["served", "no_show"]
    refused("rating_invalid", afterwards.rate_booking, came, by=first, rating=6)
    refused("not_allowed", afterwards.rate_booking, came, by=second, rating=1)
    rated = afterwards.rate_booking(came, by=first, rating=5, comment="剪得好")
    assert (rated.status, rated.rating) == ("rated", 5)
    # Marked by mistake: the one came after all.
    assert booking.mark_served(stayed, by=staff(worker)).status == "served"


def test_moving_a_slot_tells_everybody_whom_it_hits(community: Community, slot: Slot) -> None:
    people = neighbours(community, 3)
    for one in people[:2]:
        booking.place_booking(slot, by=one)
    booking.join_line(slot, by=people[2])
    fresh = Slot.objects.get(pk=slot.pk)
    fresh.starts_at, fresh.ends_at = (
        at + datetime.timedelta(hours=3) for at in (fresh.starts_at, fresh.ends_at)
    )
    actions.save_slot(fresh, by=SYSTEM)
    assert [told(one)[-1] for one in people] == ["service_slot_moved"] * 3
    assert statuses(slot) == ["confirmed", "confirmed", "waitlisted"]


def test_calling_a_slot_off_cancels_its_bookings_and_tells_everybody(
    community: Community, slot: Slot
) -> None:
    people = neighbours(community, 3)
    for one in people[:2]:
        booking.place_booking(slot, by=one)
    booking.join_line(slot, by=people[2])
    actions.cancel_slot(slot, by=SYSTEM, reason="停电")
    assert statuses(slot) == ["cancelled"] * 3
    assert [told(one)[-1] for one in people] == ["service_slot_cancelled"] * 3
    refused("slot_cancelled", booking.place_booking, slot, by=people[0])
    actions.reopen_slot(slot, by=SYSTEM)
    assert booking.place_booking(slot, by=people[0]).status == "confirmed"


def test_a_capacity_never_falls_below_what_is_booked(community: Community, slot: Slot) -> None:
    for one in neighbours(community, 2):
        booking.place_booking(slot, by=one)
    fresh = Slot.objects.get(pk=slot.pk)
    fresh.capacity = 1
    refused("capacity_below_booked", actions.save_slot, fresh, by=SYSTEM)
    refused("capacity_below_booked", gate.save, fresh, by=SYSTEM)


def test_a_larger_capacity_goes_to_those_who_wait(community: Community, slot: Slot) -> None:
    people = neighbours(community, 4)
    for one in people[:2]:
        booking.place_booking(slot, by=one)
    for one in people[2:]:
        booking.join_line(slot, by=one)
    fresh = Slot.objects.get(pk=slot.pk)
    fresh.capacity = 3
    actions.save_slot(fresh, by=SYSTEM)
    assert statuses(slot) == ["confirmed", "confirmed", "confirmed", "waitlisted"]


def test_those_with_a_place_are_reminded_once(
    community: Community, item: ServiceItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = new_slot(item, 1, in_days=0.5)
    first, second = neighbours(community, 2)
    booking.place_booking(slot, by=first)
    booking.join_line(slot, by=second)
    assert remind_of_bookings.func() == 1
    assert remind_of_bookings.func() == 0
    assert (told(first)[-1], told(second)[-1]) == ("service_reminder", "service_waitlisted")


def test_a_neighbour_books_for_an_old_one_through_the_desk(slot: Slot, worker: User) -> None:
    old = gate.save(
        Resident(community=slot.community, name="周奶奶", phone="13900055555"), by=SYSTEM
    )
    proxy = {"proxy_name": "钱若水", "proxy_phone": "13900012345"}
    refused(
        "proxy_incomplete",
        booking.place_booking,
        slot,
        by=staff(worker),
        resident=old,
        proxy_name="钱若水",
    )
    made = booking.place_booking(slot, by=staff(worker), resident=old, source="phone", **proxy)
    assert (made.name, made.phone, made.proxy_name) == ("周奶奶", "13900055555", "钱若水")


def test_another_communitys_slot_is_not_there(other_worker: User, slot: Slot) -> None:
    by = Actor.of(other_worker, "test")
    refused("not_allowed", booking.place_booking, slot, by=by, name="外人", phone="")
    refused("not_allowed", booking.place_booking, slot, by=by)


def test_a_sheet_does_not_move_a_slot_behind_its_peoples_backs(
    community: Community, slot: Slot
) -> None:
    (one,) = neighbours(community, 1)
    later = slot.starts_at + datetime.timedelta(hours=1)
    slot.starts_at = later
    gate.save(slot, by=SYSTEM)
    booking.place_booking(slot, by=one)
    fresh = Slot.objects.get(pk=slot.pk)
    fresh.starts_at += datetime.timedelta(minutes=30)
    refused("slot_has_bookings", gate.save, fresh, by=SYSTEM)
    assert Slot.objects.get(pk=slot.pk).starts_at == later
    actions.save_slot(fresh, by=SYSTEM)
    assert told(one)[-1] == "service_slot_moved"
