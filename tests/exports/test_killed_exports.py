"""Workers that are killed while they make a file leave nothing half: no row, no log, no job done."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.imports.races.databases import Database
from tests.jobs.races.scenes import Scene

pytestmark = pytest.mark.slow
FILE = "SELECT stored, row_count FROM exports_exportfile"
LOGGED = "SELECT rows FROM core_disclosure WHERE kind = 'export'"
PEOPLE = "SELECT count(*) FROM people_resident"
MOMENTS = 8


@pytest.fixture
def scene(database: Database) -> Iterator[Scene]:
    scene = Scene(database)
    yield scene
    scene.ends()


def nothing_is_there(scene: Scene) -> None:
    assert scene.database.ask(FILE) == [("", 0)]
    assert scene.database.ask(LOGGED) == []


def whole_and_once(scene: Scene, job: int) -> None:
    """One file, all of it, logged once."""
    ((people,),) = scene.database.ask(PEOPLE)
    ((stored, count),) = scene.database.ask(FILE)
    assert (count, scene.database.ask(LOGGED)) == (people, [(people,)])
    assert scene.job(job)["state"] == "done"
    # Its name in the storage has no ending: opened here.
    with (Path(scene.database.folder) / "uploads" / stored).open("rb") as file:
        rows = load_workbook(file, read_only=True).worksheets[0].iter_rows()
        assert sum(1 for _ in rows) == people + 1


def test_killed_at_random_and_before_the_commit_it_is_made_once(scene: Scene) -> None:
    job = scene.does("export_large")
    chance = random.Random(4)
    for _ in range(MOMENTS):
        worker = scene.worker(hold=["claimed"])
        if not worker.reaches("claimed"):
            break
        worker.let_go()
        time.sleep(chance.uniform(0, 0.5))
        worker.kill()
        # A commit that was under way on the server is there, or it never will be.
        scene.database.wait_until_quiet()
        if scene.job(job)["state"] != "done":
            nothing_is_there(scene)
            # Three tries are a job's; here it is to be killed oftener.
            scene.database.do("UPDATE jobs_job SET tries = 0 WHERE state <> 'done'")
        else:
            break
    if scene.job(job)["state"] != "done":
        worker = scene.worker(hold=["ended"])
        assert worker.reaches("ended")
        worker.kill()
        nothing_is_there(scene)
        scene.worker()
        scene.comes_to("done", job)
    whole_and_once(scene, job)


def test_killed_just_before_and_just_after_the_commit(scene: Scene) -> None:
    first = scene.does("export_large")
    worker = scene.worker(hold=["ended"])
    assert worker.reaches("ended")
    worker.kill()
    nothing_is_there(scene)
    worker = scene.worker(hold=["committed"])
    assert worker.reaches("committed")
    worker.kill()
    # The commit is what counts: nobody makes it again.
    follower = scene.worker()
    time.sleep(3)
    follower.kill()
    whole_and_once(scene, first)
