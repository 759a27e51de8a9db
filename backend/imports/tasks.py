"""Background work of imports."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone
from django_tasks import task

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.models import JobProgress
from backend.core.routines import daily
from backend.imports.actions import plan_batch
from backend.imports.models import UPLOADS, ImportBatch, PlanChunk


def progress_key(batch: ImportBatch) -> str:
    """Under which name a batch's progress is kept."""
    return f"import {batch.code}"


@task()
def plan_in_background(code: str) -> str:
    """Reads and plans a large upload; answers the batch's state."""
    batch = ImportBatch.objects.select_related("community", "uploaded_by").get(code=code)
    by = Actor.of(batch.uploaded_by, "worker") if batch.uploaded_by else SYSTEM.through("worker")
    key = {"key": progress_key(batch)}

    def progress(done: int) -> None:
        gate.note(JobProgress, key, {"done": done, "phase": "plan", "updated_at": timezone.now()})

    progress(0)
    return str(plan_batch(batch, by=by, progress=progress).status)


@daily
@task()
def expire_uploads() -> int:
    """Deletes files and plans of imports older than the retention period; answers how many."""
    before = timezone.now() - timedelta(days=settings.UPLOADS_KEPT_DAYS)
    expired = 0
    for batch in ImportBatch.objects.filter(created_at__lt=before).exclude(upload=""):
        batch.upload.storage.delete(str(batch.upload.name))
        batch.upload = ""
        gate.save(batch, by=SYSTEM.through("worker"), reason="上传文件保存期满")
        gate.drop_notes(PlanChunk.objects.filter(batch=batch))
        expired += 1
    return expired + _drop_orphans(before)


def _drop_orphans(before: datetime) -> int:
    """Deletes old files that no batch names: a process may be killed between file and batch."""
    storage = default_storage
    kept = set(ImportBatch.objects.exclude(upload="").values_list("upload", flat=True))
    dropped = 0
    for folder in storage.listdir(UPLOADS)[0] if storage.exists(UPLOADS) else ():
        for name in storage.listdir(f"{UPLOADS}/{folder}")[1]:
            path = f"{UPLOADS}/{folder}/{name}"
            if path not in kept and storage.get_modified_time(path) < before:
                storage.delete(path)
                dropped += 1
    return dropped
