"""An undo that is killed leaves nothing of itself, or all; run again, it succeeds."""

import pytest

from tests.imports.races.killing import (
    Judge,
    facts,
    history_tells_of_every_row,
    killed,
    twenty_moments,
)
from tests.imports.races.processes import Process, run

pytestmark = pytest.mark.slow


@pytest.fixture
def undo(imported):
    """The command that takes the import back."""
    return "undo_import", imported.batch


@pytest.fixture
def unhindered(imported, undo, copies):
    """An undo that nobody killed, and the judge of those that somebody did."""
    before = imported.database.everything()
    with copies(imported.database) as database:
        process = Process(database, *undo)
        assert process.reaches("done")
        outcome = process.finish()
        assert (outcome.status, outcome.complained) == (0, "")
        assert history_tells_of_every_row(database)
        return process, Judge(before, facts(database))


def people_and_attendance(database):
    """Who is there, whatever the number of changes that led to it."""
    found = facts(database)
    return [row[:-1] for row in found["people"]], [row[:-1] for row in found["attendance"]]


def test_unhindered_it_leads_back_to_where_the_import_began(world, imported, undo, copies):
    with copies(imported.database) as database:
        assert run(database, *undo).status == 0
        assert people_and_attendance(database) == people_and_attendance(world)


def test_killed_at_twenty_moments_it_leaves_nothing_or_everything(
    imported, undo, unhindered, copies
):
    whole, judge = unhindered
    for turn, moment in enumerate(twenty_moments(2, whole)):
        with copies(imported.database) as database:
            killed(Process(database, *undo), moment)
            left = judge.left(database)
            assert left in ("nothing", "everything"), moment
            if turn % 2:
                continue
            outcome = run(database, *undo)
            # What has been taken back already is not taken back twice.
            assert outcome.status == (0 if left == "nothing" else 1), outcome.complained
            assert judge.left(database) == "everything"


def test_killed_in_the_midst_of_writing_it_leaves_nothing(imported, undo, unhindered, copies):
    _, judge = unhindered
    with copies(imported.database) as database:
        # Held where the batch is marked as undone and some of its rows are restored.
        process = Process(database, *undo, hold=["checked"])
        assert process.reaches("checked")
        process.kill()
        assert judge.left(database) == "nothing"
        assert run(database, *undo).status == 0
        assert judge.left(database) == "everything"


def test_killed_once_it_has_been_done_it_leaves_everything(imported, undo, unhindered, copies):
    _, judge = unhindered
    with copies(imported.database) as database:
        process = Process(database, *undo, hold=["done"])
        assert process.reaches("done")
        process.kill()
        assert judge.left(database) == "everything"
