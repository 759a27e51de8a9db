"""What jobs do by themselves: they are forgotten after some weeks."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from backend.core import gate
from backend.core.models import JobProgress
from backend.core.routines import daily
from backend.jobs.choices import OPEN
from backend.jobs.models import Job, Lease


@daily
@task()
def prune_jobs() -> int:
    """Drops jobs that ended long ago, and what the queue still holds of them; answers how many."""
    before = timezone.now() - timedelta(days=settings.JOBS_KEPT_DAYS)
    dropped = gate.drop_notes(Job.objects.exclude(state__in=OPEN).filter(finished_at__lt=before))
    # A worker that was killed leaves its entry RUNNING for ever.
    over = Q(finished_at__lt=before) | Q(started_at__lt=before, finished_at=None)
    gate.drop_notes(DBTaskResult.objects.filter(over))
    _drop_leases_of_what_is_over()
    return dropped


def _drop_leases_of_what_is_over() -> None:
    """A process may be killed between a job's end and the end of its lease."""
    # Leases before jobs: a job's row is there before its lease is.
    leases = dict(Lease.objects.filter(name__startswith="job ").values_list("pk", "name"))
    figures = dict(JobProgress.objects.filter(key__startswith="job ").values_list("pk", "key"))
    wanted = {job.lease_name for job in Job.objects.filter(state__in=OPEN).only("pk")}
    for model, names in ((Lease, leases), (JobProgress, figures)):
        over = [pk for pk, name in names.items() if name not in wanted]
        gate.drop_notes(model._default_manager.filter(pk__in=over))
