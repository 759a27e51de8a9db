"""A worker that is told to stop ends, hands back or leaves what it does, within its time; a job
that is cancelled ends while its transaction holds the database."""

import signal
from collections.abc import Iterator

import pytest

from tests.imports.races.databases import Database
from tests.imports.races.processes import Process
from tests.jobs.races.scenes import Scene

pytestmark = pytest.mark.slow
# Two seconds of patience, five of grace, and a machine with other work.
STOP_SECONDS = 2 + 5 + 53
# What a job that is never cancelled would last.
FOR_LONG = ("3000", "0.1")


@pytest.fixture
def scene(database: Database) -> Iterator[Scene]:
    scene = Scene(database)
    yield scene
    scene.ends()


def stopped(scene: Scene, worker: Process) -> float:
    """Tells a worker to stop; answers how long it took."""
    worker.send(signal.SIGTERM)
    return scene.until(lambda: not worker.runs, STOP_SECONDS)


def test_it_ends_what_is_short(database: Database) -> None:
    """Short is what ends within its patience, which is longer here than any pause of the machine."""
    scene = Scene(database, LINLI_WORKER_STOP_SECONDS="50")
    try:
        (job,) = scene.does("start", "write", "5", "0.1")
        worker = scene.worker()
        assert worker.reaches("row 2")
        stopped(scene, worker)
        assert (scene.job(job)["state"], scene.written()) == ("done", 5)
    finally:
        scene.ends()


def test_it_hands_back_what_is_long_and_the_next_worker_does_it(database: Database) -> None:
    scene = Scene(database, RACE_GRACE_SECONDS="50")
    try:
        (job,) = scene.does("start", "write", *FOR_LONG)
        worker = scene.worker()
        assert worker.reaches("row 2")
        stopped(scene, worker)
        found = scene.job(job)
        assert (found["state"], found["tries"], scene.written()) == ("queued", 0, 0)
        scene.worker()
        scene.comes_to("running", job)
    finally:
        scene.ends()


def test_it_leaves_what_does_not_listen_and_the_next_worker_takes_it_up(scene: Scene) -> None:
    (job,) = scene.does("start", "deaf", "1")
    worker = scene.worker()
    assert worker.reaches("deaf")
    stopped(scene, worker)
    assert (scene.job(job)["state"], scene.written()) == ("running", 0)
    follower = scene.worker()
    assert follower.reaches("deaf")
    assert scene.job(job)["tries"] == 2


def test_a_job_is_cancelled_while_it_writes_and_nothing_stays(scene: Scene) -> None:
    (job,) = scene.does("start", "write", *FOR_LONG)
    worker = scene.worker()
    assert worker.reaches("row 5")
    scene.until(lambda: live_progress(scene) > 2)
    scene.does("cancel", str(job))
    scene.comes_to("cancelled", job)
    found = scene.job(job)
    assert (found["cancelled_by"], scene.written()) == ("system", 0)
    assert found["done"] >= 5
    # The worker is free for others.
    (after,) = scene.does("start", "write", "1")
    scene.comes_to("done", after)
    assert worker.runs


def live_progress(scene: Scene) -> int:
    """What another process sees of the running job."""
    rows = scene.database.ask_queue("SELECT done FROM core_jobprogress")
    return int(rows[0][0]) if rows else 0
