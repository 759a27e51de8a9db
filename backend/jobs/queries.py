"""Named reads of background work."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from backend.core.models import JobProgress, Kept
from backend.jobs import rules
from backend.jobs.choices import JobState, Phase
from backend.jobs.kinds import all_kinds
from backend.jobs.models import Job


@dataclass(frozen=True)
class Progress:
    """How far a job is."""

    done: int = 0
    total: int = 0
    phase: str = ""
    per_second: float | None = None
    seconds_left: int | None = None

    @property
    def percent(self) -> int | None:
        """Of the total, where there is one."""
        return min(self.done * 100 // self.total, 100) if self.total else None

    @property
    def phase_label(self) -> str:
        """The phase in words."""
        return str(Phase(self.phase).label) if self.phase in Phase.values else self.phase


def progress_of(jobs: Iterable[Job]) -> dict[int, Progress]:
    """How far each job is, by key: the running ones in one statement, the others from their row."""
    jobs = list(jobs)
    running = [job.lease_name for job in jobs if job.state == JobState.RUNNING]
    live: dict[str, JobProgress] = {}
    if running:
        live = {row.key: row for row in JobProgress.objects.filter(key__in=running)}
    return {job.pk: _progress(job, live.get(job.lease_name)) for job in jobs}


def _progress(job: Job, live: JobProgress | None) -> Progress:
    if job.started_at is None or job.state == JobState.QUEUED:
        return Progress()
    if job.state != JobState.RUNNING:
        ended = job.finished_at or job.started_at
        per_second = rules.rate(job.done, (ended - job.started_at).total_seconds())
        return Progress(job.done, job.total, job.phase, per_second)
    if live is None:
        return Progress()
    per_second = rules.rate(live.done, (timezone.now() - job.started_at).total_seconds())
    left = rules.seconds_left(live.done, live.total, per_second)
    return Progress(live.done, live.total, live.phase, per_second, left)


def names_of(jobs: Iterable[Job], user: Any) -> dict[int, str]:
    """What jobs are about, in words that `user` may read; one statement a kind."""
    by_kind: dict[str, list[Job]] = defaultdict(list)
    for job in jobs:
        by_kind[job.kind].append(job)
    found: dict[int, str] = {}
    for kind in all_kinds():
        if kind.names is not None and by_kind[kind.name]:
            found.update(kind.names(by_kind[kind.name], user))
    return found


def last_job_about(record: Kept, kinds: Iterable[str] = ()) -> Job | None:
    """The youngest job about a record, of these kinds if some are named."""
    rows = Job.objects.filter(about_model=record._meta.label, about_id=record.pk)
    kinds = list(kinds)
    return (rows.filter(kind__in=kinds) if kinds else rows).order_by("-pk").first()


def jobs_seen_by(user: Any) -> Any:
    """The jobs that `user` may see, youngest first."""
    return Job.objects.visible_to(user).select_related("community", "started_by").order_by("-pk")
