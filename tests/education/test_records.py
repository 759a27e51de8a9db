"""What may be recorded of an event, and when: every door comes through these."""

import datetime
from typing import Any

import pytest

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.errors import RuleViolation
from backend.core.models import Kept
from backend.education import actions
from backend.education.models import (
    Attendance,
    HeadcountEntry,
    LegalEducationEvent,
    Venue,
)
from backend.people.models import Organization, User
from backend.places.models import Community
from tests.conftest import new_event
from tests.core.residents import PHONE, resident, table

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


def _attendance(event: LegalEducationEvent, name: str = "李梅", **more: Any) -> Attendance:
    return Attendance(community_id=event.community_id, event=event, name=name, **more)


def _headcount(event: LegalEducationEvent, **more: Any) -> HeadcountEntry:
    given: dict[str, Any] = {"kind": "crowd", "count": 60, "evidence": "现场照片 3 张"}
    return HeadcountEntry(community_id=event.community_id, event=event, **(given | more))


def _refused(record: Kept) -> str:
    before = table(type(record))
    with pytest.raises(RuleViolation) as refused:
        gate.save(record, by=SYSTEM)
    assert table(type(record)) == before
    return refused.value.code


def test_refuses_an_event_that_ends_when_it_starts(venue: Venue) -> None:
    event = new_event(venue)
    event.ends_at = event.starts_at
    assert _refused(event) == "event_ends_before_start"


def test_refuses_an_event_for_nobody(venue: Venue) -> None:
    assert _refused(new_event(venue, capacity=0)) == "capacity_invalid"


def test_refuses_an_onsite_event_in_the_cloud(community: Community) -> None:
    cloud = gate.save(Venue(community=community, name="云课堂", kind="cloud_classroom"), by=SYSTEM)
    assert _refused(new_event(cloud)) == "venue_unsuitable"
    gate.save(new_event(cloud, format="online"), by=SYSTEM)


def test_refuses_a_time_without_a_zone(venue: Venue) -> None:
    event = new_event(venue)
    event.starts_at = event.starts_at.replace(tzinfo=None)
    assert _refused(event) == "invalid_value"


def test_refuses_another_communitys_venue_or_organizer(
    venue: Venue, other_community: Community
) -> None:
    assert _refused(new_event(venue, community=other_community)) == "not_found"
    theirs = Organization(community=other_community, name="东方居委会", kind="residents_committee")
    gate.save(theirs, by=SYSTEM)
    assert _refused(new_event(venue, organizer=theirs)) == "not_found"


def test_refuses_a_second_venue_of_the_name(venue: Venue) -> None:
    same = Venue(community=venue.community, name=venue.name, kind="other")
    assert _refused(same) == "venue_taken"


def test_nobody_signs_in_at_a_planned_event(event_planned: LegalEducationEvent) -> None:
    assert _refused(_attendance(event_planned)) == "event_not_open"
    assert _refused(_headcount(event_planned)) == "event_not_open"


def test_nobody_signs_in_at_a_cancelled_event(event_open: LegalEducationEvent) -> None:
    cancelled = actions.cancel_event(event_open, by=SYSTEM, reason="下雨")
    assert _refused(_attendance(cancelled)) == "event_not_open"
    assert _refused(_headcount(cancelled)) == "event_not_open"


def test_people_sign_in_while_it_is_open_and_after_it_was_held(
    event_open: LegalEducationEvent,
) -> None:
    gate.save(_attendance(event_open, "李一"), by=SYSTEM)
    held = actions.hold_event(event_open, by=SYSTEM)
    gate.save(_attendance(held, "李二"), by=SYSTEM)
    gate.save(_headcount(held), by=SYSTEM)
    assert Attendance.objects.count() == 2


def test_an_archive_is_closed_until_it_is_reopened(event_open: LegalEducationEvent) -> None:
    recorded = gate.save(_attendance(event_open, "李一"), by=SYSTEM)
    counted = gate.save(_headcount(event_open), by=SYSTEM)
    held = actions.hold_event(event_open, by=SYSTEM)
    archived = actions.archive_event(held, by=SYSTEM)
    recorded.remark, counted.count = "更正", 61
    for late in (_attendance(archived, "李二"), recorded, counted):
        assert _refused(late) == "event_not_open"
    actions.reopen_event(archived, by=SYSTEM, reason="补录签到表")
    gate.save(_attendance(archived, "李二"), by=SYSTEM)
    gate.save(recorded, by=SYSTEM)
    assert Attendance.objects.count() == 2


