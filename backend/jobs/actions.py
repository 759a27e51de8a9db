"""Verbs of background work: start, cancel, retry."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, router, transaction
from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor, may, reaches_own
from backend.core.errors import not_allowed
from backend.core.models import Kept
from backend.core.words import in_chinese
from backend.jobs import rules
from backend.jobs.choices import OPEN, RETRIABLE, JobState
from backend.jobs.leases import forget
from backend.jobs.models import Job, Lease
from backend.jobs.running import announce, find_kind

SAME_KEY_TRIES = 3


def start(
    kind: str,
    *,
    community: Any,
    by: Actor,
    arguments: Mapping[str, Any],
    about: Kept | None = None,
    once_key: str = "",
) -> Job:
    """A job in state QUEUED; workers hear of it once the transaction at hand is committed.

    Whether `by` may want this work is the caller's to ask: the work is done with their rights.
    While a job of this kind with the same `once_key` is open, that one is the answer.
    Raises: job_argument_not_code; job_argument_personal; job_kind_unknown.
    """
    found = find_kind(kind)
    rules.arguments_are_codes(arguments)
    limits = getattr(by.user, "limited_to", None)
    job = Job(
        community=community,
        kind=kind,
        title=found.title,
        arguments=dict(arguments),
        about_model=about._meta.label if about is not None else "",
        about_id=about.pk if about is not None else None,
        once_key=once_key,
        started_by=by.user,
        actor_name=by.name,
        door=by.door,
        limits=None if limits is None else sorted(limits),
        cancellable=found.cancellable,
        max_tries=found.tries,
    )
    for _ in range(SAME_KEY_TRIES):
        earlier = _open_twin(job)
        if earlier is not None:
            return earlier
        try:
            with transaction.atomic(using=router.db_for_write(Job)):
                gate.keep_notes([job])
        except IntegrityError:
            if not once_key:
                raise
            continue  # Somebody else came first: theirs is the answer, unless it is over already.
        _announce_after_commit(job)
        return job
    raise RuntimeError("a job's twin comes and goes")


def _open_twin(job: Job) -> Job | None:
    if not job.once_key:
        return None
    return Job.objects.filter(kind=job.kind, once_key=job.once_key, state__in=OPEN).first()


def cancel(job: Job, *, by: Actor) -> Job:
    """The job, cancelled if it waits; if it runs, asked to stop at its next sign of progress.

    Raises: not_allowed; wrong_state; job_not_cancellable.
    """
    _require(job, by)
    job.refresh_from_db()
    rules.can_cancel(job.state, job.cancellable, _label(job))
    now = timezone.now()
    # The wish first: whoever claims the job in between finds it.
    gate.note(Lease, {"name": job.lease_name}, {"cancel_asked_by": by.name})
    waiting = Job.objects.filter(pk=job.pk, state=JobState.QUEUED)
    ended = {"state": JobState.CANCELLED, "finished_at": now}
    if gate.change_notes(waiting, **ended, cancelled_by=by.name, updated_at=now):
        forget(job.lease_name)
    job.refresh_from_db()
    return job


def retry(job: Job, *, by: Actor) -> Job:
    """The job, queued anew, now in the name of who wants it again.

    Raises: not_allowed; wrong_state.
    """
    _require(job, by)
    job.refresh_from_db()
    rules.can_retry(job.state, _label(job))
    twin = _open_twin(job)
    if twin is not None:
        return twin
    now = timezone.now()
    limits = getattr(by.user, "limited_to", None)
    values = {
        "state": JobState.QUEUED,
        "tries": 0,
        "token": "",
        "worker": "",
        "done": 0,
        "total": 0,
        "phase": "",
        "error_code": "",
        "message": "",
        "result": "",
        "link": "",
        "cancelled_by": "",
        "started_by": by.user,
        "actor_name": by.name,
        "door": by.door,
        "limits": None if limits is None else sorted(limits),
        "queued_at": now,
        "started_at": None,
        "finished_at": None,
        "updated_at": now,
    }
    try:
        with transaction.atomic(using=router.db_for_write(Job)):
            again = Job.objects.filter(pk=job.pk, state__in=RETRIABLE)
            if gate.change_notes(again, **values):
                # Whoever was later than another one who retried it leaves that one's lease alone.
                forget(job.lease_name)
                _announce_after_commit(job)
    except IntegrityError:
        # Its twin was started at the same moment.
        return _open_twin(job) or job
    job.refresh_from_db()
    return job


def _announce_after_commit(job: Job) -> None:
    def ring() -> None:
        announce(job)

    # If the queue cannot be reached, or this process dies first, a worker finds the row itself.
    # A function with a name, and no partial: Django's robust hooks write the name down.
    transaction.on_commit(ring, using=router.db_for_write(Job), robust=True)


def may_move(job: Job, by: Actor) -> bool:
    """Whether `by` may cancel and retry the job: their own, and those of their communities."""
    own = by.user is not None and by.user.pk == job.started_by_id
    own = own and reaches_own(by.user, Job.action("move"))
    return by.system or own or may(by, Job.action("move"), job.community_id)


def _require(job: Job, by: Actor) -> None:
    if not may_move(job, by):
        raise not_allowed()


def _label(job: Job) -> str:
    return in_chinese(JobState(job.state).label)
