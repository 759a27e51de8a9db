"""What the models hold, whoever writes them: tested through the gate alone."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.errors import RuleViolation
from backend.people.actions import record_death
from backend.places.models import Community
from backend.privacy.models import CommunityPrivacy
from backend.services.models import Slot
from backend.volunteers.models import (
    Assignment,
    Availability,
    ServiceRecord,
    TeamMember,
    Volunteer,
    VolunteerTeam,
)
from tests.services.counter import new_item, new_slot
from tests.volunteers.team import hours_ago, new_record, new_resident, new_volunteer

pytestmark = pytest.mark.django_db


def refused(code: str, record: Any) -> None:
    """The gate does not take it, and the table is as it was."""
    rows = type(record).objects
    before = list(rows.order_by("pk").values())
    with pytest.raises(RuleViolation) as refusal:
        gate.save(record, by=SYSTEM)
    assert refusal.value.code == code
    assert list(rows.order_by("pk").values()) == before


def test_a_person_volunteers_once_and_again_after_having_left(community: Community) -> None:
    resident = new_resident(community, "孙重来")
    first = gate.save(Volunteer(community=community, resident=resident), by=SYSTEM)
    refused("volunteer_taken", Volunteer(community=community, resident=resident))
    gate.move(first, "leave", by=SYSTEM, reason="搬家")
    gate.save(Volunteer(community=community, resident=resident), by=SYSTEM)
    refused("volunteer_nameless", Volunteer(community=community))


def test_party_membership_is_written_only_where_it_is_turned_on(volunteer: Volunteer) -> None:
    volunteer.political_status = "party_member"
    refused("political_status_off", volunteer)
    settings = CommunityPrivacy(community_id=volunteer.community_id, party_membership_on=True)
    settings = gate.save(settings, by=SYSTEM)
    gate.save(volunteer, by=SYSTEM)
    # Off again, what is written may stay, or go; nothing else comes.
    settings.party_membership_on = False
    gate.save(settings, by=SYSTEM)
    volunteer.skills = "理发"
    gate.save(volunteer, by=SYSTEM)
    volunteer.political_status = "league_member"
    refused("political_status_off", volunteer)


def test_who_is_under_age_has_a_guardian(community: Community) -> None:
    resident = new_resident(community, "李少年")
    year = timezone.localdate().year
    resident.birth_month = f"{year - 15}-01"
    gate.save(resident, by=SYSTEM)
    young = Volunteer(community=community, resident=resident)
    refused("guardian_missing", young)
    young.guardian_name, young.guardian_phone = "李家长", "13900020099"
    gate.save(young, by=SYSTEM)


def test_carried_hours_say_where_they_come_from(volunteer: Volunteer) -> None:
    volunteer.carried_minutes = 600
    refused("carried_hours_untold", volunteer)
    volunteer.carried_as_of = datetime.date(2024, 12, 31)
    volunteer.carried_source = "2024 年底志愿者花名册"
    gate.save(volunteer, by=SYSTEM)
    (found,) = Volunteer.objects.with_hours()
    assert (found.verified_minutes, found.waiting_minutes) == (0, 0)


def test_teams_have_members_who_serve_and_a_leader_who_does(volunteer: Volunteer) -> None:
    community = volunteer.community
    gone = new_volunteer(community, "吴已走")
    gone = gate.move(gone, "leave", by=SYSTEM, reason="搬家")
    team = VolunteerTeam(community=community, name="巡逻队", leader=gone)
    refused("leader_not_serving", team)
    team.leader = volunteer
    gate.save(team, by=SYSTEM)
    gate.save(TeamMember(community=community, team=team, volunteer=volunteer), by=SYSTEM)
    refused("member_taken", TeamMember(community=community, team=team, volunteer=volunteer))
    refused("volunteer_left", TeamMember(community=community, team=team, volunteer=gone))
    team.active = False
    gate.save(team, by=SYSTEM)
    other = new_volunteer(community, "郑新来")
    refused("team_inactive", TeamMember(community=community, team=team, volunteer=other))


def test_who_is_free_on_saturday_morning(volunteer: Volunteer) -> None:
    row = Availability(
        community=volunteer.community, volunteer=volunteer, weekday=5, part="morning"
    )
    gate.save(row, by=SYSTEM)
    assert list(Volunteer.objects.free_on(5, "morning")) == [volunteer]
    assert list(Volunteer.objects.free_on(6, "morning")) == []


def test_an_assignment_is_to_one_thing_at_a_time_of_its_own(
    community: Community, volunteer: Volunteer
) -> None:
    item = new_item(community)
    slot = new_slot(item)
    made = gate.save(
        Assignment(community=community, volunteer=volunteer, slot=slot, task="理发"), by=SYSTEM
    )
    assert (made.starts_at, made.ends_at) == (slot.starts_at, slot.ends_at)
    when: dict[str, Any] = {"starts_at": slot.ends_at, "ends_at": slot.ends_at + slot_hour()}
    own: dict[str, Any] = {"community": community, "volunteer": volunteer, "task": "引导"}
    refused("target_missing", Assignment(**own, **when))
    refused("target_twice", Assignment(**own, **when, slot=slot, item=item))
    refused("required", Assignment(**own, item=item))
    refused("assignment_overlaps", Assignment(**own, slot=slot))
    gate.save(Assignment(**own, **when, item=item), by=SYSTEM)
    gate.move(volunteer, "pause", by=SYSTEM, reason="出差")
    other = new_slot(item, in_days=9)
    refused("volunteer_not_active", Assignment(**own, slot=other))


def slot_hour() -> datetime.timedelta:
    return datetime.timedelta(hours=1)


def test_nobody_is_assigned_to_what_is_called_off(
    community: Community, volunteer: Volunteer
) -> None:
    slot: Slot = new_slot(new_item(community))
    gate.move(slot, "cancel", by=SYSTEM, reason="停水")
    refused(
        "target_is_off",
        Assignment(community=community, volunteer=volunteer, slot=slot, task="理发"),
    )


def test_nobody_asks_who_has_died(volunteer: Volunteer, slot: Slot) -> None:
    assert volunteer.resident is not None
    record_death(volunteer.resident, on=timezone.localdate(), by=SYSTEM)
    asked = Assignment(community=slot.community, volunteer=volunteer, slot=slot, task="理发")
    refused("person_deceased", asked)


def test_minutes_leave_travel_out_and_one_persons_never_overlap(volunteer: Volunteer) -> None:
    record = new_record(volunteer, 5, 3, excluded_minutes=30)
    assert record.minutes == 90
    own: dict[str, Any] = {"community": volunteer.community, "volunteer": volunteer}
    own["content"] = "巡逻"

    def hours(start: float, end: float, **more: Any) -> ServiceRecord:
        return ServiceRecord(starts_at=hours_ago(start), ends_at=hours_ago(end), **own | more)

    refused("records_overlap", hours(4, 2))
    refused("record_in_future", hours(1, -1))
    refused("ends_before_start", hours(2, 2.5))
    refused("interval_too_long", hours(40, 20))
    refused("nothing_left", hours(2, 1, excluded_minutes=60))
    refused("purpose_missing", hours(2, 1, content=" "))
    # Half-open: one may begin when the other ends.
    new_record(volunteer, 3, 2)
    gate.move(record, "reject", by=SYSTEM, reason="没有到场")
    new_record(volunteer, 5, 4)


def test_what_has_been_judged_stays_as_it_is(volunteer: Volunteer) -> None:
    record = gate.move(new_record(volunteer, 5, 3), "verify", by=SYSTEM)
    record.excluded_minutes = 10
    refused("hours_are_fixed", record)
    with pytest.raises(RuleViolation, match="撤销核实"):
        gate.delete(record, by=SYSTEM)
    (found,) = Volunteer.objects.with_hours()
    assert found.verified_minutes == 120


def test_somebody_who_comes_back_does_not_tell_the_same_hours_again(volunteer: Volunteer) -> None:
    new_record(volunteer, 5, 3)
    gate.move(volunteer, "leave", by=SYSTEM, reason="搬家")
    again = Volunteer(community=volunteer.community, resident=volunteer.resident)
    again = gate.save(again, by=SYSTEM)
    own: dict[str, Any] = {"community": volunteer.community, "content": "巡逻"}
    times = {"starts_at": hours_ago(4), "ends_at": hours_ago(2)}
    refused("records_overlap", ServiceRecord(volunteer=again, **own, **times))
    later = {"starts_at": hours_ago(2), "ends_at": hours_ago(1)}
    refused("volunteer_left", ServiceRecord(volunteer=volunteer, **own, **later))
    # And one set is judged as one by one.
    two = [ServiceRecord(volunteer=again, **own, **later) for _ in range(2)]
    assert set(gate.check_many(two)) == {1}
