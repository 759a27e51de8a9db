"""Registrations in the admin, the door, the poster, and the pages that posters and tickets lead to."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM
from backend.education.models import Attendance, CheckIn, LegalEducationEvent, Registration, Venue
from backend.education.registering import join_waitlist, register
from backend.education.tickets import poster_token, ticket_token
from backend.people.models import Resident, User
from backend.places.models import Community
from tests.conftest import user_with_role
from tests.education.neighbours import neighbour, neighbours, small_event


@pytest.fixture
def event(venue: Venue) -> LegalEducationEvent:
    """An event that has just begun."""
    now = timezone.now().replace(microsecond=0)
    hour = datetime.timedelta(hours=1)
    return small_event(venue, starts_at=now - hour, ends_at=now + hour)


def browser(user: Any = None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def pages(event: LegalEducationEvent, name: str = "") -> str:
    return f"/admin/education/legaleducationevent/{event.pk}/{name}"


def test_lists_and_exports_are_masked(
    event: LegalEducationEvent, worker: User, secretary: User
) -> None:
    register(event, by=SYSTEM, name="冯老伯", phone="13912345678", note="腿脚不便")
    client = browser(worker)
    listed = client.get("/admin/education/registration/").content.decode()
    row = Registration.objects.get()
    shown = client.get(f"/admin/education/registration/{row.pk}/change/").content.decode()
    for text in (listed, shown):
        assert "冯*" in text
        assert "139****5678" in text
        for secret in ("冯老伯", "13912345678", "腿脚不便"):
            assert secret not in text


def test_buttons_approve_reject_and_withdraw_with_reasons(
    event: LegalEducationEvent, worker: User, community: Community
) -> None:
    row = register(event, by=SYSTEM, name="冯老伯")
    client = browser(worker)
    page = f"/admin/education/registration/{row.pk}/move/withdraw/"
    refused = client.post(page, {"reason": ""})
    assert refused.status_code == 200
    row.refresh_from_db()
    assert row.status == "confirmed"
    assert client.post(page, {"reason": "来电取消"}).status_code == 302
    row.refresh_from_db()
    assert row.status == "withdrawn"
    ended = client.get(f"/admin/education/registration/{row.pk}/change/").content.decode()
    actions = ended.partition('class="ll-actions"')[2].partition("</div>")[0]
    assert "已取消报名" in actions
    assert "来电取消" in actions


def test_the_door_lets_in_from_the_list_and_finds_people(
    event: LegalEducationEvent, worker: User, community: Community
) -> None:
    row = register(event, by=SYSTEM, name="冯老伯", phone="13912345678")
    late = join_waitlist(event, by=SYSTEM, name="陈阿姨", size=2)
    client, door = browser(worker), pages(event, "door/")
    assert "冯老伯" not in client.get(door).content.decode()
    found = {
        wanted: [r.pk for r in client.get(door, {"q": wanted}).context["rows"]]
        for wanted in ("冯", "5678", "78", row.code, "没有")
    }
    assert found == {"冯": [row.pk], "5678": [row.pk], "78": [], row.code: [row.pk], "没有": []}
    given = {"registration": row.pk, "key": "k1", "kind": "in"}
    client.post(door, given)
    client.post(door, given)
    assert CheckIn.objects.get().success
    assert Attendance.objects.get().name.startswith("冯老伯")
    forced = {"registration": late.pk, "key": "k2", "kind": "in", "forced": "1", "reason": ""}
    client.post(door, forced)
    assert CheckIn.objects.count() == 1
    client.post(door, forced | {"reason": "座位有余"})
    client.post(door, {"name": "路过的", "companions": "1", "key": "k3", "kind": "in"})
    assert LegalEducationEvent.objects.heads_of(event.pk) == 5


def test_who_may_not_stand_at_the_door(
    event: LegalEducationEvent, other_worker: User, community: Community
) -> None:
    mediator = user_with_role("mediator", "mediator", community=community)
    resident = neighbour(community, 1).user
    row = register(event, by=SYSTEM, name="冯老伯")
    given = {"registration": row.pk, "key": "k1", "kind": "in"}
    for user, status in ((other_worker, 404), (mediator, 403), (resident, 302), (None, 302)):
        client = browser(user)
        assert client.get(pages(event, "door/")).status_code == status
        assert client.post(pages(event, "door/"), given).status_code == status
    assert not CheckIn.objects.exists()


def test_the_poster_and_its_codes(event: LegalEducationEvent, worker: User) -> None:
    client = browser(worker)
    sheet = client.get(pages(event, "poster/")).content.decode()
    for text in (event.title, "新河社区", "小马扎剧场", "<svg"):
        assert text in sheet
    assert client.get(pages(event, "poster.svg"))["Content-Type"] == "image/svg+xml"
    assert client.get(pages(event, "poster.png")).content.startswith(b"\x89PNG")
    old = poster_token(event)
    assert client.get(pages(event, "poster/renew/")).status_code == 403
    assert client.post(pages(event, "poster/renew/")).status_code == 302
    assert browser().get(f"/e/{old}/").status_code == 404
    event.refresh_from_db()
    assert browser().get(f"/e/{poster_token(event)}/").status_code == 200


def test_a_steward_may_print_a_poster_and_not_renew_it(
    event: LegalEducationEvent, community: Community, estate: Any
) -> None:
    client = browser(user_with_role("steward", "steward", community=community, estate=estate))
    assert client.get(pages(event, "poster/")).status_code == 200
    assert client.post(pages(event, "poster/renew/")).status_code == 403
    event.refresh_from_db()
    assert event.poster_version == 1


def test_a_stranger_with_a_poster_sees_the_event_and_nobody(
    event: LegalEducationEvent, community: Community
) -> None:
    row = register(event, by=neighbour(community, 1))
    client, address = browser(), f"/e/{poster_token(event)}/"
    text = client.get(address).content.decode()
    assert event.title in text
    assert "还剩 1 个" in text
    assert row.name not in text
    client.post(address, {"verb": "register", "size": "1"})
    ticket = client.get(f"/t/{ticket_token(row)}/").content.decode()
    assert event.title in ticket
    assert row.name[0] not in ticket.replace(event.title, "")
    client.post(f"/t/{ticket_token(row)}/", {"key": "k"})
    assert Registration.objects.count() == 1
    assert not CheckIn.objects.exists()
    for wrong in ("/e/pf-small.1.AAAA/", "/t/bm-0.AAAA/"):
        assert client.get(wrong).status_code == 404


def test_a_resident_registers_waits_arrives_and_withdraws_by_the_poster(
    event: LegalEducationEvent, community: Community
) -> None:
    address = f"/e/{poster_token(event)}/"
    first, second = (browser(one.user) for one in neighbours(community, 2))
    first.post(address, {"verb": "register", "size": "2"})
    refused = second.post(address, {"verb": "register", "size": "1"}, follow=True)
    assert "名额已满" in refused.content.decode()
    second.post(address, {"verb": "wait", "size": "1"})
    mine = Registration.objects.get(status="confirmed")
    other = Registration.objects.get(status="waitlisted")
    # Another's registration is not theirs to withdraw.
    second.post(address, {"verb": "withdraw", "registration": mine.pk})
    assert Registration.objects.get(pk=mine.pk).status == "confirmed"
    first.post(address, {"verb": "withdraw", "registration": mine.pk})
    assert Registration.objects.get(pk=other.pk).status == "confirmed"
    second.post(address, {"verb": "arrive", "key": "k1"})
    assert CheckIn.objects.get().success
    again = second.post(address, {"verb": "arrive", "key": "k2"}, follow=True)
    assert "已经签到过了" in again.content.decode()


def test_somebody_of_another_community_sees_the_event_and_may_not_register(
    event: LegalEducationEvent, other_community: Community
) -> None:
    user = user_with_role("elsewhere", "resident", community=other_community)
    address = f"/e/{poster_token(event)}/"
    assert "其他社区" in browser(user).get(address).content.decode()
    browser(user).post(address, {"verb": "register", "size": "1"})
    assert not Registration.objects.exists()


def test_a_volunteers_camera_lets_in_by_the_ticket(
    event: LegalEducationEvent, community: Community, estate: Any
) -> None:
    steward = user_with_role("steward", "steward", community=community, estate=estate)
    row = register(event, by=neighbour(community, 1))
    address = f"/t/{ticket_token(row)}/"
    browser(steward).post(address, {"key": "k1"})
    assert CheckIn.objects.get().success
    assert "已签到" in browser(steward).get(address).content.decode()


def test_the_ledger_is_read_only(event: LegalEducationEvent, worker: User) -> None:
    row = register(event, by=SYSTEM, name="冯老伯")
    client = browser(worker)
    client.post(pages(event, "door/"), {"registration": row.pk, "key": "k1", "kind": "in"})
    line = CheckIn.objects.get()
    listed = client.get("/admin/education/checkin/")
    assert "冯*" in listed.content.decode()
    for page in ("add/", f"{line.pk}/delete/"):
        assert client.get(f"/admin/education/checkin/{page}").status_code == 403
    assert client.post(f"/admin/education/checkin/{line.pk}/change/", {}).status_code == 403
    assert gate.check(CheckIn.objects.get()) is None
    assert Resident.objects.count() == 0
