"""Doing a job: claim it, keep its lease alive, write its end together with its work."""

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from django.contrib.auth import get_user_model
from django.db import DatabaseError, OperationalError, connections, router, transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import task

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import ManyViolations, RuleViolation
from backend.jobs import leases, rules
from backend.jobs.choices import JobState
from backend.jobs.endings import end
from backend.jobs.faults import what_and_where
from backend.jobs.kinds import Cancelled, HandedBack, JobContext, JobKind, TakenOver, kind_of
from backend.jobs.models import Job, Lease

logger = logging.getLogger(__name__)
DOOR = "worker"
# A running job shows itself, and looks whether it should stop, this often.
PULSE_SECONDS = 1.0
KeepAlive = Callable[["Pulse"], AbstractContextManager[None]]
# Set when this process must stop: what still runs is rolled back and left to another worker.
stopping = threading.Event()


class JobUnsettledError(Exception):
    """The end of a job could not be written down."""


class Pulse:
    """The sign of life of one piece of work, and what its worker hears meanwhile."""

    def __init__(self, name: str, token: str) -> None:
        self.name = name
        self.token = token
        self.figures = (0, 0, "")
        self._reported: tuple[int, int, str] | None = None
        self.cancelled_by = ""
        self._lost = False

    def beat(self) -> None:
        """Says that the work goes on, and listens."""
        asked = leases.beat(self.name, self.token)
        self._lost = self._lost or asked is None
        self.cancelled_by = self.cancelled_by or asked or ""
        figures = self.figures
        if not self._lost and figures != self._reported:
            leases.report(self.name, *figures)
            self._reported = figures

    def obey(self) -> None:
        """Raises: Cancelled, HandedBack, TakenOver if the work may not go on."""
        if self._lost:
            raise TakenOver(self.name)
        if self.cancelled_by:
            raise Cancelled(self.name)
        if stopping.is_set():
            raise HandedBack(self.name)


