"""The day sheet: who comes today, for the desk and for whoever provides the service."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.models import Disclosure
from backend.people.models import Organization, Representative, User
from backend.places.models import Community
from backend.services import booking, helping, serving
from backend.services.models import ServiceBooking, Slot
from tests.conftest import user_with_role
from tests.schema.asking import caller, carried_out, id_of
from tests.services.counter import new_item, new_slot
from tests.services.test_booking import refused

pytestmark = pytest.mark.django_db
PHONE = "13900000021"


def contact_of(organization: Organization, name: str) -> User:
    """An account that speaks for a body."""
    user = user_with_role(name, "partner", community=organization.community)
    gate.save(
        Representative(
            community=organization.community,
            organization=organization,
            name="周联络",
            user=user,
            valid_from=timezone.localdate() - datetime.timedelta(days=9),
        ),
        by=SYSTEM,
    )
    return user


def shop(community: Community, code: str, name: str) -> Organization:
    body = Organization(community=community, code=code, name=name, kind="merchant")
    return gate.save(body, by=SYSTEM)


@pytest.fixture
def barber(community: Community) -> User:
    return contact_of(shop(community, "barber", "巷口理发店"), "barber")


@pytest.fixture
def slot(community: Community, barber: User) -> Slot:
    """A slot under way that the barber's shop provides, with one neighbour who has a place."""
    provider = Organization.objects.get(code="barber")
    item = new_item(community, provider=provider)
    begun = new_slot(item, in_days=-0.02, helper="李师傅")
    booking.place_booking(
        begun, by=SYSTEM, name="王清和", phone=PHONE, address="3号楼2单元501", source="phone"
    )
    return begun


def day_of(slot: Slot) -> datetime.date:
    return timezone.localtime(slot.starts_at).date()


def page_of(slot: Slot, name: str = "day_page") -> str:
    """The address of the slot's day."""
    return f"{reverse(name)}?on={day_of(slot)}"


def only() -> ServiceBooking:
    return ServiceBooking.objects.get()


