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


@pytest.mark.parametrize("typed", ["²", "１", "9" * 30], ids=["raised", "wide", "long"])
def test_what_is_no_number_is_told_to_whom_it_came_from(
    event: LegalEducationEvent, community: Community, worker: User, typed: str
) -> None:
    poster, desk = f"/e/{poster_token(event)}/", browser(worker)
    person = browser(neighbour(community, 1).user)
    refused = person.post(poster, {"verb": "register", "size": typed}, follow=True)
    assert "最少 1 人" in refused.content.decode()
    unknown = person.post(poster, {"verb": "withdraw", "registration": typed}, follow=True)
    assert unknown.status_code == 200
    assert not Registration.objects.exists()
    for wrong in ({"registration": typed}, {"name": "冯老伯", "companions": typed}):
        assert (
            desk.post(pages(event, "door/"), {"key": "k", "kind": "in"} | wrong).status_code == 302
        )


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


def test_a_wrong_walk_in_is_taken_back_at_the_door(
    event: LegalEducationEvent, worker: User
) -> None:
    client, door = browser(worker), pages(event, "door/")
    client.post(door, {"name": "错写的", "companions": "2", "key": "k1", "kind": "in"})
    client.post(door, {"name": "另一位", "companions": "0", "key": "k2", "kind": "in"})
    assert LegalEducationEvent.objects.heads_of(event.pk) == 4
    shown = client.get(door)
    assert [line.name for line in shown.context["walk_ins"]] == ["另一位", "错写的"]
    assert "错写的" not in shown.content.decode()
    wrong = CheckIn.objects.get(name="错写的")
    client.post(door, {"line": wrong.pk, "key": "k3", "kind": "void"})
    assert LegalEducationEvent.objects.heads_of(event.pk) == 1
    assert [line.name for line in client.get(door).context["walk_ins"]] == ["另一位"]
    assert Attendance.objects.get().name == "另一位"


def test_a_walk_in_of_another_event_or_worker_is_not_taken_back(
    event: LegalEducationEvent, venue: Venue, worker: User, other_worker: User
) -> None:
    elsewhere = small_event(venue, code="pf-else", starts_at=event.starts_at)
    client = browser(worker)
    client.post(pages(event, "door/"), {"name": "来客", "key": "k1", "kind": "in"})
    void = {"line": CheckIn.objects.get().pk, "key": "k2", "kind": "void"}
    client.post(pages(elsewhere, "door/"), void)
    assert browser(other_worker).post(pages(event, "door/"), void).status_code == 404
    assert LegalEducationEvent.objects.heads_of(event.pk) == 1


def test_who_is_too_early_is_told_from_when_and_the_ledger_speaks_chinese(
    venue: Venue, worker: User
) -> None:
    now = timezone.now()
    start = now.replace(year=now.year + 1, month=12, day=1, hour=1, minute=0)
    event = small_event(venue, starts_at=start, ends_at=start + datetime.timedelta(hours=2))
    client = browser(worker)
    given = {"name": "来客", "key": "k1", "kind": "in"}
    answer = client.post(pages(event, "door/"), given, follow=True).content.decode()
    assert "开始前一天起才能签到，这场是 12 月 1 日 09:00" in answer
    line = CheckIn.objects.get()
    for page in ("", f"{line.pk}/change/"):
        text = client.get(f"/admin/education/checkin/{page}").content.decode()
        assert "现场名单" in text
        assert "开始前一天起才能签到" in text
        assert "occurred_too_early" not in text
        assert "admin-list" not in text


def test_who_moves_up_is_named_and_whether_to_ring_them(
    venue: Venue, worker: User, community: Community
) -> None:
    event = small_event(venue, capacity=2)
    first = register(event, by=SYSTEM, name="冯老伯")
    second = register(event, by=SYSTEM, name="陈阿姨")
    join_waitlist(event, by=SYSTEM, name="周师傅", phone="13912345678")
    join_waitlist(event, by=neighbour(community, 1))
    client, move = browser(worker), "/admin/education/registration/{}/move/withdraw/"
    said = [
        client.post(move.format(row.pk), {"reason": "来电取消"}, follow=True).content.decode()
        for row in (first, second)
    ]
    assert "候补 周*（1 人）已递补，请打电话告诉本人" in said[0]
    assert "候补 钱*（1 人）已递补，系统会通知本人" in said[1]
    third = Registration.objects.get(name="周师傅")
    nobody = client.post(move.format(third.pk), {"reason": "来电取消"}, follow=True)
    assert "已递补" not in nobody.content.decode()


def test_a_booking_by_phone_says_its_place_in_line(venue: Venue, worker: User) -> None:
    event = small_event(venue, capacity=1)
    register(event, by=SYSTEM, name="冯老伯")
    join_waitlist(event, by=SYSTEM, name="陈阿姨")
    given = {"event": event.pk, "name": "周师傅", "phone": "13912345678", "size": 1}
    given |= {"source": "staff", "to_waitlist": "on", "resident": "", "note": ""}
    client = browser(worker)
    page = client.post("/admin/education/registration/add/", given, follow=True)
    assert "已排入候补，第 2 位" in page.content.decode()


def test_a_bad_phone_is_all_that_is_wrong(venue: Venue, worker: User) -> None:
    event = small_event(venue, capacity=1)
    register(event, by=SYSTEM, name="冯老伯")
    given = {"event": event.pk, "name": "周师傅", "phone": "139", "size": 1}
    given |= {"source": "staff", "resident": "", "note": ""}
    client = browser(worker)
    page = client.post("/admin/education/registration/add/", given)
    assert set(page.context["adminform"].form.errors) == {"phone"}
    full = client.post("/admin/education/registration/add/", given | {"phone": ""})
    assert "名额" in str(full.context["adminform"].form.errors)
    assert Registration.objects.count() == 1


def test_the_line_is_offered_where_places_are_short(venue: Venue, community: Community) -> None:
    event = small_event(venue, capacity=30, max_group_size=2)
    address = f"/e/{poster_token(event)}/"
    client = browser(neighbour(community, 1).user)
    plenty = client.get(address).content.decode()
    assert 'value="register"' in plenty
    assert 'value="wait"' not in plenty
    for number in range(29):
        register(event, by=SYSTEM, name=f"客{number}")
    short = client.get(address).content.decode()
    assert 'value="register"' in short
    assert 'value="wait"' in short
    register(event, by=SYSTEM, name="末位")
    full = client.get(address).content.decode()
    assert 'value="register"' not in full
    assert 'value="wait"' in full
    assert "/accounts/inbox/" in full
