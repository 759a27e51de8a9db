"""What falls due by itself: queued once an interval, run one at a time, never lost for good."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from backend.core import routines
from backend.core.routines import DAY, Routine
from backend.jobs import routine_runs
from backend.jobs.models import Lease
from backend.jobs.routine_runs import MAX_TRIES, queue_due, run_routine
from backend.jobs.running import beating_when_asked

pytestmark = pytest.mark.django_db
Runs = list[str]


@pytest.fixture
def runs() -> Runs:
    return []


@pytest.fixture
def sweep(monkeypatch: pytest.MonkeyPatch, runs: Runs) -> Callable[[Any], None]:
    """Makes one routine, sweep, the only one, and says what it does."""
    # The test's transaction is seen by no other connection, so no thread can beat.
    monkeypatch.setattr(routine_runs, "beating", beating_when_asked)

    def is_to(do: Callable[[], Any]) -> None:
        routine = Routine("sweep", lambda: (runs.append("sweep"), do()), DAY)
        monkeypatch.setattr(routines, "_ROUTINES", {"sweep": routine})

    is_to(lambda: None)
    return is_to


def later(by: timedelta) -> None:
    """As if everything so far had been so much earlier."""
    for lease in Lease.objects.all():
        for name in ("due_at", "announced_at", "beaten_at", "finished_at"):
            if getattr(lease, name) is not None:
                setattr(lease, name, getattr(lease, name) - by)
        lease.save()


def run() -> str:
    return str(run_routine.call("sweep"))


def test_it_is_queued_once_a_day(sweep: Any, runs: Runs) -> None:
    assert queue_due() == ["sweep"]
    assert queue_due() == []
    assert DBTaskResult.objects.count() == 1
    assert run() == "done"
    later(timedelta(hours=23))
    assert queue_due() == []
    later(timedelta(hours=2))
    assert queue_due() == ["sweep"]
    assert run() == "done"
    assert runs == ["sweep", "sweep"]


def test_a_message_too_many_runs_nothing(sweep: Any, runs: Runs) -> None:
    queue_due()
    assert [run(), run(), run()] == ["done", "not now", "not now"]
    assert runs == ["sweep"]


def test_two_workers_do_not_run_it_at_the_same_time(sweep: Any, runs: Runs) -> None:
    heard: list[str] = []
    sweep(lambda: heard.append(run()))
    queue_due()
    assert run() == "done"
    assert heard == ["not now"], "the second worker while the first was at it"
    assert runs == ["sweep"]


def test_one_that_runs_for_longer_than_its_interval_is_not_queued_again(sweep: Any) -> None:
    queue_due()
    later(timedelta(days=3))
    Lease.objects.update(token="somebody", beaten_at=timezone.now())
    assert queue_due() == []


def test_one_lost_with_its_worker_is_queued_again_at_once(sweep: Any, runs: Runs) -> None:
    queue_due()
    Lease.objects.update(token="gone", beaten_at=timezone.now(), tries=1)
    assert queue_due() == []
    later(timedelta(minutes=1))
    assert queue_due() == ["sweep"]
    assert run() == "done"
    assert runs == ["sweep"]


def test_one_that_kills_its_workers_is_left_until_its_next_interval(sweep: Any) -> None:
    queue_due()
    Lease.objects.update(token="gone", beaten_at=timezone.now(), tries=MAX_TRIES)
    later(timedelta(hours=1))
    assert queue_due() == []
    later(timedelta(days=1))
    assert queue_due() == ["sweep"]
    assert Lease.objects.get().tries == 0


def test_one_that_the_queue_has_forgotten_is_announced_again(sweep: Any, runs: Runs) -> None:
    queue_due()
    DBTaskResult.objects.all().delete()
    later(timedelta(minutes=1))
    assert queue_due() == []
    later(timedelta(minutes=2))
    assert queue_due() == ["sweep"]


def test_one_that_fails_is_tried_again_and_its_error_is_not_quoted(
    sweep: Any, runs: Runs, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise ValueError("张三 13812345678")

    sweep(fail)
    queue_due()
    with caplog.at_level(logging.INFO):
        assert run() == "failed"
    assert "ValueError" in caplog.text
    assert "张三" not in caplog.text
    later(timedelta(minutes=3))
    assert queue_due() == ["sweep"]
    sweep(lambda: None)
    assert run() == "done"


def test_a_stranger_cannot_end_it(sweep: Any) -> None:
    """The worker thought dead wakes up: the run is another's now, and stays open."""
    sweep(lambda: Lease.objects.update(token="another's"))
    queue_due()
    run()
    lease = Lease.objects.get()
    assert (lease.token, lease.finished_at) == ("another's", None)
