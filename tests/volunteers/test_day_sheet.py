"""A volunteer who helps at a service has its day sheet: who comes, and who came; nothing else."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backend.core.access import SYSTEM
from backend.core.models import Disclosure
from backend.places.models import Community
from backend.services import booking
from backend.services.models import ServiceBooking, Slot
from backend.volunteers import assigning
from backend.volunteers.models import Assignment, Volunteer
from tests.services.counter import new_slot
from tests.volunteers.team import new_volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture
def begun(slot: Slot) -> Slot:
    """A slot under way with one neighbour in it."""
    found = new_slot(slot.item, in_days=-0.02)
    booking.place_booking(found, by=SYSTEM, name="王清和", phone="13900000051", source="phone")
    return found


def address(slot: Slot, name: str = "day_page") -> str:
    return f"{reverse(name)}?on={timezone.localtime(slot.starts_at):%Y-%m-%d}"


def assigned(volunteer: Volunteer, slot: Slot) -> Assignment:
    given = Assignment(
        community=volunteer.community,
        volunteer=volunteer,
        task="门口引导",
        slot=slot,
        starts_at=timezone.now() + datetime.timedelta(minutes=5),
        ends_at=timezone.now() + datetime.timedelta(hours=1),
    )
    return assigning.save_assignment(given, by=SYSTEM)


def test_who_has_said_yes_sees_and_marks_and_prints_no_names(
    client: Client, begun: Slot, volunteer: Volunteer
) -> None:
    user = volunteer.resident.user
    assert user is not None
    client.force_login(user)
    assert client.get(address(begun)).status_code == 404, "nobody asked them"
    work = assigned(volunteer, begun)
    assert client.get(address(begun)).status_code == 404, "asked, and has not answered"
    assigning.accept(work, by=assigning.Actor.of(user, "graphql"))
    page = client.get(address(begun)).content.decode()
    assert "王*" in page
    assert "钱*" in page, "the volunteer is named there"
    row = ServiceBooking.objects.get()
    client.post(address(begun), {"booking": row.pk, "do": "serve"})
    row.refresh_from_db()
    assert row.status == "served"
    whole = client.post(address(begun, "day_paper"), {"reason": "核对今天来的人"}).content.decode()
    assert "王清和" not in whole
    assert not Disclosure.objects.exists()


def test_another_slots_people_are_not_theirs(
    client: Client, begun: Slot, slot: Slot, volunteer: Volunteer, community: Community
) -> None:
    other = new_volunteer(community, "孙志愿")
    user = other.resident.user
    assert user is not None
    work = assigned(other, slot)
    assigning.accept(work, by=assigning.Actor.of(user, "graphql"))
    client.force_login(user)
    assert "王*" not in client.get(address(begun)).content.decode()
    client.post(address(begun), {"booking": ServiceBooking.objects.get().pk, "do": "serve"})
    assert ServiceBooking.objects.get().status == "confirmed"
