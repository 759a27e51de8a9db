"""The chair's page in a hurry: slips of the finger cost no text and no vote."""

from typing import Any

import pytest
from django.test import Client

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.calendar import add_working_days
from backend.core.errors import RuleViolation
from backend.meetings import actions
from backend.meetings.models import (
    ActionItem,
    AgendaItem,
    JointMeeting,
    MeetingAttendance,
    Resolution,
    Vote,
)
from backend.meetings.queries import why_meeting_cannot
from backend.people.models import Organization, Representative, User
from tests.conftest import TERM_START
from tests.meetings.world import Town, in_session, new_meeting

pytestmark = pytest.mark.django_db(databases="__all__")


class Room:
    """The page of a meeting whose first item is on the table."""

    def __init__(self, town: Town, user: User) -> None:
        self.meeting = in_session(town)
        self.item = actions.start_item(self.meeting.items.get(), by=SYSTEM)
        self.client = Client()
        self.client.force_login(user)
        self.address = f"/admin/meetings/jointmeeting/{self.meeting.pk}/room/"

    def press(self, do: str, **given: Any) -> str:
        """What the page says once a button was pressed."""
        sent = {"do": do, "item": self.item.pk} | given
        answer = self.client.post(self.address, sent, follow=True)
        return " ".join(str(message) for message in answer.context["messages"])

    @property
    def vote(self) -> Vote:
        return Vote.objects.filter(item=self.item).latest("pk")


@pytest.fixture
def room(town: Town, worker: User) -> Room:
    return Room(town, worker)


def test_what_is_being_written_down_is_kept_when_the_motion_comes(room: Room) -> None:
    room.press("call_vote", motion="同意", method="open", note="物业介绍了方案。")
    room.item.refresh_from_db()
    assert room.item.note == "物业介绍了方案。"


def test_a_count_without_one_vote_is_refused(room: Room) -> None:
    room.press("call_vote", motion="同意", method="open")
    assert "还有 6 席没有登记" in room.press("count", vote=room.vote.pk)
    with pytest.raises(RuleViolation) as refused:
        actions.count(room.vote, by=SYSTEM)
    assert refused.value.code == "nobody_voted"
    assert room.vote.status == "open"


def test_who_was_ticked_stays_ticked_while_others_are_missing(room: Room, town: Town) -> None:
    room.press("call_vote", motion="同意", method="open")
    against = town.seats["物业"].pk
    said = room.press("count", vote=room.vote.pk, **{f"seat-{against}": "against"})
    assert "还有 5 席没有登记" in said
    assert "诚信行物业" not in said
    assert room.vote.ballots.get(seat=against).choice == "against"


def test_the_rest_in_favour_is_one_press(room: Room, town: Town) -> None:
    room.press("call_vote", motion="同意", method="open")
    against = town.seats["物业"].pk
    room.press("count_rest", vote=room.vote.pk, **{f"seat-{against}": "against"})
    assert (room.vote.votes_for, room.vote.votes_against) == (5, 1)


def test_a_wrong_count_is_made_void_on_the_page_until_something_came_of_it(room: Room) -> None:
    room.press("call_vote", motion="同意", method="secret")
    room.press("count", vote=room.vote.pk, votes_for="1")
    page = room.client.get(room.address).content.decode()
    assert 'value="void"' in page
    room.press("void", vote=room.vote.pk, reason="票数记错了")
    assert room.vote.status == "void"

    room.press("call_vote", motion="同意", method="secret")
    room.press("count", vote=room.vote.pk, votes_for="6")
    room.press("resolve", vote=room.vote.pk, text="同意。")
    assert 'value="void"' not in room.client.get(room.address).content.decode()


def test_a_draft_says_before_that_its_notice_would_be_too_short(town: Town) -> None:
    assert "3 天" in (why_meeting_cannot(new_meeting(town, days=1), "notice") or "")
    assert why_meeting_cannot(new_meeting(town, days=4), "notice") is None


def test_minutes_say_before_they_are_confirmed_that_they_name_somebody(room: Room) -> None:
    room.press("finish", note="联系电话 13912345678。")
    meeting = actions.close(JointMeeting.objects.get(pk=room.meeting.pk), by=SYSTEM)
    address = f"/admin/meetings/jointmeeting/{meeting.pk}/minutes/"
    assert "电话号码" in room.client.get(address).context["names_somebody"]
    text = meeting.minutes.get().text.replace("13912345678", "已留")
    actions.revise_minutes(meeting, text, 1, by=SYSTEM)
    assert room.client.get(address).context["names_somebody"] is None


def test_who_are_too_few_agree_on_nothing(room: Room, town: Town) -> None:
    AgendaItem.objects.filter(pk=room.item.pk).update(kind="deliberation")
    gone = [town.call(name, "left") for name in town.seats if name != "商户"]
    actions.call_roll(room.meeting, gone, by=SYSTEM)
    assert "没有达到法定人数" in room.press("resolve", text="音量不超过六十分贝。")
    assert not Resolution.objects.exists()
    actions.call_roll(room.meeting, town.everybody(), by=SYSTEM)
    assert "已形成决议" in room.press("resolve", text="音量不超过六十分贝。")


