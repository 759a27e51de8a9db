"""Background work in the main API: what runs, how far it is, cancel and retry."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
import strawberry_django
from django.db.models import Q
from strawberry import relay
from strawberry.types import Info
from strawberry_django.optimizer import optimize

from backend.core.numbers import whole_number
from backend.jobs import actions, models
from backend.jobs.choices import OPEN, RETRIABLE, JobState
from backend.jobs.queries import Progress, progress_of
from schema.main.base import (
    AvailableAction,
    Connection,
    InputError,
    Seen,
    actor,
    answer,
    chosen,
    viewer,
    visible,
)
from schema.main.filters import one_of, updated_since
from schema.main.labels import in_words

strawberry.enum(JobState, description="The states of a job.")
# How far the running ones are: read once a request, for they are few and asked one by one.
_LIVE = "_linli_job_progress"


@strawberry.type(description="How far a job is.")
class JobProgress:
    done: int = strawberry.field(description="Rows, mostly.")
    total: int | None = strawberry.field(description="Null while nobody knows.")
    phase: str = strawberry.field(
        description="read, write, or a word of the kind's own; may be empty."
    )
    per_second: float | None
    seconds_left: int | None = strawberry.field(
        description="At this rate; null if nobody can tell."
    )


@strawberry_django.filter_type(models.Job)
class JobFilter:
    """Filters of jobs."""

    state = one_of(JobState, "state", "In one of these states.")

    @strawberry_django.filter_field(description="Of this kind.")
    def kind(self, value: str, prefix: str) -> Q:
        return Q(**{f"{prefix}kind": value})

    @strawberry_django.filter_field(description="Asked for by the caller, or by others.")
    def mine(self, info: Info, value: bool, prefix: str) -> Q:
        own = Q(**{f"{prefix}started_by": viewer(info).pk})
        return own if value else ~own

    updated_since = updated_since()


@strawberry_django.order_type(models.Job)
class JobOrder:
    """Orders of jobs."""

    queued_at: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


_FIGURES = ["state", "done", "total", "phase", "started_at", "finished_at"]


@strawberry_django.type(
    models.Job,
    filters=JobFilter,
    ordering=JobOrder,
    description="后台任务: a piece of work that a worker does for somebody.",
)
class Job(Seen, relay.Node):
    id: relay.NodeID[int]
    kind: str = strawberry_django.field(description="import_plan, import_confirm …")
    title: str = strawberry_django.field(description="The kind in words, Chinese.")
    state: JobState
    tries: int = strawberry_django.field(description="How often it was begun.")
    queued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    updated_at: datetime

    @strawberry_django.field(only=["error_code"], description="Why it failed, for programs.")
    def error_code(self) -> str | None:
        return self.error_code or None

    @strawberry_django.field(only=["message"], description="Why it failed, Chinese, for people.")
    def message(self) -> str | None:
        return self.message or None

    @strawberry_django.field(only=["result"], description="What came of it, Chinese.")
    def result(self) -> str | None:
        return self.result or None

    state_label = in_words(JobState, "state", "The state in words.")

    @strawberry_django.field(only=_FIGURES, description="How far it is; ask again to see it go on.")
    def progress(self, info: Info) -> JobProgress:
        found = _progress(self, info)
        return JobProgress(
            done=found.done,
            total=found.total or None,
            phase=found.phase,
            per_second=found.per_second,
            seconds_left=found.seconds_left,
        )

    @strawberry_django.field(
        only=["state", "cancellable", "started_by_id", "community_id"],
        description="What the caller may do with the job now: cancel, retry.",
    )
    def available_actions(self, info: Info) -> list[AvailableAction]:
        record: Any = self
        if not actions.may_move(record, actor(info)):
            return []
        found = []
        if record.state in OPEN and record.cancellable:
            found.append(("cancel", "取消任务"))
        if record.state in RETRIABLE:
            found.append(("retry", "重试"))
        return [AvailableAction.of("Job", name, words) for name, words in found]


def _progress(job: Any, info: Info) -> Progress:
    if job.state != JobState.RUNNING:
        return progress_of([job])[job.pk]
    request: Any = info.context.request
    live = getattr(request, _LIVE, None)
    if live is None or job.pk not in live:
        running = list(visible_jobs(info).filter(state=JobState.RUNNING))
        live = progress_of([*running, job])
        setattr(request, _LIVE, live)
    found: Progress = live[job.pk]
    return found


def visible_jobs(info: Info) -> Any:
    """The jobs that the caller may see."""
    jobs: Any = models.Job
    return visible(jobs, info)


@strawberry.input
class JobInput:
    """A job to cancel or to retry."""

    job_id: relay.GlobalID


@strawberry.type
class JobAnswer:
    """The job as it now stands, or what was wrong."""

    errors: list[InputError]
    job: Job | None = None


@strawberry.type
class JobsQuery:
    jobs: Connection[Job] = strawberry_django.connection(
        description="Jobs of the caller's communities and the caller's own, newest first unless ordered."
    )

    @strawberry_django.field(description="One job; null if it is not the caller's to see.")
    def job(
        self,
        info: Info,
        id: Annotated[relay.GlobalID, strawberry.argument(description="The ID of the object.")],
    ) -> Job | None:
        # Not the library's node: an id of another type would be answered by an exception's text.
        if id.type_name != "Job":
            return None
        rows = visible(models.Job, info).filter(  # type: ignore[arg-type]
            pk=whole_number(id.node_id) or 0
        )
        return optimize(rows, info).first()  # type: ignore[return-value]


@strawberry.type
class JobsMutation:
    @strawberry.mutation(
        description="Ends a job: at once if it waits, at its next sign of progress if it runs. "
        "Nothing of its work stays."
    )
    def cancel_job(self, info: Info, input: JobInput) -> JobAnswer:
        return answer(JobAnswer, lambda: {"job": _moved(actions.cancel, input, info)})

    @strawberry.mutation(
        description="Queues a failed or cancelled job anew, in the name of who asks."
    )
    def retry_job(self, info: Info, input: JobInput) -> JobAnswer:
        return answer(JobAnswer, lambda: {"job": _moved(actions.retry, input, info)})


def _moved(verb: Any, input: JobInput, info: Info) -> Any:
    by = actor(info)
    jobs: Any = models.Job
    job = chosen(jobs, input.job_id, info)
    return verb(job, by=by)
