"""A large import is read and written by workers; kill them, and it is there once."""

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from tests.imports.races.databases import Database
from tests.imports.races.killing import history_tells_of_every_row
from tests.imports.races.roster import LARGE_EVENT, LARGE_ROWS
from tests.jobs.races.scenes import Scene

pytestmark = pytest.mark.slow
Copies = Callable[[Database], AbstractContextManager[Database]]
ATTENDANCE = (
    "SELECT count(*) FROM education_attendance a "
    "JOIN education_legaleducationevent e ON e.id = a.event_id "
    f"WHERE e.code = '{LARGE_EVENT}'"
)


@pytest.fixture
def scene(database: Database) -> Iterator[Scene]:
    scene = Scene(database)
    yield scene
    scene.ends()


def killed_before_the_end(scene: Scene) -> None:
    """A worker does the job as far as its commit, and is killed there."""
    worker = scene.worker(hold=["ended"])
    assert worker.reaches("ended")
    worker.kill()


def stands(scene: Scene, batch: str, before: int) -> str:
    """Where the import stands after a kill: its state, of which nothing or everything is there."""
    scene.database.wait_until_quiet()
    assert scene.database.is_sound()
    state = scene.state_of(batch)
    ((rows,),) = scene.database.ask(ATTENDANCE)
    ((chunks,),) = scene.database.ask("SELECT count(*) FROM imports_planchunk")
    assert (chunks > 0) is (state != "reading")
    assert rows == (LARGE_ROWS if state == "committed" else before)
    assert history_tells_of_every_row(scene.database)
    return state


def unhindered(scene: Scene, batch: str, follows: str) -> float:
    """Lets a worker do the job; answers how long that took from claim to commit."""
    worker = scene.worker()
    # Marks have the time at which they are read: one after the other, as they come.
    assert worker.reaches("claimed")
    assert worker.reaches("ended")
    scene.until(lambda: scene.state_of(batch) == follows)
    worker.kill()
    return worker.seconds("claimed", "ended")


def test_killed_at_twenty_moments_reading_and_writing_leave_nothing_or_everything(
    scene: Scene, large_import: tuple[str, ...], copies: Copies
) -> None:
    """Ten of each, spread over the job; of some, the next worker brings it to its end."""
    chance = random.Random(13)
    batch = scene.does("import_large", large_import[2], LARGE_EVENT)
    ((before,),) = scene.database.ask(ATTENDANCE)
    for unfinished, follows in (("reading", "planned"), ("planned", "committed")):
        with copies(scene.database) as tried:
            seconds = unhindered(Scene(tried), batch, follows)
        seen = set()
        for turn in range(10):
            with copies(scene.database) as copy:
                killed = Scene(copy)
                worker = killed.worker()
                assert worker.reaches("claimed")
                worker.outlasts("claimed", (turn + chance.random()) / 10 * seconds)
                worker.kill()
                state = stands(killed, batch, before)
                seen.add(state)
                assert state in (unfinished, follows)
                if turn % 5 == 2 and state == unfinished:
                    unhindered(killed, batch, follows)
                    assert stands(killed, batch, before) == follows
        assert unfinished in seen
        unhindered(scene, batch, follows)
        if follows == "planned":
            scene.does("confirm_large", batch)
    assert stands(scene, batch, before) == "committed"


def test_reading_and_writing_survive_their_workers(
    scene: Scene, large_import: tuple[str, ...]
) -> None:
    batch = scene.does("import_large", large_import[2], LARGE_EVENT)
    ((before,),) = scene.database.ask(ATTENDANCE)
    killed_before_the_end(scene)
    assert scene.state_of(batch) == "reading"
    follower = scene.worker()
    scene.until(lambda: scene.state_of(batch) == "planned")
    follower.kill()
    job = scene.does("confirm_large", batch)
    killed_before_the_end(scene)
    assert scene.state_of(batch) == "planned"
    assert scene.database.ask(ATTENDANCE) == [(before,)], "nothing of a killed import is there"
    scene.worker()
    scene.comes_to("done", job)
    assert scene.state_of(batch) == "committed"
    assert scene.database.ask(ATTENDANCE) == [(LARGE_ROWS,)]


@pytest.fixture
def hasty(database: Database) -> Iterator[Scene]:
    """Where little is small: also answers and an undo are jobs."""
    scene = Scene(
        database,
        LINLI_IMPORT_IN_BACKGROUND_BYTES="1000",
        LINLI_IMPORT_UNDO_IN_BACKGROUND_ROWS="100",
    )
    yield scene
    scene.ends()


def test_answers_and_an_undo_survive_their_workers(
    hasty: Scene, large_import: tuple[str, ...]
) -> None:
    scene = hasty
    batch = scene.does("import_large", large_import[2], LARGE_EVENT)
    ((before,),) = scene.database.ask(ATTENDANCE)
    scene.worker()
    scene.until(lambda: scene.state_of(batch) == "planned")
    scene.workers.pop().kill()
    # A question that no row asks: the plan is made anew all the same.
    answered = scene.does("answer_large", batch, "phone_two", "first")
    killed_before_the_end(scene)
    assert scene.state_of(batch) == "reading"
    scene.worker()
    scene.comes_to("done", answered)
    job = scene.does("confirm_large", batch)
    scene.comes_to("done", job)
    scene.workers.pop().kill()
    undo = scene.does("undo_large", batch)
    killed_before_the_end(scene)
    assert scene.state_of(batch) == "committed"
    assert scene.database.ask(ATTENDANCE) == [(LARGE_ROWS,)], "nothing of a killed undo is there"
    scene.worker()
    scene.comes_to("done", undo)
    assert scene.state_of(batch) == "undone"
    assert scene.database.ask(ATTENDANCE) == [(before,)]
