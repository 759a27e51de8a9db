"""Honours: reached by verified hours alone, given by another."""

import datetime
from typing import Any

import pytest

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.people.models import User
from backend.places.models import Community
from backend.volunteers import honouring
from backend.volunteers.certificate_queries import due_for_honour
from backend.volunteers.models import Honour, HonourLevel, Volunteer
from tests.volunteers.team import new_record, new_volunteer

pytestmark = pytest.mark.django_db
DAY = 24


@pytest.fixture
def levels(community: Community) -> dict[str, HonourLevel]:
    """Three levels: four, eight and a hundred hours."""
    made = {}
    for name, hours in (("一星", 4), ("二星", 8), ("三星", 100)):
        level = HonourLevel(community=community, name=name, minutes=hours * 60)
        made[name] = gate.save(level, by=SYSTEM)
    return made


def serve(volunteer: Volunteer, hours: int, *, carried: int = 0) -> Volunteer:
    """Verified hours, two a day; others wait, and an old roster tells of more."""
    for day in range(hours // 2):
        record = new_record(volunteer, DAY * (day + 1), DAY * (day + 1) - 2)
        gate.move(record, "verify", by=SYSTEM)
    new_record(volunteer, DAY * 50, DAY * 50 - 10)
    if carried:
        volunteer = Volunteer.objects.get(pk=volunteer.pk)
        volunteer.carried_minutes = carried * 60
        volunteer.carried_as_of = datetime.date(2025, 1, 1)
        volunteer.carried_source = "旧花名册"
        gate.save(volunteer, by=SYSTEM)
    return volunteer


def refused(code: str, call: Any) -> None:
    before = list(Honour.objects.values_list("pk", "status"))
    with pytest.raises(RuleViolation) as refusal:
        call()
    assert refusal.value.code == code
    assert list(Honour.objects.values_list("pk", "status")) == before


def test_a_level_is_given_when_the_verified_hours_are_there(
    community: Community, levels: dict[str, HonourLevel], actor: Actor
) -> None:
    volunteer = serve(new_volunteer(community), 4, carried=200)
    refused(
        "level_not_reached", lambda: honouring.grant_honour(volunteer, levels["二星"], by=actor)
    )
    honour = honouring.grant_honour(volunteer, levels["一星"], by=actor)
    assert (honour.minutes, honour.status) == (240, "granted")
    refused("honour_taken", lambda: honouring.grant_honour(volunteer, levels["一星"], by=actor))
    refused("reason_required", lambda: honouring.revoke_honour(honour, by=actor))
    honouring.revoke_honour(honour, by=actor, reason="时长登记有误")
    assert honouring.grant_honour(volunteer, levels["一星"], by=actor).pk != honour.pk


def test_a_level_that_is_off_is_not_given(
    community: Community, levels: dict[str, HonourLevel]
) -> None:
    volunteer = serve(new_volunteer(community), 4)
    level = levels["一星"]
    level.active = False
    gate.save(level, by=SYSTEM)
    refused("level_inactive", lambda: honouring.grant_honour(volunteer, level, by=SYSTEM))


def test_nobody_honours_oneself(
    community: Community, levels: dict[str, HonourLevel], worker: User, other_worker: User
) -> None:
    volunteer = serve(new_volunteer(community, account=False), 4)
    person: Any = volunteer.resident
    person.user = worker
    gate.save(person, by=SYSTEM)
    volunteer = Volunteer.objects.get()
    own = Actor.of(worker, "test")
    refused("self_certified", lambda: honouring.grant_honour(volunteer, levels["一星"], by=own))
    stranger = Actor.of(other_worker, "test")
    refused("not_allowed", lambda: honouring.grant_honour(volunteer, levels["一星"], by=stranger))
    honour = honouring.grant_honour(volunteer, levels["一星"], by=SYSTEM)
    refused("self_certified", lambda: honouring.revoke_honour(honour, by=own, reason="不要了"))


def test_the_list_names_who_has_reached_more_than_they_hold(
    community: Community, levels: dict[str, HonourLevel]
) -> None:
    people = [new_volunteer(community, f"志愿{n}", account=False) for n in "甲乙丙"]
    for one, hours in zip(people, (2, 4, 10), strict=True):
        serve(one, hours)

    def due() -> list[tuple[int, int]]:
        rows = due_for_honour(Volunteer.objects.all())
        return [(row.pk, row.due_level) for row in rows]

    assert due() == [(people[2].pk, levels["二星"].pk), (people[1].pk, levels["一星"].pk)]
    honouring.grant_honour(people[2], levels["一星"], by=SYSTEM)
    assert due()[0] == (people[2].pk, levels["二星"].pk), "the next one is still to come"
    honouring.grant_honour(people[2], levels["二星"], by=SYSTEM)
    assert due() == [(people[1].pk, levels["一星"].pk)]


def test_levels_are_the_communitys_own(community: Community, secretary: User) -> None:
    by = Actor.of(secretary, "test")
    made = honouring.set_usual_levels(community.pk, by=by)
    assert [level.minutes // 60 for level in made] == [100, 300, 600, 1000, 1500]
    with pytest.raises(RuleViolation) as refusal:
        honouring.set_usual_levels(community.pk, by=by)
    assert refusal.value.code == "levels_there"
    for minutes in (0, 59, 90, 10**8):
        with pytest.raises(RuleViolation) as refusal:
            gate.save(HonourLevel(community=community, name="某级", minutes=minutes), by=SYSTEM)
        assert refusal.value.code in ("level_minutes_invalid", "invalid_value")
