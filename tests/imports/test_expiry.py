"""Uploads do not stay: the worker queues their expiry once a day."""

import os
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from backend.core import gate, routines
from backend.core.access import SYSTEM
from backend.core.models import JobProgress
from backend.imports.models import UPLOADS, ImportBatch, PlanChunk
from backend.imports.tasks import expire_uploads
from backend.places.models import Community

pytestmark = pytest.mark.django_db


def batch(community: Community, days_ago: int) -> ImportBatch:
    made = ImportBatch(
        community=community,
        register="attendance",
        file_name="签到表.csv",
        created_at=timezone.now() - timedelta(days=days_ago),
    )
    made.upload.save("签到表.csv", ContentFile("姓名"), save=False)
    gate.save(made, by=SYSTEM)
    gate.keep_notes([PlanChunk(batch=made, index=0, payload=b"x")])
    return made


def test_old_files_and_plans_go_and_new_ones_stay(community: Community) -> None:
    old, new = batch(community, 31), batch(community, 29)
    gone, kept = str(old.upload.name), str(new.upload.name)
    orphan = default_storage.save(f"{UPLOADS}/2025-01/orphan.csv", ContentFile("姓名"))
    young = default_storage.save(f"{UPLOADS}/2025-01/young.csv", ContentFile("姓名"))
    long_ago = (timezone.now() - timedelta(days=40)).timestamp()
    os.utime(default_storage.path(orphan), (long_ago, long_ago))
    assert expire_uploads.call() == 2
    assert [default_storage.exists(name) for name in (gone, kept, orphan, young)] == [
        False,
        True,
        False,
        True,
    ]
    assert list(PlanChunk.objects.values_list("batch", flat=True)) == [new.pk]


def test_the_routine_is_queued_once_a_day() -> None:
    queued = DBTaskResult.objects.count()
    due = routines.queue_due()
    assert "expire_uploads" in due
    assert routines.queue_due() == []
    assert DBTaskResult.objects.count() == queued + len(due)
    yesterday = timezone.now() - timedelta(days=1, minutes=1)
    JobProgress.objects.update(updated_at=yesterday)
    assert "expire_uploads" in routines.queue_due()