def test_what_was_agreed_on_is_written_down_after_people_have_left(room: Room, town: Town) -> None:
    AgendaItem.objects.filter(pk=room.item.pk).update(kind="deliberation")
    room.press("finish", note="都同意。")
    gone = [town.call(name, "left") for name in town.seats if name != "商户"]
    actions.call_roll(room.meeting, gone, by=SYSTEM)
    assert "已形成决议" in room.press("resolve", text="音量不超过六十分贝。")


@pytest.mark.parametrize("put_off", [False, True])
def test_nothing_is_agreed_on_that_was_not_talked_about(
    town: Town, worker: User, put_off: bool
) -> None:
    meeting = in_session(town)
    item = meeting.items.get()
    AgendaItem.objects.filter(pk=item.pk).update(kind="deliberation")
    item.refresh_from_db()
    if put_off:
        item = actions.defer_item(actions.start_item(item, by=SYSTEM), by=SYSTEM)
    with pytest.raises(RuleViolation) as refused:
        actions.resolve(item, "照办", by=SYSTEM)
    assert refused.value.code == "item_not_active"
    assert not Resolution.objects.exists()
    client = Client()
    client.force_login(worker)
    page = client.get(f"/admin/meetings/jointmeeting/{meeting.pk}/room/").content.decode()
    assert "一致同意，直接形成决议" not in page


def test_who_came_for_a_body_is_written_down(room: Room, town: Town) -> None:
    seat = town.seats["物业"].pk
    speaker, foreign = (
        gate.save(
            Representative(
                community=town.community,
                organization=town.bodies[short],
                name=name,
                valid_from=TERM_START,
            ),
            by=SYSTEM,
        )
        for short, name in (("物业", "周联络"), ("商户", "钱老板"))
    )
    came = MeetingAttendance.objects.get(seat=seat).occurred_at
    room.press("roll", seat=seat, kind="present", representative=speaker.pk, online="1")
    line = MeetingAttendance.objects.filter(seat=seat).latest("pk")
    assert (line.representative, line.attendee, line.online) == (speaker, "周联络", True)
    # They did not come a second time.
    assert line.occurred_at == came
    page = room.client.get(room.address).content.decode()
    assert "周* · 线上" in page
    assert "周联络" not in page
    # Somebody else came; nobody speaks for another's body.
    room.press("roll", seat=seat, kind="present", representative=speaker.pk, attendee="吴代班")
    line = MeetingAttendance.objects.filter(seat=seat).latest("pk")
    assert (line.representative, line.attendee) == (None, "吴代班")
    lines = MeetingAttendance.objects.count()
    said = room.press("roll", seat=seat, kind="present", representative=foreign.pk)
    assert "不是这个单位的" in said
    assert "单位代表" in room.press("roll", seat=seat, kind="present", representative="987654321")
    assert MeetingAttendance.objects.count() == lines


def test_who_sits_in_stands_on_the_page(room: Room, town: Town) -> None:
    gate.save(Organization(community=town.community, name="供电所", kind="department"), by=SYSTEM)
    room.press("observer", organization=Organization.objects.get(name="供电所").pk)
    room.press("observer", organization="", attendee="孙热心")
    assert room.client.get(room.address).context["board"].observers == ["供电所", "孙*"]
    lines = MeetingAttendance.objects.count()
    assert "请选择席位" in room.press("observer", organization="", attendee=" ")
    assert MeetingAttendance.objects.count() == lines


def test_a_task_is_due_within_working_days_of_the_meeting(room: Room, town: Town) -> None:
    AgendaItem.objects.filter(pk=room.item.pk).update(kind="deliberation")
    room.press("resolve", text="修路灯。")
    given = {"resolution": Resolution.objects.get().pk, "organization": town.bodies["物业"].pk}
    due = add_working_days(room.meeting.held_on, 5, {})
    said = room.press("act", title="换灯泡", due_on="2099-01-01", working_days="5", **given)
    assert f"完成时限 {due:%Y-%m-%d}" in said
    assert ActionItem.objects.get().due_on == due
    for wrong in ("0", "九", "501"):
        room.press("act", title="换灯杆", working_days=wrong, **given)
    # Nobody is accountable because they stand first in a list.
    room.press("act", title="换灯杆", **given | {"organization": ""})
    assert ActionItem.objects.count() == 1


def test_the_quorum_is_told_while_a_colleague_calls_the_roll(room: Room, town: Town) -> None:
    page = room.client.get(room.address)
    shown = page.context["written_so_far"]
    assert f'data-refresh="?part=quorum&amp;roll={shown}"' in page.content.decode()
    strip = {"part": "quorum", "roll": shown}
    now = room.client.get(room.address, strip).content.decode()
    assert "已达法定人数" in now
    assert "点名有更新" not in now
    gone = [town.call(name, "left") for name in ("党委", "商户", "协会")]
    actions.call_roll(room.meeting, gone, by=SYSTEM)
    now = room.client.get(room.address, strip).content.decode()
    assert "还差：社区党委；1 席" in now
    assert "点名有更新" in now
