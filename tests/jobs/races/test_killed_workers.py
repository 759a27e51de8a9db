"""A worker that is killed loses nothing and doubles nothing."""

import random
import signal
import time
from collections.abc import Iterator

import pytest

from tests.imports.races.databases import ON_POSTGRES, Database
from tests.jobs.races.scenes import DEAD_AFTER, Scene

pytestmark = pytest.mark.slow
ROWS = 12
MARKED = ("claimed", "row 1", "row 7", "written", "ending", "ended", "committed")


@pytest.fixture
def scene(database: Database) -> Iterator[Scene]:
    scene = Scene(database)
    yield scene
    scene.ends()


def killed_at_marks(scene: Scene) -> Iterator[str]:
    """Starts a job, kills its worker at a mark, again and again; yields the job's mark."""
    for mark in MARKED:
        (job,) = scene.does("start", "write", str(ROWS))
        worker = scene.worker(hold=[mark])
        assert worker.reaches(mark)
        worker.kill()
        yield f"{mark} {job}"


def test_killed_at_each_moment_the_job_is_done_once_by_the_next_worker(scene: Scene) -> None:
    expected = 0
    for moment in killed_at_marks(scene):
        mark, job = moment.rsplit(" ", 1)
        over = mark == "committed"
        assert (scene.job(int(job))["state"] == "done") is over, mark
        assert scene.written() == expected + ROWS * over, "everything or nothing"
        follower = scene.worker()
        scene.comes_to("done", int(job))
        expected += ROWS
        assert scene.written() == expected, mark
        found = scene.job(int(job))
        assert (found["tries"], found["result"]) == (1 if over else 2, f"登记了 {ROWS} 个")
        follower.kill()


def test_killed_at_chance_again_and_again_ten_jobs_are_each_done_once(scene: Scene) -> None:
    chance = random.Random(3)
    jobs = scene.does("start", "write", str(ROWS), "0.03", "10")
    for _ in range(6):
        worker = scene.worker()
        assert worker.reaches("claimed")
        time.sleep(chance.uniform(0, 1.2))
        worker.kill()
        # A commit that was under way on the server is there, or it never will be.
        scene.database.wait_until_quiet()
        states = [scene.job(pk)["state"] for pk in jobs]
        assert scene.written() == ROWS * states.count("done")
        if set(states) <= {"done", "failed"}:
            break  # Nobody looked for a while, and the worker was through.
    last = scene.worker()
    scene.until(lambda: all(scene.job(pk)["state"] in ("done", "failed") for pk in jobs))
    last.kill()
    states = [scene.job(pk)["state"] for pk in jobs]
    # One that was killed three times is given up, and has written nothing.
    assert states.count("done") >= 8
    assert scene.written() == ROWS * states.count("done")


def test_a_job_that_kills_each_worker_is_given_up_with_a_clear_word(scene: Scene) -> None:
    (job,) = scene.does("start", "write", str(ROWS))
    for _ in range(3):
        worker = scene.worker(hold=["row 7"])
        assert worker.reaches("row 7")
        worker.kill()
    scene.worker()
    scene.comes_to("failed", job)
    assert (scene.job(job)["error_code"], scene.written()) == ("worker_lost", 0)


def test_control_a_bare_task_of_the_queue_is_lost_with_a_part_of_its_work(scene: Scene) -> None:
    scene.does("start_naive", str(ROWS))
    worker = scene.worker(hold=["row 7"])
    assert worker.reaches("row 7")
    worker.kill()
    follower = scene.worker()
    (after,) = scene.does("start", "write", "1")
    scene.comes_to("done", after)
    time.sleep(2 * DEAD_AFTER)
    follower.kill()
    assert scene.written() - 1 == 6, "a part, and nobody takes it up"


def woken_zombie(scene: Scene, *, without: tuple[str, ...] = ()) -> int:
    """A worker sleeps past its lease before it writes, another does the job, the first wakes up."""
    (job,) = scene.does("start", "write", str(ROWS))
    zombie = scene.worker(hold=["claimed"], without=without)
    assert zombie.reaches("claimed")
    scene.puts_to_sleep(zombie)
    follower = scene.worker()
    scene.comes_to("done", job)
    zombie.let_go()
    zombie.send(signal.SIGCONT)
    # It does another job afterwards: it is over with the first, and not broken.
    follower.kill()
    (after,) = scene.does("start", "write", "1")
    scene.comes_to("done", after)
    return scene.written() - 1


@pytest.mark.parametrize("without", [(), ("listening",)])
def test_a_worker_thought_dead_that_wakes_up_cannot_finish_the_job(
    scene: Scene, without: tuple[str, ...]
) -> None:
    """It hears of it on its way; and if it did not, the token would stop it at the end."""
    assert woken_zombie(scene, without=without) == ROWS


def test_control_without_the_token_the_work_is_there_twice(scene: Scene) -> None:
    assert woken_zombie(scene, without=("listening", "token")) == 2 * ROWS


def test_a_worker_that_wakes_up_in_the_midst_of_writing_doubles_nothing(scene: Scene) -> None:
    (job,) = scene.does("start", "write", str(ROWS))
    zombie = scene.worker(hold=["row 7"])
    assert zombie.reaches("row 7")
    scene.puts_to_sleep(zombie, holding=1)
    scene.worker()
    if ON_POSTGRES:
        # The second worker has the job, and waits for the first one's locks.
        scene.until(lambda: scene.job(job)["tries"] == 2)
    else:
        # SQLite's one writer is asleep: nobody can take the job, and the first one may end it.
        time.sleep(2 * DEAD_AFTER)
    zombie.let_go()
    zombie.send(signal.SIGCONT)
    scene.comes_to("done", job)
    (after,) = scene.does("start", "write", "1")
    scene.comes_to("done", after)
    assert scene.job(job)["tries"] == (2 if ON_POSTGRES else 1)
    assert scene.written() == ROWS + 1


def test_two_workers_share_the_jobs_and_do_none_twice(database: Database) -> None:
    # So long that neither may believe the other one dead.
    scene = Scene(database, LINLI_JOBS_DEAD_AFTER_SECONDS="120")
    jobs = scene.does("start", "write", "3", "0.02", "20")
    try:
        for _ in range(2):
            scene.worker()
        scene.comes_to("done", *jobs)
        assert scene.written() == 60
        assert {scene.job(pk)["tries"] for pk in jobs} == {1}
    finally:
        scene.ends()


def test_a_routine_killed_on_its_way_is_run_again_once(database: Database) -> None:
    scene = Scene(database, RACE_ROUTINE="1")
    try:
        worker = scene.worker(hold=["routine written"])
        assert worker.reaches("routine written")
        worker.kill()
        assert scene.written() == 0
        for _ in range(2):
            scene.worker()
        scene.until(lambda: scene.written() == 1)
        time.sleep(2 * DEAD_AFTER)
        assert scene.written() == 1, "and then not until its next interval"
    finally:
        scene.ends()
