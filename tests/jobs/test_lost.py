"""Jobs of dead workers are taken up again; those that kill their workers are given up."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from backend.core.access import SYSTEM
from backend.jobs import actions, leases, lost
from backend.jobs.choices import JobState
from backend.jobs.lost import take_up_lost
from backend.jobs.models import Job, Lease
from backend.jobs.running import _claim, announce, work_off
from backend.jobs.tasks import prune_jobs
from backend.places.models import Community
from tests.jobs.conftest import estates

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("some_kinds")]
LONG_AGO = timedelta(minutes=5)


def begun(community: Community, *, ago: timedelta = LONG_AGO, tries: int = 1) -> Job:
    """A job whose worker was last heard of some time ago."""
    job = actions.start(
        "write_estates", community=community, by=SYSTEM, arguments={"names": ["a", "b"]}
    )
    _claim(job.pk)
    then = timezone.now() - ago
    Job.objects.filter(pk=job.pk).update(started_at=then, tries=tries)
    Lease.objects.update(beaten_at=then, announced_at=then)
    job.refresh_from_db()
    return job


def test_a_job_whose_worker_is_dead_is_taken_up_again_once(community: Community) -> None:
    job = begun(community)
    assert take_up_lost() == [job.pk]
    assert take_up_lost() == [], "the second worker that looks"
    job.refresh_from_db()
    assert (job.state, job.tries, job.token) == (JobState.QUEUED, 1, "")
    assert DBTaskResult.objects.count() == 1
    assert work_off(job.pk) == JobState.DONE
    job.refresh_from_db()
    assert job.tries == 2
    assert estates() == ["a", "b"]


def test_a_job_whose_worker_lives_is_left_alone(community: Community) -> None:
    begun(community, ago=timedelta(seconds=5))
    assert take_up_lost() == []
    # Begun long ago, and still beating.
    Job.objects.update(started_at=timezone.now() - timedelta(hours=3))
    assert take_up_lost() == []


def test_a_job_that_a_stopping_worker_left_is_taken_up_at_once(community: Community) -> None:
    job = begun(community, ago=timedelta(seconds=1))
    with leases.held(job.token):
        leases.leave_all()
    assert take_up_lost() == [job.pk]


def test_a_job_that_killed_its_workers_is_given_up_with_a_clear_word(community: Community) -> None:
    job = begun(community, tries=3)
    assert take_up_lost() == []
    job.refresh_from_db()
    assert (job.state, job.error_code) == (JobState.FAILED, "worker_lost")
    assert "重试" in job.message
    assert job.finished_at is not None
    actions.retry(job, by=SYSTEM)
    assert work_off(job.pk) == JobState.DONE


def test_a_lost_job_that_nobody_wants_is_over(community: Community) -> None:
    job = begun(community)
    actions.cancel(job, by=SYSTEM)
    assert take_up_lost() == []
    job.refresh_from_db()
    assert (job.state, job.cancelled_by) == (JobState.CANCELLED, "system")


def test_a_job_that_the_queue_never_heard_of_is_announced(community: Community) -> None:
    job = actions.start("write_estates", community=community, by=SYSTEM, arguments={"names": []})
    assert take_up_lost() == [], "its process may be about to"
    Job.objects.update(queued_at=timezone.now() - timedelta(seconds=11))
    assert take_up_lost() == [job.pk]
    assert take_up_lost() == []


def test_a_job_that_the_queue_has_forgotten_is_announced_again(community: Community) -> None:
    job = actions.start("write_estates", community=community, by=SYSTEM, arguments={"names": []})
    announce(job)
    assert take_up_lost() == []
    Lease.objects.update(announced_at=timezone.now() - timedelta(minutes=3))
    assert take_up_lost() == [job.pk]


def test_a_lost_job_whose_announcement_fails_is_announced_by_the_next_who_looks(
    community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = begun(community)
    Job.objects.update(queued_at=timezone.now() - LONG_AGO)

    def locked(job: Job) -> None:
        raise OperationalError("database is locked")

    with monkeypatch.context() as broken:
        broken.setattr(lost, "announce", locked)
        with pytest.raises(OperationalError):
            take_up_lost()
    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    assert take_up_lost() == [job.pk], "at once, not after ANNOUNCED_AGAIN_AFTER"
    assert take_up_lost() == []


def test_old_jobs_are_forgotten_and_open_ones_never(community: Community) -> None:
    old, young, waiting = (
        actions.start("write_estates", community=community, by=SYSTEM, arguments={"names": []})
        for _ in range(3)
    )
    for job in (old, young):
        work_off(job.pk)
    announce(waiting)
    long_ago = timezone.now() - timedelta(days=31)
    Job.objects.filter(pk=old.pk).update(finished_at=long_ago)
    Job.objects.filter(pk=waiting.pk).update(queued_at=long_ago)
    Lease.objects.create(name=old.lease_name, cancel_asked_by="somebody")
    lost = _result(status="RUNNING", started_at=long_ago)
    running = _result(status="RUNNING", started_at=timezone.now())
    assert prune_jobs.call() == 1
    assert set(Job.objects.all()) == {young, waiting}
    assert [lease.name for lease in Lease.objects.all()] == [waiting.lease_name]
    left = set(DBTaskResult.objects.values_list("pk", flat=True))
    assert lost.pk not in left
    assert running.pk in left


def _result(**values: Any) -> DBTaskResult:
    result = DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}},
        task_path="x.y",
        backend_name="default",
        run_after=timezone.now(),
    )
    DBTaskResult.objects.filter(pk=result.pk).update(**values)
    return result
