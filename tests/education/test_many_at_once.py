"""A set so large that its residents are counted before they are read gets the same verdicts."""

import pytest

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.errors import ManyViolations
from backend.core.facts import MANY
from backend.education.models import Attendance, LegalEducationEvent
from backend.people.models import Resident
from backend.places.models import Community

pytestmark = pytest.mark.django_db


def _people(community: Community, count: int, phone: int) -> list[Resident]:
    people = [
        Resident(community=community, name=f"居民{n}", phone=str(phone + n)) for n in range(count)
    ]
    gate.save_many(people, by=SYSTEM)
    return people


def _signed_in(event: LegalEducationEvent, people: list[Resident]) -> list[Attendance]:
    return [
        Attendance(community=event.community, event=event, resident=person, name=person.name)
        for person in people
    ]


def test_all_of_them_are_taken(event_open: LegalEducationEvent) -> None:
    people = _people(event_open.community, MANY + 1, 13900010000)
    gate.save_many(_signed_in(event_open, people), by=SYSTEM)
    assert Attendance.objects.filter(event=event_open).count() == MANY + 1


@pytest.mark.parametrize("wrong", ["foreign", "merged"])
def test_the_one_that_may_not_be_meant_is_found(
    event_open: LegalEducationEvent, other_community: Community, wrong: str
) -> None:
    people = _people(event_open.community, MANY + 1, 13900010000)
    if wrong == "foreign":
        people[7] = _people(other_community, 1, 13900020000)[0]
    else:
        people[7].merged_into = people[8]
        gate.save(people[7], by=SYSTEM)
    with pytest.raises(ManyViolations) as refused:
        gate.save_many(_signed_in(event_open, people), by=SYSTEM)
    assert {index: v.code for index, v in refused.value.by_index.items()} == {7: "not_found"}
    assert not Attendance.objects.filter(event=event_open).exists()