@contextmanager
def beating(pulse: Pulse) -> Iterator[None]:
    """Beats in a thread of its own: over its own connection, so that others see it at once."""
    over = threading.Event()

    def go_on() -> None:
        while not over.wait(PULSE_SECONDS):
            try:
                pulse.beat()
            except DatabaseError as error:
                # One missed beat is no death.
                logger.warning("a beat of %s was missed: %s", pulse.name, type(error).__name__)
                connections.close_all()
        connections.close_all()

    thread = threading.Thread(target=go_on, name=f"pulse of {pulse.name}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def beating_when_asked(pulse: Pulse) -> Iterator[None]:
    """Beats only when there is progress, over the connection of the work: no thread needed."""
    yield


class _Context(JobContext):
    def __init__(self, job: Job, pulse: Pulse, actor: Actor, *, with_beats: bool) -> None:
        self.arguments = dict(job.arguments)
        self.actor = actor
        self.community_id = job.community_id
        self.is_done = False
        self._job = job
        self._pulse = pulse
        self._with_beats = with_beats
        self._link = ""

    def progress(self, done: int, total: int = 0, phase: str = "") -> None:
        before = self._pulse.figures
        self._pulse.figures = (done, total or before[1], phase or before[2])
        if self._with_beats:
            self._pulse.beat()
        self._pulse.obey()

    def link_to(self, address: str) -> None:
        self._link = address

    def done(self, result: str = "") -> None:
        if not transaction.get_connection(router.db_for_write(Job)).in_atomic_block:
            raise RuntimeError("a job's end is written in the transaction of its work")
        values = {
            "state": JobState.DONE,
            "result": rules.kept_text(result, 300),
            "link": self._link,
        }
        if not _write_end(self._job, self._pulse, values):
            raise TakenOver(self._pulse.name)
        self.is_done = True


@task()
def run_job(pk: int) -> str:
    """What the queue calls: does the job if it still waits; answers what became of it."""
    try:
        return work_off(pk, keep_alive=beating)
    except Exception as error:
        logger.error("job %s could not be settled: %s", pk, what_and_where(error))
        # The queue keeps the text of what is raised here, so nothing of the cause may be in it.
        raise JobUnsettledError(f"job {pk} is taken up again once its lease is dead") from None


def announce(job: Job) -> None:
    """Tells the queue of a job; once too often does no harm, for a job is claimed by its row."""
    run_job.enqueue(job.pk)
    gate.note(Lease, {"name": job.lease_name}, {"announced_at": timezone.now()})


def work_off(pk: int, *, keep_alive: KeepAlive = beating_when_asked) -> str:
    """Does a waiting job here and now; answers its state, or "" if it was not to be had."""
    job = _claim(pk)
    if job is None:
        return ""
    pulse = Pulse(job.lease_name, job.token)
    pulse.beat()
    with leases.held(job.token), keep_alive(pulse):
        state = _do(job, pulse, with_beats=keep_alive is beating_when_asked)
    if state == JobState.QUEUED:
        announce(job)
    elif state:
        leases.forget(job.lease_name)
    return state


def _claim(pk: int) -> Job | None:
    now, token = timezone.now(), leases.new_token()
    claimed = gate.change_notes(
        Job.objects.filter(pk=pk, state=JobState.QUEUED),
        state=JobState.RUNNING,
        token=token,
        worker=f"{socket.gethostname()[:60]}:{os.getpid()}",
        tries=F("tries") + 1,
        started_at=now,
        updated_at=now,
    )
    if not claimed:
        return None
    job = Job.objects.get(pk=pk)
    leases.take(job.lease_name, token)
    return job


def _do(job: Job, pulse: Pulse, *, with_beats: bool) -> str:
    try:
        pulse.obey()
        kind = find_kind(job.kind)
        _run(kind, _Context(job, pulse, _actor_of(job), with_beats=with_beats))
        return JobState.DONE
    except Cancelled:
        return _ends(job, pulse, JobState.CANCELLED)
    except HandedBack:
        # The worker's doing, not the job's: it does not count as a try.
        return _goes_back(job, tries=job.tries - 1)
    except TakenOver:
        logger.warning("job %s was taken over; what was done here is rolled back", job.pk)
        return ""
    except RuleViolation as violation:
        return _ends(job, pulse, JobState.FAILED, violation)
    except ManyViolations as refused:
        return _ends(job, pulse, JobState.FAILED, next(iter(refused.by_index.values())))
    except Exception as error:
        logger.error("job %s (%s): %s", job.pk, job.kind, what_and_where(error))
        # A deadlock, a database that restarts: another try may do.
        passing = isinstance(error, OperationalError)
        if passing and rules.has_tries_left(job.tries, job.max_tries):
            return _goes_back(job, tries=job.tries)
        return _ends(job, pulse, JobState.FAILED, rules.broken())


def _run(kind: JobKind, context: _Context) -> None:
    if kind.whole:
        with transaction.atomic(using=router.db_for_write(Job)):
            context.done(kind.run(context) or "")
        return
    result = kind.run(context) or ""
    if not context.is_done:
        with transaction.atomic(using=router.db_for_write(Job)):
            context.done(result)


def find_kind(name: str) -> JobKind:
    """The kind of that name. Raises: job_kind_unknown."""
    try:
        return kind_of(name)
    except KeyError:
        raise rules.kind_is_gone() from None


def _actor_of(job: Job) -> Actor:
    """In whose name the work is done, with the rights of today. Raises: not_allowed."""
    if job.started_by_id is None:
        return SYSTEM.through(DOOR)
    user = get_user_model().objects.get(pk=job.started_by_id)
    if job.limits is not None:
        user.limited_to = frozenset(job.limits)  # type: ignore[attr-defined]
    return Actor.of(user, DOOR)


def _write_end(job: Job, pulse: Pulse, values: dict[str, Any]) -> bool:
    """Whether the job was still this worker's, and so has got its end."""
    now = timezone.now()
    done, total, phase = pulse.figures
    figures = {"done": done, "total": total, "phase": phase}
    mine = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, token=job.token)
    return end(mine, job.pk, **values, **figures, finished_at=now, updated_at=now)


def _ends(job: Job, pulse: Pulse, state: str, why: RuleViolation | None = None) -> str:
    values: dict[str, Any] = {"state": state}
    if why is None:
        values |= {"cancelled_by": pulse.cancelled_by}
    else:
        values |= {"error_code": why.code[:60], "message": rules.kept_text(why.message, 500)}
    return state if _write_end(job, pulse, values) else ""


def _goes_back(job: Job, *, tries: int) -> str:
    mine = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, token=job.token)
    back = back_in_the_queue(tries)
    leases.unannounce(job.lease_name)
    return JobState.QUEUED if gate.change_notes(mine, **back) else ""


def back_in_the_queue(tries: int) -> dict[str, Any]:
    """What makes a job wait again."""
    now = timezone.now()
    return {
        "state": JobState.QUEUED,
        "tries": tries,
        "token": "",
        "worker": "",
        "started_at": None,
        "updated_at": now,
    }
