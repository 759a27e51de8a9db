"""The chair's page, the minutes' page and the phone pages: who comes in, and what a button does."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backend.core import gate
from backend.core.access import SYSTEM
from backend.files.models import Attachment
from backend.meetings import actions
from backend.meetings.models import (
    ActionItem,
    ActionProgress,
    JointMeeting,
    MeetingAttendance,
    Seat,
    Vote,
)
from backend.messaging.models import InboxMessage
from backend.people.models import Resident, User
from tests.conftest import TERM_START, user_with_role
from tests.files.making import scan
from tests.meetings.world import Town, contact, decided, in_session, new_meeting

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(meeting: JointMeeting, name: str = "room/") -> str:
    return f"/admin/meetings/jointmeeting/{meeting.pk}/{name}"


def press(client: Client, meeting: JointMeeting, do: str, **given: Any) -> str:
    """What the page says after a button."""
    answer = client.post(page_of(meeting), {"do": do, **given}, follow=True)
    return answer.content.decode()


def test_who_comes_into_the_room(
    town: Town, worker: User, other_worker: User, community: Any
) -> None:
    meeting = in_session(town)
    steward = user_with_role("steward", "steward", community=community)
    partner = user_with_role("partner", "partner", community=community)
    for user, status in ((worker, 200), (steward, 403), (other_worker, 404), (partner, 404)):
        assert client_of(user).get(page_of(meeting)).status_code == status, user
        before = MeetingAttendance.objects.count()
        if user != worker:
            client_of(user).post(
                page_of(meeting), {"do": "roll", "seat": town.seats["物业"].pk, "kind": "left"}
            )
        assert MeetingAttendance.objects.count() == before


def test_buttons_that_nobody_knows_do_nothing(town: Town, worker: User) -> None:
    meeting, foreign = in_session(town), in_session(town)
    client = client_of(worker)
    lines = MeetingAttendance.objects.count()
    for do, given in (
        ("nonsense", {}),
        ("roll", {"seat": "²", "kind": "present"}),
        ("roll", {"seat": town.seats["物业"].pk, "kind": "flying"}),
        ("start", {"item": foreign.items.get().pk}),
        ("count", {"vote": "987654321"}),
        ("act", {"resolution": "", "organization": "", "title": ""}),
    ):
        press(client, meeting, do, **given)
    assert MeetingAttendance.objects.count() == lines
    assert not Vote.objects.exists()
    assert not ActionItem.objects.exists()
    assert foreign.items.get().status == "waiting"


def test_an_open_vote_is_counted_from_the_page_and_a_secret_one_from_its_numbers(
    town: Town, worker: User
) -> None:
    meeting = in_session(town, items=2)
    client = client_of(worker)
    first, second = meeting.items.order_by("position")
    press(client, meeting, "start", item=first.pk)
    press(client, meeting, "call_vote", item=first.pk, motion="同意", method="open")
    vote = Vote.objects.get()
    given = {f"seat-{ballot.seat_id}": "for" for ballot in vote.ballots.all()}
    assert "通过" in press(client, meeting, "count", vote=vote.pk, **given)
    press(client, meeting, "finish", item=first.pk, note="都同意")
    press(client, meeting, "start", item=second.pk)
    press(client, meeting, "call_vote", item=second.pk, motion="换人", method="secret")
    secret = Vote.objects.latest("pk")
    said = press(client, meeting, "count", vote=secret.pk, votes_for="3", votes_against="3")
    assert "未通过" in said
    assert not secret.ballots.exclude(choice="").exists()


def test_the_room_costs_the_same_for_many_seats_and_items(town: Town, worker: User) -> None:
    client = client_of(worker)

    def statements(meeting: JointMeeting) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page_of(meeting)).status_code == 200
        return len(captured)

    def busy(items: int) -> JointMeeting:
        meeting = in_session(town, items=items + 1)
        for item in list(meeting.items.order_by("position"))[:items]:
            item = actions.start_item(item, by=SYSTEM)
            vote = actions.call_vote(item, "同意", by=SYSTEM)
            actions.cast(vote, {b.seat_id: "for" for b in vote.ballots.all()}, by=SYSTEM)
            actions.count(vote, by=SYSTEM)
            resolution = actions.resolve(item, "照办", by=SYSTEM)
            actions.add_action(resolution, town.bodies["物业"], "去办", by=SYSTEM)
            actions.finish_item(item, by=SYSTEM)
        return meeting

    few, many = busy(1), busy(5)
    statements(few)
    assert statements(many) == statements(few)


def test_the_second_to_save_sees_both_versions_and_may_reload_the_page(
    town: Town, worker: User, secretary: User
) -> None:
    meeting = in_session(town)
    decided(meeting, town)
    meeting = actions.close(meeting, by=SYSTEM)
    address = page_of(meeting, "minutes/")
    one, two = client_of(secretary), client_of(worker)
    one.post(address, {"based_on": "1", "text": "甲的一句"})
    page = two.post(address, {"based_on": "1", "text": "乙的一句"}).content.decode()
    assert "甲的一句" in page
    assert "乙的一句" in page
    assert 'name="based_on" value="2"' in page
    assert "乙的一句" in two.get(f"{address}?revision=3").content.decode()


def test_what_was_typed_stays_where_the_text_is_refused(town: Town, worker: User) -> None:
    meeting = in_session(town)
    decided(meeting, town)
    meeting = actions.close(meeting, by=SYSTEM)
    long = "长" * 20_001
    page = client_of(worker).post(page_of(meeting, "minutes/"), {"based_on": "1", "text": long})
    assert long in page.content.decode()


def test_the_notice_names_who_must_be_telephoned(
    town: Town, worker: User, resident_user: User
) -> None:
    contact(town, "物业", resident_user)
    meeting = actions.notice(new_meeting(town), by=SYSTEM)
    page = client_of(worker).get(page_of(meeting, "notice/")).content.decode()
    assert "已向 1 个账号发出通知" in page
    bar = page.split("请打电话通知")[1].split("</nav>")[0]
    assert "惠民便利店" in bar
    assert "诚信行物业" not in bar
    draft = new_meeting(town, days=9)
    assert client_of(worker).get(page_of(draft, "notice/")).status_code == 404


def test_who_holds_a_seat_in_person_is_told_by_their_own_account(
    town: Town, worker: User, resident_user: User
) -> None:
    person = Resident(community=town.community, name="季望舒", user=resident_user)
    seat = Seat(
        community=town.community,
        tier="extended",
        holder="party_member",
        resident=gate.save(person, by=SYSTEM),
        valid_from=TERM_START,
    )
    gate.save(seat, by=SYSTEM)
    # Speaking for a body as well, they are told once.
    contact(town, "物业", resident_user)
    meeting = actions.notice(new_meeting(town), by=SYSTEM)
    assert InboxMessage.objects.get(user=resident_user).template == "meeting_notice"
    bar = client_of(worker).get(page_of(meeting, "notice/")).content.decode().split("</nav>")[0]
    assert "已向 1 个账号发出通知" in bar
    assert "党员代表" not in bar
    assert "惠民便利店" in bar


def _task(town: Town, short: str = "物业") -> ActionItem:
    meeting = in_session(town)
    decided(meeting, town)
    resolution = actions.resolve(meeting.items.get(), "修路灯", by=SYSTEM)
    return actions.add_action(resolution, town.bodies[short], f"{short}去办", by=SYSTEM)


def test_a_contact_reports_with_a_photo_on_the_phone(town: Town, community: Any) -> None:
    partner = user_with_role("partner", "partner", community=community)
    contact(town, "物业", partner)
    own, other = _task(town), _task(town, "居委会")
    client = client_of(partner)
    page = client.get("/tasks/").content.decode()
    assert own.title in page
    assert other.title not in page
    assert client.get(f"/tasks/{other.code}/").status_code == 404
    answer = client.post(
        f"/tasks/{own.code}/",
        {"do": "report", "text": "换好了", "files": SimpleUploadedFile("a.png", scan())},
        follow=True,
    )
    assert "换好了" in answer.content.decode()
    assert ActionProgress.objects.get().reported_by == partner
    photo = Attachment.objects.get()
    assert client.get(f"/files/{photo.code}/").status_code == 200
    client.post(f"/tasks/{own.code}/", {"do": "finish"})
    assert ActionItem.objects.get(pk=own.pk).status == "done"
    # Nothing of another body's, however one asks.
    assert client.post(f"/tasks/{other.code}/", {"do": "report", "text": "x"}).status_code == 404
    progress = ActionProgress.objects.count()
    for address in ("/admin/meetings/jointmeeting/", "/admin/meetings/seat/"):
        assert client.get(address).status_code in (302, 403)
    assert ActionProgress.objects.count() == progress


def test_nobody_looks_at_tasks_without_signing_in(town: Town) -> None:
    item = _task(town)
    for address in ("/tasks/", f"/tasks/{item.code}/"):
        assert Client().get(address).status_code == 302
