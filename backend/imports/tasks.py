"""Background work of imports."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.routines import daily
from backend.imports import rules
from backend.imports.actions import (
    UndoneImport,
    confirm_import,
    first_plan,
    keep_plan,
    may_be_confirmed,
    may_be_undone,
    plan_batch,
    plan_of,
    reread,
    undo_import,
)
from backend.imports.answering import fresh_answers, refuse_unfit, unfit_for
from backend.imports.committing import PlanOutdated
from backend.imports.directions import Directions
from backend.imports.models import UPLOADS, ImportBatch, PlanChunk
from backend.jobs.actions import start
from backend.jobs.choices import Phase
from backend.jobs.kinds import JobContext, job_kind
from backend.jobs.models import Job
from backend.jobs.queries import last_job_about

PLAN = "import_plan"
CONFIRM = "import_confirm"
UNDO = "import_undo"


def plan_in_background(batch: ImportBatch, *, by: Actor) -> Job:
    """A job that reads and plans an upload."""
    return start(
        PLAN,
        community=batch.community,
        by=by,
        arguments={"batch": batch.code},
        about=batch,
        # Read once more by other directions, it is another job.
        once_key=f"{batch.code}:{batch.revision}",
    )


def plan_soon(batch: ImportBatch, *, by: Actor) -> Job | None:
    """Plans an upload: a small one at once, a large one by the job that is answered."""
    if batch.upload.size > settings.IMPORT_IN_BACKGROUND_BYTES:
        return plan_in_background(batch, by=by)
    plan_batch(batch, by=by)
    return None


def read_again(batch: ImportBatch, directions: Directions, *, by: Actor) -> Job | None:
    """Plans a batch anew by what staff have said: a small file at once, a large one by a job.

    Raises: as `reread`; answer_unknown for an answer that no row which asks can take.
    """
    rules.file_is_kept(bool(batch.upload))
    fresh = fresh_answers(batch, directions.answers)
    if batch.upload.size > settings.IMPORT_IN_BACKGROUND_BYTES:
        refuse_unfit(unfit_for(batch, directions.answers), fresh)
        with transaction.atomic():
            return plan_in_background(reread(batch, directions, by=by), by=by)
    # Planned first: nobody need wait for the database while a file is read.
    plan = plan_of(batch, by=by, directions=directions)
    refuse_unfit(plan.unfit_answers, fresh)
    with transaction.atomic():
        keep_plan(reread(batch, directions, by=by), plan, by=by)
    return None


def confirm(batch: ImportBatch, *, by: Actor, take_good: bool = False) -> Job | None:
    """Carries a plan out: a small one at once, a large one by the job that is answered.

    Raises: as `confirm_import`; what a large one meets later stands on its job.
    """
    if batch.create + batch.update <= settings.IMPORT_CONFIRM_IN_BACKGROUND_ROWS:
        confirm_import(batch, by=by, take_good=take_good)
        return None
    may_be_confirmed(batch, by=by, take_good=take_good)
    return start(
        CONFIRM,
        community=batch.community,
        by=by,
        arguments={"batch": batch.code, "take_good": take_good},
        about=batch,
        once_key=batch.code,
    )


def take_back(batch: ImportBatch, *, by: Actor, reason: str = "") -> Job | UndoneImport:
    """Takes an import back: a small one at once, a large one by the job that is answered.

    Raises: as `undo_import`; what a large one meets later stands on its job.
    """
    if batch.create + batch.update <= settings.IMPORT_UNDO_IN_BACKGROUND_ROWS:
        return undo_import(batch, by=by, reason=reason)
    may_be_undone(batch, by=by)
    job = last_job_of(batch)
    if job is not None and job.kind == UNDO and job.is_open:
        return job
    if batch.undo_reason != reason:
        # Kept before the job is: a worker may begin at once.
        batch.undo_reason = reason
        gate.save(batch, by=by)
    return start(
        UNDO,
        community=batch.community,
        by=by,
        arguments={"batch": batch.code},
        about=batch,
        once_key=batch.code,
    )


def last_job_of(batch: ImportBatch) -> Job | None:
    """The youngest job that reads, writes or takes back this import."""
    return last_job_about(batch, (PLAN, CONFIRM, UNDO))


def _batch(context: JobContext) -> ImportBatch:
    code = context.arguments["batch"]
    return ImportBatch.objects.select_related("community").get(code=code)


def _rows(done: int, about: int) -> tuple[int, int]:
    """How many are done, of about how many: title rows and blank ones were counted, too."""
    return done, max(about, done) if about else 0


def _files(jobs: Sequence[Job], user: Any) -> dict[int, str]:
    """The name of each job's file, where `user` may see the import."""
    seen = ImportBatch.objects.visible_to(user).filter(pk__in={job.about_id for job in jobs})
    names = dict(seen.order_by().values_list("pk", "file_name"))
    return {job.pk: names[job.about_id] for job in jobs if job.about_id in names}


# Not whole: while the file is read nobody else need wait, and what is read is not written yet.
@job_kind(PLAN, title="读取导入文件", whole=False, names=_files)
def _plan(context: JobContext) -> None:
    batch = _batch(context)
    plan = first_plan(
        batch,
        by=context.actor,
        progress=lambda *rows: context.progress(*_rows(*rows), Phase.READ),
    )
    with transaction.atomic():
        batch = keep_plan(batch, plan, by=context.actor)
        context.done(f"读到 {batch.read} 行。")


@job_kind(CONFIRM, title="写入导入内容", names=_files)
def _confirm(context: JobContext) -> str:
    batch = _batch(context)
    try:
        batch = confirm_import(
            batch,
            by=context.actor,
            take_good=context.arguments["take_good"],
            progress=lambda done: context.progress(done, batch.read, Phase.WRITE),
        )
    except PlanOutdated as outdated:
        raise outdated.as_violation() from None
    return f"新增 {batch.create} 行，更新 {batch.update} 行。"


@job_kind(UNDO, title="撤销导入内容", names=_files)
def _undo(context: JobContext) -> str:
    batch = _batch(context)
    undone = undo_import(
        batch,
        by=context.actor,
        reason=batch.undo_reason,
        # A row of the sheet may have written several records.
        progress=lambda done: context.progress(done, phase=Phase.WRITE),
    )
    return f"保留不动 {len(undone.left)} 条。" if undone.left else "写入的内容全部收回。"


@daily
@task()
def expire_uploads() -> int:
    """Deletes files and plans of imports older than the retention period; answers how many."""
    before = timezone.now() - timedelta(days=settings.UPLOADS_KEPT_DAYS)
    expired = 0
    for batch in ImportBatch.objects.filter(created_at__lt=before).exclude(upload=""):
        name = str(batch.upload.name)
        with transaction.atomic():
            batch.upload = ""
            gate.save(batch, by=SYSTEM.through("worker"), reason="上传文件保存期满")
            gate.drop_notes(PlanChunk.objects.filter(batch=batch))
        # Last: a batch that names a file has it, and a file that none names is swept.
        batch.upload.storage.delete(name)
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
