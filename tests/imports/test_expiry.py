"""Uploads do not stay: the worker queues their expiry once a day."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError
from django.utils import timezone

from backend.core import gate, routines
from backend.core.access import SYSTEM
from backend.core.errors import RuleViolation
from backend.imports.corrected import corrected_workbook
from backend.imports.identity import OTHER
from backend.imports.models import UPLOADS, ImportBatch, PlanChunk
from backend.imports.readdressing import take_again
from backend.imports.tasks import expire_uploads
from backend.jobs.routine_runs import queue_due
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


def test_a_batch_that_cannot_be_written_keeps_its_file(
    community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = batch(community, 31)

    def locked(*_: object, **__: object) -> None:
        raise OperationalError("database is locked")

    with monkeypatch.context() as broken:
        broken.setattr(gate, "save", locked)
        with pytest.raises(OperationalError):
            expire_uploads.call()
    assert default_storage.exists(str(old.upload.name))
    assert expire_uploads.call() == 1
    assert not default_storage.exists(str(old.upload.name))


def test_a_file_that_is_let_go_of_meanwhile_is_said_to_be_gone(community: Community) -> None:
    """The page was opened before; its next step comes after the file's time."""
    made = batch(community, 31)
    made.header_row = 1
    Path(made.upload.path).unlink()
    made.status, made.file_problems = "refused", [{"code": OTHER}]
    for step in (
        lambda: corrected_workbook(made),
        lambda: take_again(made, by=SYSTEM, as_template=False),
        lambda: take_again(made, by=SYSTEM, as_template=True),
    ):
        with pytest.raises(RuleViolation) as refused:
            step()
        assert refused.value.code == "upload_gone"


def test_it_falls_due_once_a_day() -> None:
    routine = routines.routine_called("expire_uploads")
    assert routine.interval == routines.DAY
    assert "expire_uploads" in queue_due()
    assert "expire_uploads" not in queue_due()
