"""The week of services: what whoever takes a call sees, in the same statements whatever comes."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM
from backend.people.models import User
from backend.places.models import Community
from backend.services import actions, booking
from backend.services.models import ServiceBooking, ServiceCategory, ServiceItem, Slot
from tests.growing import statements_of
from tests.schema.asking import MAIN, OPEN
from tests.services.counter import new_item, new_slot

pytestmark = pytest.mark.django_db
FREE_PLACES = """{
  slots(first: 50, order: {startsAt: ASC},
        filters: {status: [OPEN], startsFrom: "%s", startsBefore: "%s", hasPlaces: true}) {
    totalCount
    edges { node { code startsAt placesLeft waitlistCount item { title category { name } }
                   myBooking { id status } availableActions { name } } } } }"""
OPEN_PLACES = (
    "{ slots(first: 50) { totalCount edges { node { code placesLeft item { title } } } } }"
)


def at(day: datetime.date, hour: int) -> dict[str, datetime.datetime]:
    """The times of two hours on a day."""
    start = timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))
    return {"starts_at": start, "ends_at": start + datetime.timedelta(hours=2)}


def shown(client: Client, user: User, day: datetime.date, more: str = "") -> str:
    client.force_login(user)
    return client.get(f"{reverse('week_page')}?on={day}{more}").content.decode()


def test_the_week_says_what_is_left(client: Client, community: Community, worker: User) -> None:
    monday = timezone.localdate() + datetime.timedelta(days=14 - timezone.localdate().weekday())
    item = new_item(community)
    free = new_slot(item, 3, **at(monday, 9))
    full = new_slot(item, 1, **at(monday + datetime.timedelta(days=6), 14))
    off = new_slot(item, 1, **at(monday + datetime.timedelta(days=2), 9))
    new_slot(item, 1, **at(monday + datetime.timedelta(days=7), 9), place="下周的地点")
    for slot in (free, full):
        booking.place_booking(slot, by=SYSTEM, name="孙明", phone="13900000041")
    booking.join_line(full, by=SYSTEM, name="王清和", phone="13900000042")
    actions.cancel_slot(off, by=SYSTEM, reason="停电")
    page = shown(client, worker, monday + datetime.timedelta(days=3))
    for text in ("余 2 位", "约满", "候补 1", "已取消", f"?slot={free.pk}"):
        assert text in page
    assert f"?slot={off.pk}" not in page
    assert "下周的地点" not in page
    assert "孙明" not in page


def test_one_kind_of_help_and_nobody_elses_week(
    client: Client, community: Community, worker: User, other_worker: User
) -> None:
    day = timezone.localdate() + datetime.timedelta(days=14)
    new_slot(new_item(community), 3, **at(day, 9))
    repairs = gate.save(
        ServiceCategory(community=community, name="助修", code="zhu-xiu"), by=SYSTEM
    )
    tap = ServiceItem(community=community, category=repairs, code="tap", title="换水龙头")
    new_slot(gate.save(tap, by=SYSTEM), 3, **at(day, 9))
    page = shown(client, worker, day, "&category=zhu-xiu")
    assert "换水龙头" in page
    assert "便民理发" not in page
    assert "便民理发" not in shown(client, other_worker, day)


def grow(community: Community, count: int) -> None:
    """So many items more, each with a slot a day and people who have booked."""
    category = ServiceCategory.objects.get(community=community)
    today = timezone.localdate()
    for number in range(count):
        item = ServiceItem(
            community=community, category=category, title=f"服务{count}-{number}", quota=None
        )
        gate.save(item, by=SYSTEM)
        slots = [
            Slot(
                community=community,
                item=item,
                capacity=4,
                **at(today + datetime.timedelta(days=n), 9),
            )
            for n in range(8)
        ]
        gate.save_many(slots, by=SYSTEM)
        bookings = [
            ServiceBooking(community=community, slot=slot, name=f"来客{n}", source="phone")
            for slot in slots[1:3]
            for n in range(2)
        ]
        gate.save_many(bookings, by=SYSTEM)
        gate.move_many(bookings, "confirm", by=SYSTEM)


@pytest.mark.slow
def test_ten_times_the_slots_take_no_more_statements(community: Community, worker: User) -> None:
    new_item(community)
    today = timezone.localdate()
    week = tuple(
        at(day, 0)["starts_at"].isoformat() for day in (today, today + datetime.timedelta(days=7))
    )
    query = FREE_PLACES % week
    pages = {
        "week": f"{reverse('week_page')}?on={today + datetime.timedelta(days=1)}",
        "day": f"{reverse('day_page')}?on={today + datetime.timedelta(days=1)}",
        "paper": f"{reverse('day_paper')}?on={today + datetime.timedelta(days=1)}",
        "slots": reverse("admin:services_slot_changelist"),
        "bookings": reverse("admin:services_servicebooking_changelist"),
        "rules": reverse("admin:services_slotrule_changelist"),
    }
    queries = {"free places": (MAIN, query), "open places": (OPEN, OPEN_PLACES)}
    grow(community, 3)
    few = statements_of(worker, pages, queries)
    grow(community, 27)
    assert statements_of(worker, pages, queries) == few
    assert few["query free places"] <= 8
    assert max(few.values()) <= 15, few


def test_counting_notices_a_loop(community: Community) -> None:
    new_item(community)

    def naive() -> int:
        with CaptureQueriesContext(connection) as captured:
            [slot.item.title for slot in Slot.objects.all()]
        return len(captured)

    grow(community, 3)
    few = naive()
    grow(community, 6)
    assert naive() > few
