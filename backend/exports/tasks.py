"""Background work of exports: making files, and letting them go."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from backend.core import gate
from backend.core.export_pages import when_large
from backend.core.routines import every
from backend.exports.actions import EXPORT, make, make_later, page_of
from backend.exports.models import ExportFile
from backend.exports.storing import drop, older_than
from backend.jobs.kinds import JobContext, job_kind

# A file older than this is no longer on its way to its row.
_ON_ITS_WAY = timedelta(days=1)


# Not whole: while rows are read nobody else need wait.
@job_kind(EXPORT, title="生成导出文件", whole=False)
def _export(context: JobContext) -> None:
    make(context)


when_large(
    lambda: int(settings.EXPORT_IN_BACKGROUND_ROWS),
    lambda model, query, order, by: page_of(make_later(model, query, order, by)),
)


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
