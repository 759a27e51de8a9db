"""What is one's own at events: oneself and what one registered in the app, not the desk's work."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from backend.core.access import Actor
from backend.education.arriving import Scan, check_in
from backend.education.models import CheckIn, LegalEducationEvent, Registration, Venue
from backend.education.registering import register
from backend.people.models import CommunityRole, User
from tests.education.neighbours import neighbour, small_event

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def event(venue: Venue) -> LegalEducationEvent:
    now = timezone.now()
    return small_event(venue, capacity=9, starts_at=now - HOUR, ends_at=now + HOUR)


def again(user: User) -> Any:
    """The same user at the next request."""
    return User.objects.get(pk=user.pk)


def test_the_desks_work_is_not_ones_own_once_the_role_is_gone(
    event: LegalEducationEvent, worker: User
) -> None:
    desk = Actor.of(worker, "test")
    entered = register(event, by=desk, name="路过的", phone="13912345678", source="phone")
    own = register(event, by=desk, name="工作员")
    Registration.objects.filter(pk=own.pk).update(source="app")
    lines = [
        check_in(event, Scan(key=str(n), registration=r), by=desk)
        for n, r in enumerate((entered, own))
    ]
    assert set(Registration.objects.visible_to(again(worker))) == {entered, own}
    assert set(CheckIn.objects.visible_to(again(worker))) == set(lines), "the control"
    CommunityRole.objects.filter(user=worker).update(role="resident")
    assert list(Registration.objects.visible_to(again(worker))) == [own]
    assert list(CheckIn.objects.visible_to(again(worker))) == [lines[1]]
    gone = timezone.localdate() - datetime.timedelta(days=1)
    CommunityRole.objects.filter(user=worker).update(valid_to=gone)
    assert not Registration.objects.visible_to(again(worker)).exists()
    assert not CheckIn.objects.visible_to(again(worker)).exists()


def test_who_moved_away_still_sees_what_is_about_themselves(event: LegalEducationEvent) -> None:
    person = neighbour(event.community, 1)
    row = register(event, by=person)
    CommunityRole.objects.filter(user=person.user).delete()
    assert list(Registration.objects.visible_to(again(person.user))) == [row]


def test_a_volunteer_who_sends_a_scan_again_hears_of_it_again(
    event: LegalEducationEvent, estate: Any
) -> None:
    user = User.objects.create_user("volunteer")
    CommunityRole.objects.create(
        user=user,
        role="steward",
        community=event.community,
        estate=estate,
        valid_from=timezone.localdate(),
    )
    row = register(event, by=neighbour(event.community, 1))
    scan = Scan(key="a", registration=row)
    line = check_in(event, scan, by=Actor.of(again(user), "test"))
    assert not CheckIn.objects.visible_to(again(user)).exists(), "somebody of another estate"
    assert check_in(event, scan, by=Actor.of(again(user), "test")) == line
