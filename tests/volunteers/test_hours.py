"""Hours: told by one, verified by another, and always the sum of what is verified."""

from typing import Any

import pytest

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import ManyViolations, RuleViolation
from backend.people.models import Organization, Representative, Resident, User
from backend.places.models import Community
from backend.volunteers import recording
from backend.volunteers.models import ServiceRecord, Volunteer
from backend.volunteers.queries import minutes_by_year
from tests.education.neighbours import told
from tests.volunteers.team import hours_ago, new_record, new_volunteer

pytestmark = pytest.mark.django_db


def refused(code: str, do: Any, *args: Any, **named: Any) -> None:
    """It is refused with this code, and no record is another."""
    before = list(ServiceRecord.objects.order_by("pk").values())
    with pytest.raises(RuleViolation) as refusal:
        do(*args, **named)
    assert refusal.value.code == code
    assert list(ServiceRecord.objects.order_by("pk").values()) == before


@pytest.fixture
def boss(worker: User) -> Actor:
    return Actor.of(worker, "test")


@pytest.fixture
def working_volunteer(community: Community, worker: User) -> Volunteer:
    """The worker helps in her free time, as a volunteer of the roster."""
    volunteer = new_volunteer(community, "吴社工", account=False)
    person = Resident.objects.get(pk=volunteer.resident_id)
    person.user = worker
    gate.save(person, by=SYSTEM)
    return Volunteer.objects.get(pk=volunteer.pk)


def balance(volunteer: Volunteer) -> int:
    """The verified minutes, as every door shows them."""
    rows: Any = Volunteer.objects
    return int(rows.with_hours().get(pk=volunteer.pk).verified_minutes)


def test_own_hours_wait_for_another(volunteer: Volunteer, boss: Actor) -> None:
    assert volunteer.resident is not None
    by = Actor.of(volunteer.resident.user, "test")
    times = {"starts_at": hours_ago(4), "ends_at": hours_ago(2)}
    record = recording.submit_hours(volunteer.community_id, by=by, content="巡逻", **times)
    assert (record.source, record.entered_by, balance(volunteer)) == ("own_entry", by.user, 0)
    refused("not_allowed", recording.verify, record, by=by)
    verified = recording.verify(record, by=boss)
    assert (verified.verified_by, balance(volunteer)) == (boss.user, 120)
    assert [row[1:] for row in minutes_by_year(volunteer)] == [(120, 1)]
    taken = recording.take_back(record, by=boss, reason="登记错了人")
    assert (taken.status, balance(volunteer)) == ("withdrawn", 0)
    # Free again for what is right.
    other = new_record(volunteer, 4, 3)
    recording.reject(other, by=boss, reason="没有到场")
    assert told(by) == ["volunteer_hours_rejected"]
    mine = recording.submit_hours(volunteer.community_id, by=by, content="巡逻", **times)
    assert recording.withdraw(mine, by=by).status == "withdrawn"


def test_nobody_tells_the_hours_of_others_without_being_staff(
    volunteer: Volunteer, community: Community, resident_user: User
) -> None:
    other = new_volunteer(community, "周别人")
    assert other.resident is not None
    by = Actor.of(other.resident.user, "test")
    times = {"starts_at": hours_ago(4), "ends_at": hours_ago(2), "content": "巡逻"}
    nobody = Actor.of(resident_user, "test")
    refused("not_a_volunteer", recording.submit_hours, community.pk, by=nobody, **times)
    record = ServiceRecord(community=community, volunteer=volunteer, **times)
    refused("not_allowed", recording.save_record, record, by=by)


def test_nobody_judges_the_own_hours(working_volunteer: Volunteer, boss: Actor) -> None:
    record = new_record(working_volunteer, 4, 2)
    for do in (recording.verify, recording.reject, recording.take_back):
        more: dict[str, Any] = {} if do is recording.verify else {"reason": "随便"}
        refused(
            "own_hours" if do is not recording.take_back else "wrong_state",
            do,
            record,
            by=boss,
            **more,
        )
    assert recording.why_record_cannot(record, "verify", boss) is not None
    # What she entered for herself stays her own, also once the account is no longer hers.
    own = ServiceRecord(
        community=working_volunteer.community,
        volunteer=working_volunteer,
        content="整理资料",
        starts_at=hours_ago(8),
        ends_at=hours_ago(7),
    )
    own = recording.save_record(own, by=boss)
    assert own.source == "own_entry"
    person = Resident.objects.get(pk=working_volunteer.resident_id)
    person.user = None
    gate.save(person, by=SYSTEM)
    refused("own_hours", recording.verify, own, by=boss)


def test_an_account_is_a_persons_by_more_than_one_way(
    community: Community, volunteer: Volunteer, boss: Actor
) -> None:
    record = new_record(volunteer, 4, 2)
    body = gate.save(
        Organization(community=community, name="热心物业", kind="property_company"), by=SYSTEM
    )
    speaker = Representative(
        community=community,
        organization=body,
        name="钱志愿",
        resident=volunteer.resident,
        user=boss.user,
        valid_from="2025-01-01",
    )
    speaker.valid_from = hours_ago(1).date()
    gate.save(speaker, by=SYSTEM)
    refused("own_hours", recording.verify, record, by=boss)
    gate.delete(speaker, by=SYSTEM)
    # The account for work that nobody has tied to the roster.
    User.objects.filter(pk=boss.user.pk).update(first_name="", last_name="钱志愿")
    namesake = Actor.of(User.objects.get(pk=boss.user.pk), "test")
    refused("own_hours", recording.verify, record, by=namesake)


def test_many_are_verified_and_the_own_ones_left(
    volunteer: Volunteer, working_volunteer: Volunteer, boss: Actor
) -> None:
    rows = [
        new_record(volunteer, 4, 2),
        new_record(working_volunteer, 4, 2),
        recording.verify(new_record(volunteer, 8, 7), by=boss),
    ]
    judged = recording.verify_many(rows, by=boss)
    assert [row.pk for row in judged.verified] == [rows[0].pk]
    assert sorted(v.code for v in judged.refused) == ["own_hours", "wrong_state"]
    assert (balance(volunteer), balance(working_volunteer)) == (180, 0)
    with pytest.raises(ManyViolations):
        gate.move_many(rows[1:], "verify", by=SYSTEM, guard=recording._by_another(rows, boss))
