"""The volunteers of the demo."""

import datetime

import pytest
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM
from backend.education.models import LegalEducationEvent
from backend.people.models import User
from backend.volunteers.certificate_queries import due_for_honour
from backend.volunteers.models import (
    Assignment,
    Certificate,
    Honour,
    ServiceRecord,
    Volunteer,
    VolunteerTeam,
)
from fixtures import demo_volunteers


@pytest.mark.django_db
def test_the_demo_has_volunteers_whose_assignments_follow_the_living_event(
    demo_worker: User,
) -> None:
    here = Volunteer.objects.filter(community__code="xinhe")
    assert here.count() == 42
    assert set(here.values_list("status", flat=True)) == {"active", "applied", "paused"}
    assert VolunteerTeam.objects.filter(community__code="xinhe").count() == 3
    assert ServiceRecord.objects.filter(status="verified", verified_by__isnull=False).count() > 60
    assert ServiceRecord.objects.filter(status="submitted").count() == 6
    event = LegalEducationEvent.objects.get(code="pf-open")
    event.starts_at += datetime.timedelta(days=1)
    event.ends_at += datetime.timedelta(days=1)
    gate.save(event, by=SYSTEM)
    demo_volunteers.refresh_living(timezone.now())
    asked = Assignment.objects.filter(event=event)
    assert set(asked.values_list("starts_at", flat=True)) == {event.starts_at}


@pytest.mark.django_db
def test_the_demo_has_certificates_one_of_them_void_and_an_honour_to_grant(
    demo_worker: User,
) -> None:
    rows = Certificate.objects.filter(community__code="xinhe").order_by("sequence")
    assert list(rows.values_list("sequence", flat=True)) == list(range(1, 8))
    assert list(rows.values_list("status", flat=True)).count("voided") == 1
    here = Volunteer.objects.filter(community__code="xinhe")
    assert due_for_honour(here).count() == 1
    assert Honour.objects.filter(volunteer__in=here, status="granted").count() > 10
