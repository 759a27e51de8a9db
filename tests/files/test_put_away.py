"""What falls due by itself: removed files go after 30 days, files without a row are swept."""

import os
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from backend.core import gate, routines
from backend.core.access import SYSTEM, Actor
from backend.education.models import Attendance, HeadcountEntry
from backend.files import actions
from backend.files.models import FOLDER, Attachment
from backend.files.tasks import put_away_files
from tests.files.making import photo, upload


def age(attachment: Attachment, **ago: float) -> None:
    attachment.removed_at = timezone.now() - timedelta(**ago)
    gate.save(attachment, by=SYSTEM)


def test_removed_files_go_after_thirty_days_and_not_before(
    headcount: HeadcountEntry, by: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    old, young, kept = (
        actions.attach(headcount, upload("a.jpg", photo(60, 40, seed=n)), by=by) for n in range(3)
    )
    age(old, days=31)
    age(young, days=29)
    with django_capture_on_commit_callbacks(execute=True):
        assert put_away_files.call() == 1
    assert set(Attachment.objects.all()) == {young, kept}
    assert [default_storage.exists(a.stored) for a in (old, young, kept)] == [False, True, True]
    assert not default_storage.exists(old.thumbnail)
    with django_capture_on_commit_callbacks(execute=True):
        assert put_away_files.call() == 0


def test_a_file_without_a_row_is_swept_after_a_day(attached: Attachment) -> None:
    orphan, on_its_way = (
        default_storage.save(f"{FOLDER}/{name}", ContentFile(b"x")) for name in ("aa", "bb")
    )
    long_ago = (timezone.now() - timedelta(hours=25)).timestamp()
    for name in (orphan, *attached.files):
        os.utime(default_storage.path(name), (long_ago, long_ago))
    assert put_away_files.call() == 1
    assert not default_storage.exists(orphan)
    assert all(default_storage.exists(name) for name in (on_its_way, *attached.files))


def test_what_hung_on_a_deleted_record_is_removed_and_nothing_else(
    attached: Attachment, headcount: HeadcountEntry, attendance: Attendance, by: Actor
) -> None:
    other = actions.attach(attendance, upload("a.jpg", photo(60, 40)), by=by)
    gate.delete(headcount, by=SYSTEM)
    assert put_away_files.call() == 1
    attached.refresh_from_db()
    other.refresh_from_db()
    assert (attached.removed_at is None, other.removed_at is None) == (False, True)
    assert put_away_files.call() == 0


@pytest.mark.django_db
def test_with_no_file_ever_there_is_nothing_to_do() -> None:
    assert put_away_files.call() == 0


@pytest.mark.django_db
def test_the_routine_is_queued_by_itself() -> None:
    assert "put_away_files" in routines.queue_due()
    assert routines.queue_due() == []
