"""Files of large exports: whatever one's role, one reaches one's own and nobody else's."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from backend.core.roles import Role
from backend.exports.models import ExportFile
from backend.people.models import User
from tests.access.world import CALLERS, NOBODY, client_of

pytestmark = [
    pytest.mark.once,
    pytest.mark.usefixtures("_demo_data"),
    pytest.mark.django_db(databases="__all__"),
]
LIST = "/admin/exports/exportfile/"


@pytest.fixture
def anothers() -> ExportFile:
    """A finished file of the demo's secretary."""
    return ExportFile.objects.create(
        code="cell",
        model="people.Resident",
        query="q=周若谷",
        order={"form": "csv", "whole": False, "columns": [], "period": [None, None]},
        asked_by=User.objects.get(username="secretary"),
        stored=default_storage.save("exports/cell", ContentFile(b"x")),
        expires_at=timezone.now() + timedelta(hours=1),
    )


@pytest.mark.parametrize("role", CALLERS)
def test_nobody_reaches_another_persons_file(role: str, anothers: ExportFile) -> None:
    client = client_of(role)
    absent = anothers.pk + 1000
    for page in ("{}/change/", "{}/file/", "{}/delete/", "{}/history/"):
        asked: Any = client.get(LIST + page.format(anothers.pk))
        not_there = client.get(LIST + page.format(absent))
        assert asked.status_code == not_there.status_code
        assert asked.status_code in (302, 403, 404), page
        assert not asked.has_header("Content-Disposition")
    listed = client.get(LIST)
    assert listed.status_code == (302 if role == NOBODY else 200)
    assert f"{LIST}{anothers.pk}/" not in listed.content.decode()


@pytest.mark.parametrize("role", [Role.INSTALLATION, Role.SECRETARY])
def test_nobody_makes_or_changes_one_by_a_form(role: str, anothers: ExportFile) -> None:
    client = client_of(role)
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{anothers.pk}/change/", {"stored": "x"}).status_code == 403
    assert client.post(f"{LIST}{anothers.pk}/delete/", {"post": "yes"}).status_code in (302, 403)
    assert ExportFile.objects.filter(pk=anothers.pk, stored=anothers.stored).exists()
