"""Registration: who gets a place, who waits, and who is next."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.core.models import ChangeSet, Transition
from backend.education import actions
from backend.education.models import LegalEducationEvent, Registration, Venue
from backend.education.registering import (
    change_registration,
    confirm_registration,
    join_waitlist,
    promote_registration,
    register,
    reject_registration,
    withdraw_registration,
)
from backend.people.actions import record_death
from backend.people.models import Resident, User
from backend.places.models import Community
from tests.conftest import user_with_role
from tests.education.neighbours import neighbour, neighbours, small_event, states, told


def refusal(do: Callable[[], Any]) -> str:
    """The code with which it is refused; nothing was written."""
    before = Registration.objects.count(), ChangeSet.objects.count()
    with pytest.raises(RuleViolation) as refused:
        do()
    assert (Registration.objects.count(), ChangeSet.objects.count()) == before
    return refused.value.code


@pytest.fixture
def event(venue: Venue) -> LegalEducationEvent:
    return small_event(venue)


def changed(event: LegalEducationEvent, **values: Any) -> LegalEducationEvent:
    fresh = LegalEducationEvent.objects.get(pk=event.pk)
    for name, value in values.items():
        setattr(fresh, name, value)
    return actions.save_event(fresh, by=SYSTEM)


def test_a_name_and_phone_take_one_place_whoever_enters_them(
    event: LegalEducationEvent, worker: User, community: Community
) -> None:
    first = register(event, by=Actor(worker), name="张安然", phone="13700000001")
    again = {"name": "张安然", "phone": "13700000001"}
    assert refusal(lambda: register(event, by=Actor(worker), **again)) == "registration_taken"
    assert refusal(lambda: register(event, by=SYSTEM, **again)) == "registration_taken"
    # A couple shares a phone; namesakes have none that tells them apart.
    register(event, by=Actor(worker), name="李知远", phone="13700000001")
    for _ in range(2):
        register(changed(event, capacity=9), by=Actor(worker), name="王清和")
    withdraw_registration(first, by=Actor(worker), reason="有事")
    assert register(event, by=Actor(worker), **again).status == "confirmed"


def test_a_resident_registers_herself_and_two_grandchildren(
    event: LegalEducationEvent, community: Community
) -> None:
    changed(event, capacity=3)
    grandmother = neighbour(community, 1)
    row = register(event, by=grandmother, size=3)
    assert (row.status, row.size, row.source) == ("confirmed", 3, "app")
    assert row.resident.user == row.account == grandmother.user
    assert told(grandmother) == ["event_registered"]
    assert LegalEducationEvent.objects.with_places().get(pk=event.pk).places_left == 0
    # History names her, though she may not edit registrations.
    assert ChangeSet.objects.latest("pk").actor == grandmother.user


def test_a_worker_registers_an_old_man_by_phone_call(
    event: LegalEducationEvent, actor: Actor, community: Community
) -> None:
    old = gate.save(Resident(community=community, name="冯老伯", phone="13900000077"), by=SYSTEM)
    row = register(event, by=actor, resident=old, source="phone")
    assert (row.status, row.name, row.source) == ("confirmed", "冯老伯", "phone")
    stranger = register(event, by=actor, name="外来的人", phone="13912345678", source="phone")
    assert stranger.resident is None


def test_the_next_is_refused_and_may_stand_in_line(
    event: LegalEducationEvent, community: Community
) -> None:
    first, second, third, fourth = neighbours(community, 4)
    register(event, by=first)
    register(event, by=second)
    assert refusal(lambda: register(event, by=third)) == "event_full"
    join_waitlist(event, by=third)
    join_waitlist(event, by=fourth)
    assert states(event) == ["confirmed", "confirmed", "waitlisted", "waitlisted"]
    places = Registration.objects.with_position().order_by("pk").values_list("position", flat=True)
    assert list(places) == [None, None, 1, 2]
    assert told(third) == ["event_waitlisted"]
    assert refusal(lambda: join_waitlist(event, by=third)) == "registration_taken"


def test_when_somebody_withdraws_the_first_in_line_is_promoted_and_told(
    event: LegalEducationEvent, community: Community
) -> None:
    first, second, third, fourth = neighbours(community, 4)
    row = register(event, by=first)
    register(event, by=second)
    for late in (third, fourth):
        join_waitlist(event, by=late)
    withdraw_registration(row, by=first)
    assert states(event) == ["withdrawn", "confirmed", "confirmed", "waitlisted"]
    assert told(third) == ["event_waitlisted", "event_promoted"]
    assert told(fourth) == ["event_waitlisted"]
    assert told(first) == ["event_registered", "registration_withdrawn"]
    # In one change set: there is no moment at which the place is nobody's.
    promoted = Registration.objects.get(account=third.user)
    moves = Transition.objects.filter(move__in=("withdraw", "promote"))
    assert moves.values("change_set").distinct().count() == 1
    assert moves.get(object_id=promoted.pk).reason == "有名额空出，按先后递补"
    # And who withdrew may come back: at the end of the line.
    back = join_waitlist(event, by=first)
    assert back.queue_number == 3


def test_the_line_is_strict_unless_the_event_lets_small_groups_pass(
    event: LegalEducationEvent, community: Community
) -> None:
    first, second, third, fourth, fifth = neighbours(community, 5)
    row = register(event, by=first)
    register(event, by=second)
    join_waitlist(event, by=third, size=2)
    join_waitlist(event, by=fourth)
    withdraw_registration(row, by=first)
    assert states(event) == ["withdrawn", "confirmed", "waitlisted", "waitlisted"]
    # A place is free, and belongs to those who wait.
    assert refusal(lambda: register(event, by=fifth)) == "event_full"
    changed(event, small_groups_pass=True)
    assert states(event) == ["withdrawn", "confirmed", "waitlisted", "confirmed"]


def test_raising_the_capacity_promotes_and_lowering_it_takes_nobodys_place(
    event: LegalEducationEvent, community: Community
) -> None:
    first, second, third, fourth = neighbours(community, 4)
    register(event, by=first)
    register(event, by=second)
    for late in (third, fourth):
        join_waitlist(event, by=late)
    changed(event, capacity=3)
    assert states(event) == ["confirmed", "confirmed", "confirmed", "waitlisted"]
    assert refusal(lambda: changed(event, capacity=2)) == "capacity_below_registered"
    changed(event, capacity=None)
    assert states(event)[-1] == "confirmed"


def test_a_group_that_shrinks_makes_room_and_one_that_grows_needs_it(
    event: LegalEducationEvent, community: Community, actor: Actor
) -> None:
    first, second = neighbours(community, 2)
    row = register(event, by=first, size=2)
    join_waitlist(event, by=second)
    row.size = 3
    assert refusal(lambda: change_registration(row, by=actor)) == "event_full"
    row.size = 1
    change_registration(row, by=actor)
    assert states(event) == ["confirmed", "confirmed"]


def test_where_approval_is_wanted_a_free_place_is_offered(
    event: LegalEducationEvent, community: Community, actor: Actor
) -> None:
    changed(event, needs_approval=True, capacity=1)
    first, second = neighbours(community, 2)
    row = register(event, by=first)
    assert row.status == "pending"
    waiting = join_waitlist(event, by=second)
    assert refusal(lambda: reject_registration(row, by=actor, reason=" ")) == "reason_required"
    reject_registration(row, by=actor, reason="非本社区居民")
    assert states(event) == ["rejected", "pending"]
    assert told(second) == ["event_waitlisted"]
    confirm_registration(waiting, by=actor)
    assert told(second) == ["event_waitlisted", "event_registered"]


def test_staff_may_promote_out_of_turn_with_a_reason_but_not_beyond_the_places(
    event: LegalEducationEvent, community: Community, actor: Actor
) -> None:
    first, second, third, fourth = neighbours(community, 4)
    row = register(event, by=first)
    register(event, by=second)
    join_waitlist(event, by=third, size=2)
    urgent = join_waitlist(event, by=fourth)

    def promote(reason: str) -> Registration:
        return promote_registration(urgent, by=actor, reason=reason)

    assert refusal(lambda: promote("行动不便")) == "event_full"
    withdraw_registration(row, by=first)
    assert refusal(lambda: promote("")) == "reason_required"
    assert promote("行动不便，与前一位商量过").status == "confirmed"


def test_the_terms_of_the_event_hold_for_those_who_register_themselves(
    event: LegalEducationEvent, community: Community, actor: Actor
) -> None:
    hour, now = datetime.timedelta(hours=1), timezone.now()
    first, second = neighbours(community, 2)
    changed(event, registration_opens_at=now + hour)
    assert refusal(lambda: register(event, by=first)) == "registration_not_yet"
    changed(event, registration_opens_at=now - 2 * hour, registration_closes_at=now - hour)
    assert refusal(lambda: register(event, by=first)) == "registration_over"
    register(event, by=actor, name="打电话的人", source="phone")
    changed(event, registration_closes_at=None, max_group_size=2, withdraw_until=now - hour)
    assert refusal(lambda: register(event, by=first, size=3)) == "group_size_invalid"
    assert refusal(lambda: register(event, by=first, size=0)) == "group_size_invalid"
    row = register(event, by=first)
    assert refusal(lambda: withdraw_registration(row, by=first)) == "withdraw_too_late"
    changed(event, waitlist_on=False)
    assert refusal(lambda: join_waitlist(event, by=second)) == "waitlist_off"
    withdraw_registration(row, by=actor, reason="电话取消")


def test_nobody_waits_while_there_are_places(
    event: LegalEducationEvent, community: Community
) -> None:
    first = neighbour(community, 1)
    assert refusal(lambda: join_waitlist(event, by=first)) == "places_free"


def test_only_an_open_event_takes_registrations(
    event: LegalEducationEvent, event_planned: LegalEducationEvent, community: Community
) -> None:
    worker = Actor.of(user_with_role("li", "worker", community=community), "test")
    assert refusal(lambda: register(event_planned, by=worker, name="李")) == "event_not_open"
    actions.cancel_event(event, by=SYSTEM, reason="暴雨")
    assert refusal(lambda: register(event, by=worker, name="李")) == "event_not_open"


def test_terms_that_make_no_sense_are_refused(event: LegalEducationEvent) -> None:
    now = timezone.now()
    with pytest.raises(RuleViolation, match="registration_time_reversed"):
        changed(event, registration_opens_at=now, registration_closes_at=now)
    for wrong in (0, 11):
        with pytest.raises(RuleViolation, match="group_limit_invalid"):
            changed(event, max_group_size=wrong)


def test_cancelling_the_event_tells_everybody_once(
    event: LegalEducationEvent, community: Community
) -> None:
    first, second, third, gone = neighbours(community, 4)
    left = register(event, by=gone)
    withdraw_registration(left, by=gone)
    for one in (first, second):
        register(event, by=one)
    join_waitlist(event, by=third)
    actions.cancel_event(event, by=SYSTEM, reason="暴雨")
    for one in (first, second, third):
        assert told(one)[1:] == ["event_cancelled"]
    assert "event_cancelled" not in told(gone)


def test_an_account_registers_nobody_but_itself(
    event: LegalEducationEvent, community: Community
) -> None:
    first, second = neighbours(community, 2)
    other = Resident.objects.get(user=second.user)
    assert refusal(lambda: register(event, by=first, resident=other)) == "not_found"
    # Whoever is not linked to the roster says their name, and is still one account, one place.
    unlinked = Actor.of(user_with_role("unlinked", "resident", community=community), "test")
    assert refusal(lambda: register(event, by=unlinked)) == "registrant_missing"
    register(event, by=unlinked, name="新邻居")
    assert refusal(lambda: register(event, by=unlinked, name="另一个")) == "registration_taken"


def test_those_of_another_community_cannot_touch_a_registration(
    event: LegalEducationEvent, community: Community, other_worker: User, resident_user: User
) -> None:
    first = neighbour(community, 1)
    row = register(event, by=first)
    for user in (other_worker, resident_user):
        by = Actor.of(user, "test")
        code = refusal(lambda by=by: withdraw_registration(row, by=by, reason="不来了"))
        assert code in ("not_allowed", "not_found")
        assert not Registration.objects.visible_to(user).exists()
    assert refusal(lambda: register(event, by=Actor.of(other_worker, "test"), name="李"))
    assert states(event) == ["confirmed"]
    assert Registration.objects.visible_to(first.user).count() == 1


def test_a_key_of_an_account_does_what_it_names_and_no_more(
    event: LegalEducationEvent, community: Community
) -> None:
    first = neighbour(community, 1)
    first.user.limited_to = frozenset({"education.see_published"})
    assert refusal(lambda: register(event, by=first)) == "not_allowed"
    first.user.limited_to |= {"registrations.register"}
    register(event, by=first)
    assert not Registration.objects.visible_to(first.user).exists()
    first.user.limited_to |= {"registrations.see"}
    assert Registration.objects.visible_to(first.user).count() == 1


def test_a_steward_registers_the_people_of_the_own_estate(
    event: LegalEducationEvent, community: Community, estate: Any, building: Any
) -> None:
    steward = user_with_role("steward", "steward", community=community, estate=estate)
    by = Actor.of(steward, "test")
    person = Resident(community=community, name="楼里的人", phone="13900000088", building=building)
    row = register(event, by=by, resident=gate.save(person, by=SYSTEM))
    theirs = register(event, by=neighbour(community, 1))
    assert list(Registration.objects.visible_to(steward)) == [row]
    assert refusal(lambda: withdraw_registration(theirs, by=by, reason="x")) == "not_found"
    withdraw_registration(row, by=by, reason="来电取消")


def test_a_state_moves_by_verbs_alone(
    event: LegalEducationEvent, community: Community, actor: Actor
) -> None:
    row = register(event, by=neighbour(community, 1))
    row.status = "withdrawn"
    with pytest.raises(RuleViolation, match="state_by_verb_only"):
        change_registration(row, by=actor)
    fresh = Registration(community=community, event=event, name="李", status="confirmed")
    with pytest.raises(RuleViolation, match="state_by_verb_only"):
        gate.save(fresh, by=SYSTEM)


def test_a_set_is_judged_row_by_row(event: LegalEducationEvent, community: Community) -> None:
    """The gate's promise: `save_many` gives the verdicts of `save` in a loop."""
    rows = [Registration(community=community, event=event, name=f"人{n}") for n in range(4)]
    found = gate.check_many(rows)
    assert {index: violation.code for index, violation in found.items()} == {
        2: "event_full",
        3: "event_full",
    }


def test_nobody_is_registered_who_has_died(event: LegalEducationEvent) -> None:
    person = Resident.objects.get(user=neighbour(event.community, 1).user)
    record_death(person, on=timezone.localdate(), by=SYSTEM)
    person.refresh_from_db()
    assert refusal(lambda: register(event, by=SYSTEM, resident=person)) == "person_deceased"
