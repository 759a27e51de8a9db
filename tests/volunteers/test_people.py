"""What becomes of volunteers when a person is erased, or was in the roster twice."""

import datetime

import pytest
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.people.merging import merge_residents, unmerge_residents
from backend.people.models import Resident, User
from backend.places.models import Community
from backend.privacy.erasing import erase_resident
from backend.privacy.retention import let_go
from backend.privacy.showing import held_about
from backend.services.models import Slot
from backend.volunteers.models import Assignment, Availability, ServiceRecord, Volunteer
from tests.volunteers.team import new_record, new_volunteer

pytestmark = pytest.mark.django_db


def test_an_erased_volunteer_leaves_the_hours_and_no_name(
    community: Community, slot: Slot, secretary: User
) -> None:
    volunteer = new_volunteer(
        community, "钱志愿", account=False, skills="理发", remark="女儿的电话 13900020077"
    )
    gate.move(new_record(volunteer, 4, 2), "verify", by=SYSTEM)
    new_record(volunteer, 8, 7)
    asked = Assignment(community=community, volunteer=volunteer, slot=slot, task="引导")
    gate.save(asked, by=SYSTEM)
    assert volunteer.resident is not None
    erased = erase_resident(volunteer.resident, by=Actor.of(secretary, "test"))
    assert erased.left == []
    assert {"volunteers", "assignments", "service_records"} <= set(erased.counts)
    fresh = Volunteer.objects.with_hours().get(pk=volunteer.pk)
    assert (fresh.resident_id, fresh.skills, fresh.remark) == (None, "", "")
    assert (fresh.status, fresh.verified_minutes) == ("left", 120)
    assert Assignment.objects.get().status == "cancelled"
    states = ServiceRecord.objects.order_by("starts_at").values_list("status", flat=True)
    assert list(states) == ["withdrawn", "verified"]


def test_two_rows_of_a_person_who_volunteers_become_one_and_two_again(
    community: Community, secretary: User
) -> None:
    by = Actor.of(secretary, "test")
    keep = new_volunteer(community, "钱志愿", account=False)
    drop = new_volunteer(community, "钱志愿", account=False, skills="理发")
    gate.move(new_record(keep, 4, 2), "verify", by=SYSTEM)
    gate.move(new_record(drop, 8, 7), "verify", by=SYSTEM)
    free = Availability(community=community, volunteer=drop, weekday=5, part="morning")
    gate.save(free, by=SYSTEM)
    assert keep.resident is not None
    assert drop.resident is not None
    merge_residents(keep.resident, drop.resident, by=by, reason="同一个人")
    (one,) = Volunteer.objects.with_hours()
    assert (one.pk, one.skills, one.verified_minutes) == (keep.pk, "理发", 180)
    assert one.availabilities.count() == 1
    unmerge_residents(Resident.objects.get(pk=drop.resident_id), by=by)
    hours = dict(Volunteer.objects.with_hours().values_list("pk", "verified_minutes"))
    assert hours == {keep.pk: 120, drop.pk: 60}


def test_hours_that_overlap_stand_in_the_way_of_a_merge(
    community: Community, secretary: User
) -> None:
    by = Actor.of(secretary, "test")
    keep = new_volunteer(community, "钱志愿", account=False)
    drop = new_volunteer(community, "钱志愿", account=False)
    new_record(keep, 4, 2)
    twice = new_record(drop, 3, 1)
    assert keep.resident is not None
    assert drop.resident is not None
    with pytest.raises(RuleViolation) as refusal:
        merge_residents(keep.resident, drop.resident, by=by, reason="同一个人")
    assert refusal.value.code == "records_overlap"
    gate.move(twice, "reject", by=SYSTEM, reason="同一个人登记了两次")
    merge_residents(keep.resident, drop.resident, by=by, reason="同一个人")
    assert Volunteer.objects.count() == 1


def test_a_person_is_shown_what_is_held_of_their_volunteering(
    community: Community, volunteer: Volunteer
) -> None:
    new_record(volunteer, 4, 2)
    assert volunteer.resident is not None
    labels = {held.label for held in held_about(volunteer.resident)}
    assert {"志愿者", "服务时长记录"} <= labels


def test_who_left_long_ago_becomes_anonymous(community: Community) -> None:
    volunteer = new_volunteer(community, "钱志愿", account=False, skills="理发")
    gate.move(new_record(volunteer, 4, 2), "verify", by=SYSTEM)
    long_ago = timezone.now() - datetime.timedelta(days=4 * 365)
    volunteer = gate.move(volunteer, "leave", by=SYSTEM, reason="搬家")
    volunteer.left_at = long_ago
    gate.save(volunteer, by=SYSTEM)
    let_go()
    fresh = Volunteer.objects.with_hours().get()
    assert (fresh.resident_id, fresh.skills, fresh.verified_minutes) == (None, "", 120)
