"""A meeting from draft to published minutes, by its verbs."""

import datetime

import pytest
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.meetings import actions
from backend.meetings.models import (
    AgendaItem,
    JointMeeting,
    MeetingAttendance,
    MeetingSettings,
    RollSeat,
    Seat,
)
from backend.meetings.presence import room_of
from backend.messaging.models import InboxMessage
from backend.people.models import User
from tests.meetings.refusing import refused
from tests.meetings.world import Town, contact, decided, in_session, new_meeting

pytestmark = pytest.mark.django_db
# --- convening -----------------------------------------------------------------------------------


def test_convening_numbers_the_meeting_fixes_its_terms_and_tells_its_people(
    town: Town, chair: Actor, resident_user: User
) -> None:
    contact(town, "物业", resident_user)
    meeting = actions.notice(new_meeting(town), by=chair)
    assert (meeting.status, meeting.number) == ("noticed", 1)
    assert RollSeat.objects.filter(meeting=meeting).count() == 6
    told = InboxMessage.objects.get(user=resident_user)
    assert "第1项议题" in told.body
    # Once, however often.
    assert actions.notice(new_meeting(town, days=9), by=chair).number == 2


def test_only_the_party_committee_convenes(
    town: Town, worker: User, chair: Actor, admin_user: User
) -> None:
    meeting = new_meeting(town)
    for user in (worker, admin_user):
        by = Actor.of(user, "test")
        assert refused(lambda by=by: actions.notice(meeting, by=by)) == "not_allowed"  # type: ignore[misc]
    noticed = actions.notice(meeting, by=chair)
    by = Actor.of(worker, "test")
    for verb in ("postpone", "cancel"):
        assert (
            refused(lambda v=verb: actions.MEETING_VERBS[v](noticed, by=by, reason="有事"))  # type: ignore[misc]
            == "not_allowed"
        )


@pytest.mark.parametrize(("days", "code"), [(2, "notice_too_short"), (3, ""), (4, "")])
def test_three_days_before_unless_the_settings_say_otherwise(
    town: Town, days: int, code: str
) -> None:
    meeting = new_meeting(town, days=days)
    if code:
        assert refused(lambda: actions.notice(meeting, by=SYSTEM)) == code
        gate.save(MeetingSettings(community=town.community, notice_days=days), by=SYSTEM)
    assert actions.notice(meeting, by=SYSTEM).status == "noticed"


def test_nobody_is_called_together_for_nothing(town: Town) -> None:
    meeting = new_meeting(town, items=0)
    assert refused(lambda: actions.notice(meeting, by=SYSTEM)) == "agenda_empty"


def test_without_a_core_seat_nobody_is_called(town: Town) -> None:
    core = town.seats["党委"]
    core.valid_to = core.valid_from
    gate.save(core, by=SYSTEM)
    meeting = new_meeting(town)
    assert refused(lambda: actions.notice(meeting, by=SYSTEM)) == "core_seat_missing"


def test_what_people_were_told_stands_until_the_meeting_is_put_off(town: Town) -> None:
    meeting = actions.notice(new_meeting(town), by=SYSTEM)
    meeting.place = "小马扎剧场"
    assert refused(lambda: gate.save(meeting, by=SYSTEM)) == "meeting_is_fixed"
    item = AgendaItem(community=town.community, meeting=meeting, position=2, title="临时加的")
    assert refused(lambda: gate.save(item, by=SYSTEM)) == "meeting_is_fixed"
    meeting = actions.postpone(JointMeeting.objects.get(), by=SYSTEM, reason="下雨")
    gate.save(item, by=SYSTEM)
    again = meeting.starts_at + datetime.timedelta(days=7)
    meeting = actions.reconvene(meeting, by=SYSTEM, starts_at=again, place="小马扎剧场")
    # It keeps the number that it has.
    assert (meeting.status, meeting.place, meeting.number) == ("noticed", "小马扎剧场", 1)


def test_a_meeting_does_not_begin_before_its_day(town: Town) -> None:
    meeting = actions.notice(new_meeting(town), by=SYSTEM)
    assert refused(lambda: actions.open_meeting(meeting, by=SYSTEM)) == "meeting_not_today"


def test_a_numbered_meeting_is_not_deleted(town: Town) -> None:
    meeting = actions.notice(new_meeting(town), by=SYSTEM)
    assert refused(lambda: gate.delete(meeting, by=SYSTEM)) == "meeting_is_numbered"


