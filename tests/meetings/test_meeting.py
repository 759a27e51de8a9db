"""A meeting from draft to published minutes, by its verbs."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.core.models import Transition
from backend.meetings import actions, working
from backend.meetings.models import (
    ActionItem,
    ActionProgress,
    AgendaItem,
    Ballot,
    JointMeeting,
    MeetingAttendance,
    MeetingSettings,
    MinutesRevision,
    Resolution,
    RollSeat,
    Seat,
    Vote,
)
from backend.meetings.presence import room_of
from backend.messaging.models import InboxMessage
from backend.people.models import Resident, User
from tests.conftest import user_with_role
from tests.core.residents import table
from tests.meetings.world import Town, contact, decided, in_session, new_meeting

pytestmark = pytest.mark.django_db
TABLES = (
    JointMeeting,
    AgendaItem,
    MeetingAttendance,
    Vote,
    Ballot,
    Resolution,
    ActionItem,
    ActionProgress,
    MinutesRevision,
    RollSeat,
    Seat,
)


def _everything() -> list[Any]:
    return [table(model) for model in TABLES] + [Transition.objects.count()]


def refused(do: Callable[[], object]) -> str:
    """The code; nothing was written."""
    before = _everything()
    with pytest.raises(RuleViolation) as violation:
        do()
    assert _everything() == before
    return violation.value.code


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
    item = meeting.items.get()
    assert (
        refused(lambda: actions.resolve(item, "出租", by=SYSTEM, kind="decision"))
        == "owners_decide"
    )
    assert actions.resolve(item, "建议出租", by=SYSTEM).kind == "recommendation"


# --- closing, minutes ----------------------------------------------------------------------------


def _closed(town: Town, by: Actor = SYSTEM) -> JointMeeting:
    meeting = in_session(town, by, items=2)
    decided(meeting, town, by)
    actions.resolve(meeting.items.order_by("position")[0], "修好路灯", by=by)
    return actions.close(meeting, by=by)


def _with_action(meeting: JointMeeting, town: Town, by: Actor = SYSTEM) -> ActionItem:
    due = timezone.localdate() + datetime.timedelta(days=10)
    resolution = meeting.resolutions.get()
    return actions.add_action(resolution, town.bodies["物业"], "更换路灯", due, by=by)


def test_closing_drafts_the_minutes_and_leaves_the_rest_to_the_next(town: Town) -> None:
    meeting = _closed(town)
    text = meeting.minutes.get().text
    assert meeting.status == "minutes_draft"
    for said in ("已达法定人数", "赞成 6 票", "修好路灯", "转下次会议", "诚信行物业"):
        assert said in text
    following = new_meeting(town, days=10, items=0)
    _with_action(meeting, town)
    assert actions.carry_over(following, by=SYSTEM) == 2
    titles = list(following.items.order_by("position").values_list("title", flat=True))
    assert titles == ["第2项议题", "落实情况：更换路灯"]
    assert following.items.filter(carried_from__meeting=meeting).count() == 1
    # Carried over once.
    assert actions.carry_over(following, by=SYSTEM) == 0


def test_a_resolution_needs_an_action_item_before_the_minutes_are_confirmed(town: Town) -> None:
    meeting = _closed(town)
    assert refused(lambda: actions.confirm(meeting, by=SYSTEM)) == "resolution_without_action"
    _with_action(meeting, town)
    meeting = actions.confirm(meeting, by=SYSTEM)
    assert actions.publish(meeting, by=SYSTEM).status == "published"
    # What was confirmed stands.
    resolution = meeting.resolutions.get()
    resolution.text = "别的"
    assert refused(lambda: gate.save(resolution, by=SYSTEM)) == "minutes_are_fixed"
    item = meeting.action_items.get()
    item.title = "别的"
    assert refused(lambda: gate.save(item, by=SYSTEM)) == "minutes_are_fixed"


def test_minutes_with_personal_data_are_not_published(town: Town) -> None:
    gate.save(Resident(community=town.community, name="李梅花", phone="13900000001"), by=SYSTEM)
    meeting = _closed(town)
    _with_action(meeting, town)
    for bad in ("联系 13900000001", "住户李梅花同意", "3号楼2单元501室漏水"):
        saved = actions.revise_minutes(meeting, bad, meeting.current_minutes, by=SYSTEM)
        meeting = JointMeeting.objects.get(pk=meeting.pk)
        assert saved.conflict is None
        meeting = actions.confirm(meeting, by=SYSTEM)
        assert (
            refused(lambda m=meeting: actions.publish(m, by=SYSTEM)) == "text_has_personal_data"  # type: ignore[misc]
        )
        meeting = actions.MEETING_VERBS["reopen_minutes"](meeting, by=SYSTEM, reason="有个人信息")


def test_of_two_who_save_the_second_sees_both_and_loses_nothing(
    town: Town, chair: Actor, actor: Actor
) -> None:
    meeting = _closed(town)
    first = actions.revise_minutes(meeting, "甲的文字", 1, by=chair)
    assert first.conflict is None
    second = actions.revise_minutes(meeting, "乙的文字", 1, by=actor)
    assert second.conflict is not None
    assert second.conflict.code == "minutes_conflict"
    assert (second.current.text, second.revision.text) == ("甲的文字", "乙的文字")
    kept = {m.text: m.set_aside for m in MinutesRevision.objects.all()}
    assert (kept["甲的文字"], kept["乙的文字"]) == (False, True)
    # The two put together follow the current one.
    merged = actions.revise_minutes(meeting, "甲和乙的文字", first.revision.number, by=actor)
    assert merged.conflict is None
    assert JointMeeting.objects.get().current_minutes == merged.revision.number == 4


def test_saving_the_same_text_twice_is_no_conflict(town: Town) -> None:
    meeting = _closed(town)
    actions.revise_minutes(meeting, "同一份", 1, by=SYSTEM)
    again = actions.revise_minutes(meeting, "同一份", 1, by=SYSTEM)
    assert again.conflict is None
    assert MinutesRevision.objects.count() == 2


def test_a_revision_never_changes(town: Town) -> None:
    revision = _closed(town).minutes.get()
    revision.text = "别的"
    assert refused(lambda: gate.save(revision, by=SYSTEM)) == "ledger_only_grows"
    assert refused(lambda: gate.delete(revision, by=SYSTEM)) == "ledger_only_grows"


# --- action items --------------------------------------------------------------------------------


def test_a_contact_works_on_the_own_item_and_on_no_other(
    town: Town, community: Any, secretary: User, worker: User
) -> None:
    partner = user_with_role("partner", "partner", community=community)
    stranger = user_with_role("stranger", "partner", community=community)
    contact(town, "物业", partner)
    meeting = _closed(town)
    item = _with_action(meeting, town)
    actions.confirm(meeting, by=SYSTEM)
    by, other = Actor.of(partner, "test"), Actor.of(stranger, "test")
    assert list(ActionItem.objects.visible_to(partner)) == [item]
    assert not ActionItem.objects.visible_to(stranger).exists()
    assert not JointMeeting.objects.visible_to(partner).exists()
    assert refused(lambda: working.report(item, "换好了", by=other)) == "not_allowed"
    assert refused(lambda: working.finish(item, by=by)) == "wrong_state"
    working.report(item, "换了两盏", by=by)
    done = working.finish(ActionItem.objects.get(), by=by)
    assert (done.status, done.done_by) == ("done", partner)
    assert refused(lambda: working.verify(done, by=by)) == "not_allowed"
    back = working.reopen(done, by=Actor.of(worker, "test"), reason="还有一盏不亮")
    assert back.status == "open"
    working.report(back, "都换了", by=by)
    done = working.finish(ActionItem.objects.get(), by=by)
    assert working.verify(done, by=Actor.of(secretary, "test")).status == "verified"


def test_nobody_verifies_the_own_work(town: Town, worker: User, secretary: User) -> None:
    item = _with_action(_closed(town), town)
    by = Actor.of(worker, "test")
    assert refused(lambda: working.report(item, " ", by=by)) == "required"
    working.report(item, "换好了", by=by)
    done = working.finish(ActionItem.objects.get(), by=by)
    assert refused(lambda: working.verify(done, by=by)) == "verifier_is_doer"
    assert refused(lambda: working.report(done, "再写", by=by)) == "action_is_over"
    assert working.verify(done, by=Actor.of(secretary, "test")).status == "verified"


def test_overdue_is_derived(town: Town) -> None:
    item = _with_action(_closed(town), town)
    assert not ActionItem.objects.overdue().exists()
    ActionItem.objects.filter(pk=item.pk).update(
        due_on=timezone.localdate() - datetime.timedelta(days=1)
    )
    assert ActionItem.objects.overdue().exists()
    assert ActionItem.objects.with_overdue().get().overdue_now


def test_others_see_nothing_of_it(
    town: Town, other_worker: User, resident_user: User, worker: User
) -> None:
    _closed(town)
    for user in (other_worker, resident_user):
        assert not JointMeeting.objects.visible_to(user).exists()
    assert JointMeeting.objects.visible_to(worker).exists()
