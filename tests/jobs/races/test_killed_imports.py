"""A large import is read and written by workers; kill them, and it is there once."""

from collections.abc import Iterator

import pytest

from tests.imports.races.databases import Database
from tests.imports.races.roster import LARGE_EVENT, LARGE_ROWS
from tests.jobs.races.scenes import Scene

pytestmark = pytest.mark.slow
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
