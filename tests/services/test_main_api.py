"""Services through the main API and the open data, as their callers ask them."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from strawberry.relay import to_base64

from backend.core.access import SYSTEM
from backend.people.models import User
from backend.places.models import Community
from backend.services import actions, booking
from backend.services.models import ServiceBooking, Slot
from tests.schema.asking import OPEN, ask, caller, data, nodes
from tests.services.counter import neighbours, new_item, new_slot, staff

pytestmark = pytest.mark.django_db
BOOK = """mutation ($input: BookServiceInput!) { %s(input: $input) {
  serviceBooking { code status name phone nameInFull position slot { code placesLeft } }
  errors { field code message } } }"""
WEEK = """query ($from: DateTime!, $before: DateTime!) {
  slots(first: 100, order: {startsAt: ASC},
    filters: {community: "xinhe", status: [OPEN], startsFrom: $from, startsBefore: $before,
              hasPlaces: true}) {
    totalCount edges { node { code placesLeft waitlistCount statusLabel
      item { title category { name } } myBooking { status statusLabel position availableActions { name } } availableActions { name } } }
  } }"""


def given(slot: Slot, key: str = "k", **more: Any) -> dict[str, Any]:
    return {"slotId": to_base64("Slot", slot.pk), "idempotencyKey": key} | more


def booked(user: User, slot: Slot, verb: str = "bookService", **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = data(caller(user), BOOK % verb, input=given(slot, **more))[verb]
    return answer


def test_a_full_slot_is_refused_and_its_line_is_another_verb(
    community: Community, worker: User
) -> None:
    slot = new_slot(new_item(community), 1)
    first, second = neighbours(community, 2)
    made = booked(first.user, slot)
    assert made["serviceBooking"]["status"] == "CONFIRMED"
    assert made["serviceBooking"]["slot"] == {"code": slot.code, "placesLeft": 0}
    refused = booked(second.user, slot)
    assert refused["serviceBooking"] is None
    assert [error["code"] for error in refused["errors"]] == ["slot_full"]
    waits = booked(second.user, slot, "joinSlotWaitlist")
    assert (waits["serviceBooking"]["status"], waits["serviceBooking"]["position"]) == (
        "WAITLISTED",
        1,
    )


def test_the_same_key_gives_the_first_result(community: Community) -> None:
    slot = new_slot(new_item(community))
    (one,) = neighbours(community, 1)
    again = [booked(one.user, slot, key="once")["serviceBooking"]["code"] for _ in range(2)]
    assert again[0] == again[1]
    assert ServiceBooking.objects.count() == 1


def test_what_can_i_book_this_week_is_a_fixed_number_of_statements(
    community: Community,
) -> None:
    """Also on ten times as many."""
    items = [new_item(community, code=f"i{n}", title=f"服务{n}") for n in range(3)]
    (one,) = neighbours(community, 1)
    now = timezone.now()
    week = {
        "from": now.isoformat(),
        "before": (now + datetime.timedelta(days=7)).isoformat(),
    }

    def statements() -> tuple[int, int]:
        client = caller(one.user)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            found = data(client, WEEK, **week)["slots"]
        assert found["totalCount"] == len(nodes(found))
        return len(nodes(found)), len(seen)

    for number in range(3):
        booking.place_booking(new_slot(items[number], in_days=1 + number / 10), by=one)
    few = statements()
    for number in range(27):
        slot = new_slot(items[number % 3], in_days=2 + number / 10)
        booking.place_booking(slot, by=one)
    many = statements()
    assert (few[0], many[0]) == (3, 30)
    assert few[1] == many[1], "not a statement more"
    full = new_slot(items[0], 1, in_days=1)
    booking.place_booking(full, by=one)
    assert statements()[0] == 30, "a full slot has no place"


def test_the_slots_of_an_item_come_in_an_order_of_their_own_with_one_s_bookings(
    community: Community,
) -> None:
    item = new_item(community)
    (one,) = neighbours(community, 1)
    codes = [new_slot(item, in_days=days, code=f"in-{days}").code for days in (3, 1, 2)]
    booking.place_booking(Slot.objects.get(code=codes[0]), by=one)
    query = """{ serviceItems { edges { node {
      slots(first: 3, order: {startsAt: ASC}, filters: {status: [OPEN]}) {
        edges { node { code myBooking { status } } } } } } } }"""
    (found,) = nodes(data(caller(one.user), query)["serviceItems"])
    assert nodes(found["slots"]) == [
        {"code": "in-1", "myBooking": None},
        {"code": "in-2", "myBooking": None},
        {"code": "in-3", "myBooking": {"status": "CONFIRMED"}},
    ]


def test_names_are_masked_and_others_bookings_are_not_there(
    community: Community, worker: User
) -> None:
    slot = new_slot(new_item(community))
    first, second = neighbours(community, 2)
    made = booked(first.user, slot)["serviceBooking"]
    assert (made["name"], made["nameInFull"]) == ("钱*", None)
    query = "{ serviceBookings { totalCount } myBookings { totalCount } }"
    assert data(caller(second.user), query) == {
        "serviceBookings": {"totalCount": 0},
        "myBookings": {"totalCount": 0},
    }
    assert data(caller(first.user), query)["myBookings"]["totalCount"] == 1
    assert data(caller(worker), query)["serviceBookings"]["totalCount"] == 1


def test_what_one_may_do_depends_on_who_one_is(community: Community, worker: User) -> None:
    slot = new_slot(new_item(community))
    (one,) = neighbours(community, 1)
    mine = booking.place_booking(slot, by=one)
    beside = "{ slots { edges { node { myBooking { statusLabel availableActions { name } } } } } }"
    (seen,) = nodes(data(caller(one.user), beside)["slots"])
    assert seen["myBooking"]["statusLabel"] == "预约成功"
    assert "cancel" in {verb["name"] for verb in seen["myBooking"]["availableActions"]}
    query = """query ($code: String!) { serviceBooking(code: $code) {
      availableActions { name allowed reason } } }"""

    def actions(user: User) -> dict[str, bool]:
        found = data(caller(user), query, code=mine.code)["serviceBooking"]
        return {action["name"]: action["allowed"] for action in found["availableActions"]}

    assert actions(one.user) == {"cancel": True}
    assert actions(worker) == {"cancel": True, "serve": False, "miss": False}


def test_open_data_shows_what_is_to_come_and_no_booking(community: Community) -> None:
    item = new_item(community)
    slot = new_slot(item, 3)
    off = new_slot(new_item(community, code="off", title="停了的服务"))
    actions.cancel_slot(off, by=SYSTEM, reason="停电")
    (one,) = neighbours(community, 1)
    booking.place_booking(slot, by=one)
    found = data(
        caller(),
        '{ slots(community: "xinhe") { totalCount edges { node { code capacity placesLeft '
        "item { title category { name } } } } } }",
        OPEN,
    )["slots"]
    assert nodes(found) == [
        {
            "code": slot.code,
            "capacity": 3,
            "placesLeft": 2,
            "item": {"title": item.title, "category": {"name": "助老"}},
        }
    ]
    answer = ask(caller(), "{ serviceBookings { totalCount } }", OPEN)
    assert "errors" in answer


def test_a_worker_moves_a_slot_and_another_who_has_not_seen_it_is_told(
    community: Community, worker: User
) -> None:
    slot = new_slot(new_item(community))
    query = """mutation ($input: UpdateSlotInput!) { updateSlot(input: $input) {
      slot { revision capacity } errors { code } } }"""
    slot_id = {"slotId": to_base64("Slot", slot.pk), "expectedRevision": slot.revision}

    def change(**more: Any) -> dict[str, Any]:
        found: dict[str, Any] = data(caller(worker), query, input=slot_id | more)["updateSlot"]
        return found

    assert change(capacity=5)["slot"]["capacity"] == 5
    assert change(capacity=6)["errors"] == [{"code": "changed_meanwhile"}]
    assert staff(worker).name == "worker"
