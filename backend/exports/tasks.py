"""Background work of exports: making files, and letting them go."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from backend.core import gate
from backend.core.export_pages import when_large, with_memory
from backend.core.routines import every
from backend.core.telling import table_in_words
from backend.exports.actions import EXPORT, make, make_later, page_of
from backend.exports.models import ExportFile
from backend.exports.remembering import columns_chosen, keep_columns
from backend.exports.storing import drop, older_than
from backend.jobs.kinds import JobContext, job_kind
from backend.jobs.models import Job

# A file older than this is no longer on its way to its row.
_ON_ITS_WAY = timedelta(days=1)


def _lists(jobs: Sequence[Job], user: Any) -> dict[int, str]:
    """The list that each job exports; what was searched for in it is nobody else's."""
    codes = {job.pk: job.arguments.get("export") for job in jobs}
    models = dict(ExportFile.objects.filter(code__in=codes.values()).values_list("code", "model"))
    return {pk: table_in_words(models[code]) for pk, code in codes.items() if code in models}


# Not whole: while rows are read nobody else need wait.
@job_kind(EXPORT, title="生成导出文件", whole=False, names=_lists)
def _export(context: JobContext) -> None:
    make(context)


when_large(
    lambda: int(settings.EXPORT_IN_BACKGROUND_ROWS),
    lambda model, query, order, by: page_of(make_later(model, query, order, by)),
)

with_memory(columns_chosen, keep_columns)


@every(timedelta(hours=1))
@task()
def expire_exports() -> int:
    """Deletes exports whose time is over, and files that no row names; answers how many."""
    now = timezone.now()
    over = list(ExportFile.objects.filter(expires_at__lte=now))
    # The file first: a row without one says so, a file without a row would stay for a day.
    drop(export.stored for export in over)
    gate.drop_notes(ExportFile.objects.filter(pk__in=[export.pk for export in over]))
    kept = set(ExportFile.objects.exclude(stored="").values_list("stored", flat=True))
    orphans = [name for name in older_than(now - _ON_ITS_WAY) if name not in kept]
    drop(orphans)
    return len(over) + len(orphans)
