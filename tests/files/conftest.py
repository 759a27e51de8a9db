"""Records to hang files on, and who asks for them."""

from typing import Any

import pytest
from django.test import Client

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.education.models import Attendance, HeadcountEntry, LegalEducationEvent
from backend.files import actions
from backend.files.models import Attachment
from backend.people.models import User
from tests.conftest import user_with_role
from tests.files.making import photo, upload
from tests.schema.asking import caller


@pytest.fixture
def headcount(event_open: LegalEducationEvent) -> HeadcountEntry:
    """A crowd that was counted."""
    entry = HeadcountEntry(
        community=event_open.community, event=event_open, kind="crowd", count=60, evidence="照片"
    )
    return gate.save(entry, by=SYSTEM)


@pytest.fixture
def attendance(event_open: LegalEducationEvent) -> Attendance:
    """One name on the list."""
    row = Attendance(community=event_open.community, event=event_open, name="周若谷")
    return gate.save(row, by=SYSTEM)


@pytest.fixture
def by(worker: User) -> Actor:
    return Actor.of(worker, "test")


@pytest.fixture
def attached(headcount: HeadcountEntry, by: Actor) -> Attachment:
    """A photo on the head-count, put up by the worker."""
    return actions.attach(headcount, upload("现场.jpg", photo()), by=by, title="楼道签到")


@pytest.fixture
def callers(
    estate: Any, worker: User, secretary: User, other_worker: User, resident_user: User
) -> dict[str, Client]:
    """Everybody who might ask; the steward has one estate, the office the whole subdistrict."""
    place = estate.community
    users = {
        "office": user_with_role("office", "office", subdistrict=place.subdistrict),
        "worker": worker,
        "secretary": secretary,
        "steward": user_with_role("steward", "steward", community=place, estate=estate),
        "other": other_worker,
        "resident": resident_user,
        "nobody": None,
    }
    return {name: caller(user) for name, user in users.items()}
