"""The step that lets a name and phone register once an event, on a table where some did so twice."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from backend.education.choices import RegistrationStatus
from backend.education.models import LegalEducationEvent, Registration, Venue
from tests.education.neighbours import small_event

step = import_module("backend.education.migrations.0006_one_registration_a_name")
PHONE = "13900001111"
(ONCE,) = (c for c in Registration._meta.constraints if c.name == "education_registration_name")


@pytest.fixture
def twice(venue: Venue) -> LegalEducationEvent:
    """An event for which one name and phone stands three times, one of them given up."""
    event = small_event(venue)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {ONCE.name}")
    for number, status in enumerate(("confirmed", "withdrawn", "waitlisted")):
        Registration.objects.bulk_create(
            [
                Registration(
                    event=event,
                    community_id=event.community_id,
                    name="欧阳若谷",
                    phone=PHONE,
                    note="带轮椅" * 60,
                    code=f"twice-{number}",
                    status=RegistrationStatus(status),
                    registered_at=timezone.now(),
                )
            ]
        )
    return event


def bind() -> None:
    # No index is made while checks of foreign keys are put off.
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute(str(ONCE.create_sql(Registration, connection.schema_editor())))


def test_both_places_stay_and_the_second_phone_goes_into_the_note(
    twice: LegalEducationEvent,
) -> None:
    step.keep_the_phone_in_the_note(apps, None)
    bind()
    rows = Registration.objects.filter(event=twice).order_by("pk")
    assert [row.phone for row in rows] == [PHONE, PHONE, ""]
    assert [PHONE in row.note for row in rows] == [False, False, True]
    assert "带轮椅" in rows[2].note
    assert len(rows[2].note) <= 200


def test_control_without_the_step_the_table_refuses(twice: LegalEducationEvent) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        bind()
