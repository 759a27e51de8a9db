"""What comes of a meeting: minutes that nobody overwrites, and action items."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.meetings import actions, working
from backend.meetings.models import ActionItem, JointMeeting, MinutesRevision
from backend.people.models import Resident, User
from tests.conftest import user_with_role
from tests.meetings.refusing import refused
from tests.meetings.world import Town, contact, decided, in_session, new_meeting

pytestmark = pytest.mark.django_db

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
