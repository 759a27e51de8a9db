"""A person's files go with them: when they ask for it, and when their time is over."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.history import unpack
from backend.core.models import ChangePart
from backend.education.models import Attendance, HeadcountEntry, LegalEducationEvent
from backend.files import actions
from backend.files.models import Attachment
from backend.people.models import Resident, User
from backend.privacy.erasing import erase_resident
from backend.privacy.retention import let_go
from tests.files.making import pdf, photo, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(event_open: LegalEducationEvent) -> Attendance:
    """Somebody of the roster who came to the event."""
    place = event_open.community
    resident = gate.save(Resident(community=place, name="欧阳若兰", phone="13812340987"), by=SYSTEM)
    row = Attendance(community=place, event=event_open, resident=resident, name=resident.name)
    return gate.save(row, by=SYSTEM)


def told_of_files() -> str:
    """Everything that history says of attachments."""
    parts = ChangePart.objects.filter(model="files.Attachment")
    return repr([(c.before, c.after) for part in parts for c in unpack(part)])


def test_erasing_a_person_erases_the_files_on_their_rows_and_no_others(
    person: Attendance,
    attached: Attachment,
    by: Actor,
    secretary: User,
    django_capture_on_commit_callbacks: Any,
) -> None:
    form = actions.attach(person.resident, upload("欧阳若兰登记表.pdf", pdf()), by=by)
    signed = actions.attach(person, upload("a.jpg", photo(60, 40)), by=by, title="若兰签到")
    gone = [*form.files, *signed.files]
    assert "若兰" in told_of_files(), "the control"
    with django_capture_on_commit_callbacks(execute=True):
        erase_resident(person.resident, by=Actor.of(secretary, "test"), reason="本人要求")
    assert list(Attachment.objects.all()) == [attached]
    assert [default_storage.exists(name) for name in gone] == [False] * 3
    assert default_storage.exists(attached.stored)
    assert "若兰" not in told_of_files()


def test_when_a_sign_in_is_made_anonymous_its_files_go(
    person: Attendance,
    headcount: HeadcountEntry,
    attached: Attachment,
    by: Actor,
    django_capture_on_commit_callbacks: Any,
) -> None:
    signed = actions.attach(person, upload("a.jpg", photo(60, 40)), by=by, title="若兰签到")
    with django_capture_on_commit_callbacks(execute=True):
        let_go()
    assert Attachment.objects.filter(pk=signed.pk).exists(), "its time is not over"
    Attendance.objects.update(created_at=timezone.now() - timedelta(days=4000))
    LegalEducationEvent.objects.update(
        starts_at=timezone.now() - timedelta(days=4000),
        ends_at=timezone.now() - timedelta(days=3999),
    )
    with django_capture_on_commit_callbacks(execute=True):
        assert let_go() > 0
    assert list(Attachment.objects.all()) == [attached]
    assert not default_storage.exists(signed.stored)
    assert re.search("若兰", told_of_files()) is None