def test_one_body_sits_once_at_a_time(town: Town) -> None:
    again = Seat(
        community=town.community,
        tier="tripartite",
        organization=town.bodies["物业"],
        valid_from=datetime.date(2025, 6, 1),
    )
    assert refused(lambda: gate.save(again, by=SYSTEM)) == "seat_taken"
    first = town.seats["物业"]
    first.valid_to = datetime.date(2025, 5, 31)
    gate.save(first, by=SYSTEM)
    gate.save(again, by=SYSTEM)


# --- the roll ------------------------------------------------------------------------------------


def test_the_quorum_says_what_is_missing(town: Town) -> None:
    calls = [town.call(name) for name in ("党委", "居委会", "商户", "协会")]
    meeting = in_session(town, here=calls)
    quorum = room_of(meeting).quorum
    assert quorum.words.startswith("还差：物业公司、业委会中的1方（到会 4 席，全体 6 席")
    item = actions.start_item(meeting.items.get(), by=SYSTEM)
    assert refused(lambda: actions.call_vote(item, "同意", by=SYSTEM)) == "inquorate"
    actions.call_roll(meeting, [town.call("物业", "proxy", proxy="居委会")], by=SYSTEM)
    assert room_of(meeting).quorum.reached
    actions.call_roll(meeting, [town.call("居委会", "left")], by=SYSTEM)
    # Who leaves takes the other's vote along.
    assert room_of(meeting).here == {town.seats[n].pk for n in ("党委", "商户", "协会")}


def test_the_roll_only_grows(town: Town) -> None:
    meeting = in_session(town)
    line = MeetingAttendance.objects.filter(meeting=meeting)[0]
    line.kind = "absent"
    assert refused(lambda: gate.save(line, by=SYSTEM)) == "ledger_only_grows"
    assert refused(lambda: gate.delete(line, by=SYSTEM)) == "ledger_only_grows"


def test_a_foreign_seat_is_not_on_the_roll(town: Town) -> None:
    meeting = in_session(town)
    late = Seat(
        community=town.community,
        tier="extended",
        holder="resident",
        person_name="李梅",
        valid_from=timezone.localdate() + datetime.timedelta(days=1),
    )
    gate.save(late, by=SYSTEM)
    town.seats["居民"] = late
    assert (
        refused(lambda: actions.call_roll(meeting, [town.call("居民")], by=SYSTEM)) == "not_found"
    )


def test_who_cannot_come_may_say_so_before(town: Town) -> None:
    meeting = actions.notice(new_meeting(town), by=SYSTEM)
    actions.call_roll(meeting, [town.call("商户", "excused")], by=SYSTEM)
    assert (
        refused(lambda: actions.call_roll(meeting, [town.call("物业")], by=SYSTEM))
        == "meeting_not_in_session"
    )


def test_an_inquorate_meeting_is_convened_anew_and_keeps_its_agenda(town: Town) -> None:
    meeting = in_session(town, here=[town.call("党委"), town.call("物业")])
    actions.start_item(meeting.items.get(), by=SYSTEM)
    assert refused(lambda: actions.close(meeting, by=SYSTEM)) == "inquorate"
    meeting = actions.declare_inquorate(meeting, by=SYSTEM)
    assert (meeting.status, meeting.items.get().status) == ("inquorate", "waiting")
    assert "还差" in meeting.quorum_words
    again = timezone.now() + datetime.timedelta(days=4)
    meeting = actions.reconvene(meeting, by=SYSTEM, starts_at=again)
    # The roll of the first sitting says nothing of the second.
    assert room_of(meeting).here == frozenset()


def test_a_meeting_that_can_decide_is_not_inquorate(town: Town) -> None:
    meeting = in_session(town)
    assert refused(lambda: actions.declare_inquorate(meeting, by=SYSTEM)) == "still_quorate"


# --- votes ---------------------------------------------------------------------------------------


def test_a_tie_is_not_carried_and_makes_no_resolution(town: Town) -> None:
    meeting = in_session(town)
    vote = decided(meeting, town, 物业="against", 业委会="against", 商户="against")
    assert (vote.outcome, vote.votes_for, vote.votes_against) == ("not_carried", 3, 3)
    item = meeting.items.get()
    assert refused(lambda: actions.resolve(item, "照办", by=SYSTEM)) == "motion_not_carried"