def signed_in(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def test_the_provider_sees_who_comes_and_says_who_came(
    client: Client, slot: Slot, barber: User
) -> None:
    page = signed_in(client, barber).get(page_of(slot)).content.decode()
    assert "便民理发" in page
    assert "王*" in page
    assert "139****0021" in page
    assert "李*" in page
    assert "王清和" not in page
    assert "501" not in page
    for verb, status in (("serve", "served"), ("miss", "no_show"), ("serve", "served")):
        answer = client.post(page_of(slot), {"booking": only().pk, "do": verb})
        assert answer.status_code == 302
        assert only().status == status


def test_a_provider_reaches_nobody_elses_people(
    client: Client, slot: Slot, community: Community
) -> None:
    other = contact_of(shop(community, "tailor", "裁缝铺"), "tailor")
    page = signed_in(client, other).get(page_of(slot)).content.decode()
    assert "便民理发" not in page
    client.post(page_of(slot), {"booking": only().pk, "do": "serve"})
    assert only().status == "confirmed"
    assert not ServiceBooking.objects.visible_to(other).exists()


def test_a_provider_may_say_who_came_and_nothing_else(slot: Slot, barber: User) -> None:
    by = booking.Actor.of(barber, "phone_page")
    refused("not_allowed", booking.cancel_booking, only(), by=by, reason="今天不做了")
    refused("not_allowed", booking.change_booking, only(), by=by)


def test_nobody_is_marked_before_the_time(client: Client, slot: Slot, barber: User) -> None:
    later = new_slot(slot.item, in_days=0.5)
    booking.place_booking(later, by=SYSTEM, name="钱若水", phone="13900000022")
    theirs = ServiceBooking.objects.get(slot=later)
    signed_in(client, barber).post(page_of(later), {"booking": theirs.pk, "do": "serve"})
    theirs.refresh_from_db()
    assert theirs.status == "confirmed"


def test_those_of_whom_nothing_is_said_are_served_together(
    client: Client, slot: Slot, barber: User
) -> None:
    item = slot.item
    more = new_slot(item, 4, starts_at=slot.starts_at, ends_at=slot.ends_at)
    for at in range(3):
        booking.place_booking(more, by=SYSTEM, name="孙明", phone=f"1390000003{at}")
    missed = ServiceBooking.objects.filter(slot=more).first()
    assert missed is not None
    booking.mark_no_show(missed, by=SYSTEM)
    page = signed_in(client, barber)
    answer = page.post(page_of(slot), {"slot": more.pk, "do": "serve_the_rest"}, follow=True)
    assert "已把 2 人记为已服务" in answer.content.decode()
    found = ServiceBooking.objects.order_by("pk").values_list("status", flat=True)
    assert list(found) == ["confirmed", "no_show", "served", "served"]
    other = contact_of(shop(item.community, "tailor", "裁缝铺"), "tailor")
    signed_in(client, other).post(page_of(slot), {"slot": slot.pk, "do": "serve_the_rest"})
    assert list(ServiceBooking.objects.order_by("pk").values_list("status", flat=True)) == [
        *found
    ], "nobody else's"


def test_names_leave_on_paper_for_a_reason_that_is_kept(
    client: Client, slot: Slot, barber: User
) -> None:
    address = page_of(slot, "day_paper")
    masked = signed_in(client, barber).get(address).content.decode()
    assert "王*" in masked
    assert "王清和" not in masked
    refused = client.post(address, {"reason": "用"}).content.decode()
    assert "王清和" not in refused
    assert not Disclosure.objects.exists()
    whole = client.post(address, {"reason": "下午上门服务核对姓名地址"}).content.decode()
    for text in ("王清和", PHONE, "3号楼2单元501"):
        assert text in whole
    kept = Disclosure.objects.get()
    assert (kept.user, kept.whole, kept.kind) == (barber, True, "export")


def test_names_do_not_leave_long_before_they_are_needed(client: Client, slot: Slot) -> None:
    desk = user_with_role("desk", "worker", community=slot.community)
    far = new_slot(slot.item, in_days=20)
    booking.place_booking(far, by=SYSTEM, name="钱若水", phone="13900000022")
    address = page_of(far, "day_paper")
    page = signed_in(client, desk).post(address, {"reason": "提前准备服务单"}).content.decode()
    assert "钱若水" not in page
    assert "钱*" in page
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize(("role", "status"), [("resident", 404), ("office", 200), ("steward", 200)])
def test_who_has_a_day_sheet(
    client: Client, slot: Slot, community: Community, role: str, status: int
) -> None:
    where: dict[str, Any] = {"community": community}
    if role == "office":
        where = {"subdistrict": community.subdistrict}
    user = user_with_role("somebody", role, **where)
    answer = signed_in(client, user).get(page_of(slot))
    assert answer.status_code == status
    if role == "office":
        assert 'name="do"' not in answer.content.decode(), "the office changes nothing"


def test_a_day_takes_the_same_statements_whatever_comes(
    client: Client, slot: Slot, barber: User, django_assert_num_queries: Any
) -> None:
    today = day_of(slot)
    with django_assert_num_queries(5):
        assert len(serving.day_sheet(barber, today)) == 1
    when = {"starts_at": slot.starts_at, "ends_at": slot.ends_at}
    more = [new_slot(slot.item, 20, **when) for _ in range(3)]
    for at, one in enumerate(more * 4):
        booking.place_booking(one, by=SYSTEM, name="孙明", phone=f"139000001{at:02d}")
    again = User.objects.get(pk=barber.pk)
    with django_assert_num_queries(5):
        found = serving.day_sheet(again, today)
    assert sorted(len(one.coming) for one in found) == [1, 4, 4, 4]


def test_whoever_is_assigned_helps_beside_whom_the_slot_names(
    client: Client, slot: Slot, barber: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = helping.Helpers(
        lambda slots: {slots[0]: ["赵师傅", "李师傅"]},
        lambda user: Slot.objects.none().values("pk"),
    )
    monkeypatch.setattr(helping, "_KNOWN", [known])
    (only_slot,) = serving.day_sheet(barber, day_of(slot))
    assert only_slot.helpers == ["李师傅", "赵师傅"]
    page = signed_in(client, barber).get(page_of(slot)).content.decode()
    assert "李*、赵*" in page
    assert "赵师傅" not in page


def test_the_api_marks_the_rest_for_whom_the_page_does(
    slot: Slot, barber: User, community: Community, worker: User
) -> None:
    later = new_slot(slot.item)
    booking.place_booking(later, by=SYSTEM, name="李安", phone=PHONE, source="phone")
    other = contact_of(shop(community, "tailor", "裁缝铺"), "tailor")
    told = {
        user.username: carried_out(
            caller(user), "markRestServed", "served slot { code }", slotId=id_of(given)
        )
        for user, given in ((other, slot), (worker, later), (barber, slot))
    }
    assert (told["tailor"]["errors"], told["tailor"]["served"]) == (["not_found"], None)
    assert told["worker"]["errors"] == ["slot_not_started"]
    assert told["barber"] == {"errors": [], "served": 1, "slot": {"code": slot.code}}
    assert [row.status for row in ServiceBooking.objects.order_by("pk")] == ["served", "confirmed"]


def test_the_desk_changes_a_bookings_details_by_the_api(
    slot: Slot, barber: User, worker: User
) -> None:
    wanted = "serviceBooking { name phone revision }"
    given = {"bookingId": id_of(only()), "expectedRevision": only().revision}
    done = carried_out(
        caller(worker),
        "updateServiceBooking",
        wanted,
        **given,
        name="王*",
        phone="13900000022",
        address=None,
    )
    assert (done["errors"], done["serviceBooking"]["phone"]) == ([], "139****0022")
    row = only()
    assert (row.name, row.phone, row.address) == ("王清和", "13900000022", "")
    late = carried_out(caller(worker), "updateServiceBooking", wanted, **given, note="上门")
    assert (late["errors"], late["serviceBooking"]["revision"]) == (
        ["changed_meanwhile"],
        row.revision,
    )
    theirs = carried_out(
        caller(barber), "updateServiceBooking", wanted, bookingId=id_of(row), note="上门"
    )
    assert (theirs["errors"], only().note) == (["not_allowed"], "")
