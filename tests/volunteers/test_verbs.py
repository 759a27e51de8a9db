"""Volunteering, being assigned, coming and going, and what the volunteer hears of it."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.education.actions import cancel_event, open_event, save_event
from backend.education.models import Attendance, LegalEducationEvent, Venue
from backend.festivals.actions import cancel_festival, save_festival
from backend.festivals.hands import Hands, hands_at
from backend.festivals.models import NeighborFestival, Stall
from backend.people.models import User
from backend.places.models import Community
from backend.services.actions import cancel_slot, save_slot
from backend.services.models import Slot
from backend.volunteers import assigning, volunteering
from backend.volunteers.models import Assignment, ServiceRecord, Volunteer, VolunteerTeam
from backend.volunteers.queries import helpers_of_slots
from backend.volunteers.tasks import remind_of_assignments
from tests.conftest import new_event
from tests.education.neighbours import told
from tests.festivals.fairground import new_festival, new_items, new_stalls
from tests.services.counter import new_item, new_slot, passes
from tests.volunteers.team import hours_ago, new_resident, new_volunteer

pytestmark = pytest.mark.django_db


def oneself(volunteer: Volunteer) -> Actor:
    """The volunteer, as an actor."""
    assert volunteer.resident is not None
    return Actor.of(volunteer.resident.user, "test")


def refused(code: str, do: Any, *args: Any, **named: Any) -> None:
    """It is refused with this code, and nothing has moved."""
    rows = [Volunteer, Assignment, ServiceRecord]
    before = [list(model.objects.order_by("pk").values()) for model in rows]
    with pytest.raises(RuleViolation) as refusal:
        do(*args, **named)
    assert refusal.value.code == code
    assert [list(model.objects.order_by("pk").values()) for model in rows] == before


def asked(volunteer: Volunteer, worker: User, **target: Any) -> Assignment:
    """The worker has asked the volunteer."""
    made = Assignment(community=volunteer.community, volunteer=volunteer, task="引导", **target)
    return assigning.save_assignment(made, by=Actor.of(worker, "test"))


def test_a_resident_applies_and_hears_what_became_of_it(community: Community, worker: User) -> None:
    resident = new_resident(community, "孙申请")
    by = Actor.of(resident.user, "test")
    made = volunteering.apply_as_volunteer(
        community.pk, by=by, skills="理发", free=[(5, "morning"), (5, "morning")]
    )
    assert (made.status, made.availabilities.count()) == ("applied", 1)
    refused("volunteer_taken", volunteering.apply_as_volunteer, community.pk, by=by)
    refused("not_allowed", volunteering.approve, made, by=by)
    volunteering.approve(made, by=Actor.of(worker, "test"))
    assert told(by) == ["volunteer_approved"]
    volunteering.set_own_availability(made, [(6, "evening")], by=by)
    assert [str(row) for row in made.availabilities.all()] == ["星期日晚上"]
    left = volunteering.leave(made, by=by)
    assert left.left_at is not None
    # Another one may come back, and is declined.
    again = volunteering.apply_as_volunteer(community.pk, by=by)
    volunteering.decline(again, by=Actor.of(worker, "test"), reason="名额已满")
    assert told(by)[-1] == "volunteer_declined"


def test_an_account_of_nobody_on_the_roster_cannot_apply(
    community: Community, resident_user: User, other_worker: User
) -> None:
    apply = volunteering.apply_as_volunteer
    refused("resident_unknown", apply, community.pk, by=Actor.of(resident_user, "test"))
    refused("not_allowed", apply, community.pk, by=Actor.of(other_worker, "test"))


def test_who_is_still_needed_does_not_leave(volunteer: Volunteer, slot: Slot, worker: User) -> None:
    by = oneself(volunteer)
    assignment = asked(volunteer, worker, slot=slot)
    refused("has_assignments", volunteering.leave, volunteer, by=by)
    assigning.decline(assignment, by=by)
    team = VolunteerTeam(community=volunteer.community, name="巡逻队", leader=volunteer)
    gate.save(team, by=SYSTEM)
    refused("leads_a_team", volunteering.leave, volunteer, by=by)


def test_the_volunteer_is_asked_reminded_and_answers(
    volunteer: Volunteer, slot: Slot, worker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    by, other = oneself(volunteer), oneself(new_volunteer(volunteer.community, "周别人"))
    assignment = asked(volunteer, worker, slot=slot)
    assert assignment.asked_by == worker
    refused("not_found", assigning.accept, assignment, by=other)
    assigning.accept(assignment, by=by)
    assert helpers_of_slots([slot.pk]) == {slot.pk: ["钱志愿"]}
    assert remind_of_assignments.func() == 0, "it is not tomorrow yet"
    passes(monkeypatch, hours=30)
    assert [remind_of_assignments.func() for _ in range(2)] == [1, 0]
    assert told(by) == ["volunteer_assigned", "volunteer_reminder"]
    assigning.decline(assignment, by=by)
    assert helpers_of_slots([slot.pk]) == {}


def test_assignments_follow_their_slot(volunteer: Volunteer, slot: Slot, worker: User) -> None:
    by, boss = oneself(volunteer), Actor.of(worker, "test")
    assignment = asked(volunteer, worker, slot=slot)
    # Another one at the time to which the slot will be moved, and one of somebody who clashes.
    clashing = new_volunteer(volunteer.community, "周冲突")
    later = new_slot(slot.item, in_days=5)
    hers = asked(clashing, worker, slot=slot)
    asked(clashing, worker, slot=later)
    fresh = Slot.objects.get(pk=slot.pk)
    fresh.starts_at, fresh.ends_at = later.starts_at, later.ends_at
    save_slot(fresh, by=boss)
    moved = Assignment.objects.get(pk=assignment.pk)
    assert (moved.starts_at, moved.ends_at) == (later.starts_at, later.ends_at)
    assert told(by)[-1] == "volunteer_assignment_moved"
    assert Assignment.objects.get(pk=hers.pk).status == "cancelled"
    assert told(oneself(clashing))[-1] == "volunteer_assignment_cancelled"
    cancel_slot(fresh, by=boss, reason="停水")
    assert Assignment.objects.get(pk=assignment.pk).status == "cancelled"
    assert told(by)[-1] == "volunteer_assignment_cancelled"


def test_assignments_follow_their_event(volunteer: Volunteer, venue: Venue, worker: User) -> None:
    by, boss = oneself(volunteer), Actor.of(worker, "test")
    start = timezone.now() + datetime.timedelta(days=3)
    times = {"starts_at": start, "ends_at": start + datetime.timedelta(hours=2)}
    event = gate.save(new_event(venue, **times), by=SYSTEM)
    # Half an hour earlier, to set up.
    half = datetime.timedelta(minutes=30)
    assignment = asked(
        volunteer, worker, event=event, starts_at=start - half, ends_at=times["ends_at"]
    )
    fresh = LegalEducationEvent.objects.get(pk=event.pk)
    fresh.starts_at += datetime.timedelta(days=1)
    fresh.ends_at += datetime.timedelta(days=1, hours=1)
    save_event(fresh, by=boss)
    moved = Assignment.objects.get(pk=assignment.pk)
    assert (moved.starts_at, moved.ends_at) == (fresh.starts_at - half, fresh.ends_at)
    cancel_event(fresh, by=boss, reason="下雨")
    assert Assignment.objects.get(pk=assignment.pk).status == "cancelled"
    assert told(by) == [
        "volunteer_assigned",
        "volunteer_assignment_moved",
        "volunteer_assignment_cancelled",
    ]


def test_assignments_follow_the_festival_of_their_stall(
    community: Community, volunteer: Volunteer, worker: User
) -> None:
    by, boss = oneself(volunteer), Actor.of(worker, "test")
    festival = new_festival(community)
    (stall,) = new_stalls(festival, new_items(community, 1))
    assignment = asked(volunteer, worker, stall=stall)
    assert (assignment.starts_at, assignment.ends_at) == (festival.starts_at, festival.ends_at)
    assert hands_at(worker, [stall.pk])[stall.pk] == Hands(1, ("钱*",))
    # Whoever may not see whom is counted all the same.
    assert hands_at(None, [stall.pk])[stall.pk] == Hands(1, ())
    fresh = NeighborFestival.objects.get(pk=festival.pk)
    fresh.starts_at += datetime.timedelta(hours=1)
    save_festival(fresh, by=boss)
    moved = Assignment.objects.get(pk=assignment.pk)
    assert (moved.starts_at, moved.ends_at) == (fresh.starts_at, fresh.ends_at)
    cancel_festival(fresh, by=boss, reason="下雨")
    assert Assignment.objects.get(pk=assignment.pk).status == "cancelled"
    assert told(by) == [
        "volunteer_assigned",
        "volunteer_assignment_moved",
        "volunteer_assignment_cancelled",
    ]
    other = Stall.objects.get(pk=stall.pk)
    refused("target_is_off", asked, volunteer, worker, stall=other)


def test_coming_and_going_drafts_the_hours(
    volunteer: Volunteer, slot: Slot, worker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = oneself(volunteer)
    assignment = asked(volunteer, worker, slot=slot)
    refused("check_in_too_early", assigning.check_in, assignment, by=by)
    refused("not_checked_in", assigning.check_out, assignment, by=by)
    refused("assignment_not_started", assigning.complete, assignment, by=Actor.of(worker, "x"))
    passes(monkeypatch, days=2, minutes=1)
    refused("not_allowed", assigning.check_in, assignment, by=by, at=hours_ago(1))
    assert assigning.check_in(assignment, by=by).status == "accepted"
    refused("already_checked_in", assigning.check_in, assignment, by=by)
    passes(monkeypatch, hours=2)
    assert assigning.check_out(assignment, by=by).status == "done"
    record = ServiceRecord.objects.get()
    assert (record.minutes, record.source, record.status) == (120, "check_in", "submitted")
    refused("already_checked_out", assigning.check_out, assignment, by=by)


def test_staff_mark_a_job_as_done_and_the_sign_in_says_since_when(
    volunteer: Volunteer, venue: Venue, worker: User
) -> None:
    boss = Actor.of(worker, "test")
    event = gate.save(new_event(venue, starts_at=hours_ago(3), ends_at=hours_ago(1)), by=SYSTEM)
    event = open_event(event, by=SYSTEM)
    assignment = asked(volunteer, worker, event=event)
    gate.save(
        Attendance(
            community=venue.community,
            event=event,
            resident=volunteer.resident,
            name="钱志愿",
            signed_in_at=hours_ago(2.5),
        ),
        by=SYSTEM,
    )
    assigning.complete(assignment, by=boss)
    record = ServiceRecord.objects.get()
    assert (record.minutes, record.source) == (90, "check_in")
    # Of a job without a sign-in, as planned; what has been told by hand is not told again.
    slot = new_slot(new_item(venue.community), starts_at=hours_ago(30), ends_at=hours_ago(29))
    again = new_volunteer(venue.community, "周再来")
    plain = asked(again, worker, slot=slot)
    assigning.complete(plain, by=boss)
    assert ServiceRecord.objects.get(assignment=plain).source == "staff"
    missed = asked(volunteer, worker, slot=slot)
    assigning.miss(missed, by=boss)
    assigning.complete(missed, by=boss)
    assert Assignment.objects.get(pk=missed.pk).status == "done"
