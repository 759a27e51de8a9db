"""Jobs that nobody works on any more, or that the queue has forgotten: taken up again."""

import logging
from datetime import timedelta
from typing import Any

from django.utils import timezone

from backend.core import gate
from backend.core.errors import RuleViolation
from backend.jobs import leases, rules
from backend.jobs.choices import OPEN, JobState
from backend.jobs.endings import end
from backend.jobs.models import Job, Lease
from backend.jobs.running import announce, back_in_the_queue

logger = logging.getLogger(__name__)
# Its process died between the row and the queue.
UNHEARD_OF_AFTER = timedelta(seconds=10)
# The queue was told, and has lost it; or it is long, and one ring more does no harm.
ANNOUNCED_AGAIN_AFTER = timedelta(minutes=2)


def take_up_lost() -> list[int]:
    """Puts the jobs of dead workers, and the unheard-of ones, into the queue; answers their keys.

    Every worker does this now and then; each row is changed on the condition that it is as seen.
    """
    jobs = list(Job.objects.filter(state__in=OPEN))
    if not jobs:
        return []
    names = [job.lease_name for job in jobs]
    known = {lease.name: lease for lease in Lease.objects.filter(name__in=names)}
    taken = []
    for job in jobs:
        lease = known.get(job.lease_name)
        if job.state == JobState.RUNNING:
            again = _has_lost_its_worker(job, lease) and _take_back(job, lease)
        else:
            again = _is_unheard_of(job, lease)
        if again:
            announce(job)
            taken.append(job.pk)
    return taken


def _has_lost_its_worker(job: Job, lease: Lease | None) -> bool:
    given_up = lease is not None and lease.token == job.token and lease.beaten_at is None
    return given_up or leases.is_dead(lease, job.started_at)


def _take_back(job: Job, lease: Lease | None) -> bool:
    """Whether the job waits again; it may be over instead: unwanted, or begun too often."""
    values: dict[str, Any]
    if lease is not None and lease.cancel_asked_by:
        values = _over(JobState.CANCELLED) | {"cancelled_by": lease.cancel_asked_by}
    elif rules.has_tries_left(job.tries, job.max_tries):
        values = back_in_the_queue(job.tries)
    else:
        values = _over(JobState.FAILED, rules.worker_lost())
    mine = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, token=job.token)
    waits = values["state"] == JobState.QUEUED
    if waits:
        leases.unannounce(job.lease_name)
    changed = gate.change_notes(mine, **values) if waits else end(mine, job.pk, **values)
    if not changed:
        return False
    logger.warning("job %s lost its worker %s: %s", job.pk, job.worker, values["state"])
    if not waits:
        leases.forget(job.lease_name)
    return waits


def _over(state: str, why: RuleViolation | None = None) -> dict[str, Any]:
    now = timezone.now()
    values: dict[str, Any] = {"state": state, "finished_at": now, "updated_at": now}
    if why is not None:
        values |= {"error_code": why.code, "message": why.message}
    return values


def _is_unheard_of(job: Job, lease: Lease | None) -> bool:
    now = timezone.now()
    if lease is None or lease.announced_at is None:
        return job.queued_at < now - UNHEARD_OF_AFTER
    return lease.announced_at < now - ANNOUNCED_AGAIN_AFTER