def test_a_later_change_of_settings_changes_no_past_outcome(town: Town) -> None:
    meeting = in_session(town)
    vote = decided(meeting, town, 物业="against", 业委会="against")
    resolution = actions.resolve(meeting.items.get(), "照办", by=SYSTEM)
    words, here = resolution.tally_words, room_of(meeting).quorum
    gate.save(
        MeetingSettings(
            community=town.community,
            majority="unanimous",
            denominator="all",
            tripartite_least=3,
            over_numerator=5,
            over_denominator=6,
        ),
        by=SYSTEM,
    )
    seat = town.seats["商户"]
    seat.valid_to = seat.valid_from
    gate.save(seat, by=SYSTEM)
    vote.refresh_from_db()
    resolution.refresh_from_db()
    assert (vote.outcome, resolution.tally_words) == ("carried", words)
    assert room_of(JointMeeting.objects.get()).quorum == here


def test_a_counted_vote_stays_as_it_was_counted(town: Town) -> None:
    vote = decided(in_session(town), town)
    vote.votes_for = 1
    assert refused(lambda: gate.save(vote, by=SYSTEM)) == "ledger_only_grows"
    seat = town.seats["物业"].pk
    assert refused(lambda: actions.cast(vote, {seat: "against"}, by=SYSTEM)) == "vote_is_over"
    assert refused(lambda: actions.count(vote, by=SYSTEM)) == "vote_is_over"


def test_of_a_secret_vote_only_the_counts_are_known(town: Town) -> None:
    meeting = in_session(town)
    item = actions.start_item(meeting.items.get(), by=SYSTEM)
    vote = actions.call_vote(item, "更换物业", by=SYSTEM, method="secret", majority="absolute")
    seat = town.seats["物业"].pk
    assert refused(lambda: actions.cast(vote, {seat: "for"}, by=SYSTEM)) == "vote_is_secret"
    ballot = vote.ballots.select_related("vote").first()
    assert ballot is not None
    ballot.choice = "for"
    assert refused(lambda: gate.save(ballot, by=SYSTEM)) == "vote_is_secret"
    assert (
        refused(lambda: actions.count(vote, by=SYSTEM, votes_for=5, votes_against=2))
        == "tally_impossible"
    )
    assert actions.count(vote, by=SYSTEM, votes_for=4, votes_against=2).outcome == "carried"


def test_who_came_too_late_has_no_vote(town: Town) -> None:
    meeting = in_session(
        town, here=[c for c in town.everybody() if c.seat != town.seats["商户"].pk]
    )
    item = actions.start_item(meeting.items.get(), by=SYSTEM)
    vote = actions.call_vote(item, "同意", by=SYSTEM)
    actions.call_roll(meeting, [town.call("商户", "late")], by=SYSTEM)
    seat = town.seats["商户"].pk
    assert refused(lambda: actions.cast(vote, {seat: "for"}, by=SYSTEM)) == "seat_may_not_vote"
    assert (vote.seats_present, vote.seats_all) == (5, 6)


def test_one_item_at_a_time_and_none_ends_with_an_open_vote(town: Town) -> None:
    meeting = in_session(town, items=2)
    first, second = meeting.items.order_by("position")
    first = actions.start_item(first, by=SYSTEM)
    assert refused(lambda: actions.start_item(second, by=SYSTEM)) == "item_still_active"
    vote = actions.call_vote(first, "同意", by=SYSTEM)
    assert refused(lambda: actions.finish_item(first, by=SYSTEM)) == "vote_still_open"
    assert refused(lambda: actions.close(meeting, by=SYSTEM)) == "vote_still_open"
    assert refused(lambda: actions.call_vote(first, "再表决", by=SYSTEM)) == "vote_still_open"
    actions.void_vote(vote, by=SYSTEM, reason="点错了")
    assert actions.finish_item(first, by=SYSTEM).status == "done"


def test_on_the_owners_matters_it_only_recommends(town: Town) -> None:
    meeting = new_meeting(town, days=0, items=0)
    gate.save(
        AgendaItem(
            community=town.community,
            meeting=meeting,
            position=1,
            title="电梯广告收益",
            owner_matter="common_use",
        ),
        by=SYSTEM,
    )
    at = timezone.now() - datetime.timedelta(days=4)
    meeting = actions.notice(meeting, by=SYSTEM, occurred_at=at)
    meeting = actions.open_meeting(meeting, by=SYSTEM)
    actions.call_roll(meeting, town.everybody(), by=SYSTEM)
    item = actions.start_item(meeting.items.get(), by=SYSTEM)
    assert (
        refused(lambda: actions.resolve(item, "出租", by=SYSTEM, kind="decision"))
        == "owners_decide"
    )
    assert actions.resolve(item, "建议出租", by=SYSTEM).kind == "recommendation"