def test_the_stored_state_decides_and_not_the_one_at_hand(event_open: LegalEducationEvent) -> None:
    actions.cancel_event(event_open, by=SYSTEM, reason="下雨")
    assert event_open.status == "open"
    assert _refused(_attendance(event_open)) == "event_not_open"


def test_a_capacity_is_no_limit_for_those_who_came(venue: Venue) -> None:
    event = gate.save(new_event(venue, capacity=1), by=SYSTEM)
    event = actions.open_event(event, by=SYSTEM)
    gate.save_many([_attendance(event, f"李{n}") for n in "一二三"], by=SYSTEM)
    assert Attendance.objects.count() == 3


def test_a_resident_signs_in_once_an_event(
    community: Community, venue: Venue, event_open: LegalEducationEvent
) -> None:
    person = gate.save(resident(community, "李梅", PHONE), by=SYSTEM)
    gate.save(_attendance(event_open, resident=person), by=SYSTEM)
    # Under another name on the sheet it is still the same person.
    assert _refused(_attendance(event_open, "李小梅", resident=person)) == "attendance_taken"
    other = gate.save(new_event(venue, code="pf-other"), by=SYSTEM)
    other = actions.open_event(other, by=SYSTEM)
    gate.save(_attendance(other, resident=person), by=SYSTEM)


def test_a_name_nobody_could_identify_stands_once_an_event(event_open: LegalEducationEvent) -> None:
    gate.save(_attendance(event_open, "李梅"), by=SYSTEM)
    assert _refused(_attendance(event_open, "李梅")) == "attendance_name_taken"


def test_namesakes_who_are_two_residents_both_sign_in(
    community: Community, event_open: LegalEducationEvent
) -> None:
    people = [resident(community, "李梅", f"1380000000{n}") for n in (1, 2)]
    gate.save_many(people, by=SYSTEM)
    gate.save_many([_attendance(event_open, resident=p) for p in people], by=SYSTEM)
    assert Attendance.objects.count() == 2


def test_refuses_another_communitys_resident(
    other_community: Community, event_open: LegalEducationEvent
) -> None:
    stranger = gate.save(resident(other_community), by=SYSTEM)
    assert _refused(_attendance(event_open, resident=stranger)) == "not_found"


@pytest.mark.parametrize(
    ("event_format", "values", "code"),
    [
        ("onsite", {"evidence": ""}, "required"),
        ("onsite", {"evidence": "  "}, "required"),
        ("onsite", {"count": 0}, "headcount_invalid"),
        ("onsite", {"kind": "live_viewers"}, "headcount_unsuitable"),
        ("onsite", {"kind": "recording_views"}, "headcount_unsuitable"),
        ("online", {"kind": "crowd"}, "headcount_unsuitable"),
        ("hybrid", {"kind": "live_viewers", "includes_signed_in": True}, "overlap_impossible"),
        ("hybrid", {"kind": "guess"}, "invalid_choice"),
    ],
)
def test_refuses_a_count_that_cannot_be(
    venue: Venue, event_format: str, values: dict[str, Any], code: str
) -> None:
    event = gate.save(new_event(venue, format=event_format), by=SYSTEM)
    event = actions.open_event(event, by=SYSTEM)
    assert _refused(_headcount(event, **values)) == code


def test_one_count_may_include_those_who_signed(event_open: LegalEducationEvent) -> None:
    gate.save(_headcount(event_open, includes_signed_in=True), by=SYSTEM)
    again = _headcount(event_open, includes_signed_in=True, count=70)
    assert _refused(again) == "headcount_included_twice"


def test_an_event_that_somebody_attended_is_not_deleted(event_open: LegalEducationEvent) -> None:
    gate.save(_attendance(event_open), by=SYSTEM)
    with pytest.raises(RuleViolation) as refused:
        gate.delete(event_open, by=SYSTEM)
    assert refused.value.code == "in_use"
    assert LegalEducationEvent.objects.count() == 1


def test_an_event_ends_after_it_starts_when_it_is_changed_too(
    event_planned: LegalEducationEvent,
) -> None:
    event_planned.ends_at = event_planned.starts_at - HOUR
    assert _refused(event_planned) == "event_ends_before_start"


def test_the_installations_administrator_sees_every_event(
    admin_user: User, event_open: LegalEducationEvent, event_planned: LegalEducationEvent
) -> None:
    assert set(LegalEducationEvent.objects.visible_to(admin_user)) == {event_open, event_planned}
