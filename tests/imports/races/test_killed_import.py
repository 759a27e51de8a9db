"""An import that is killed leaves nothing of itself, or all; run again, it succeeds."""

import pytest

from tests.imports.races.killing import Judge, facts, killed, ten_moments, uploads_are_there
from tests.imports.races.processes import Process, run
from tests.imports.races.roster import LARGE_EVENT, LARGE_ROWS

pytestmark = pytest.mark.slow


@pytest.fixture
def judge(world, imported):
    return Judge(world.everything(), facts(imported.database))


def imports_the_rest(database, command, judge, left):
    """Runs the killed import again: it finds nothing or everything to do, never a part."""
    outcome = run(database, *command)
    assert (outcome.status, outcome.complained) == (0, "")
    if left == "nothing":
        assert judge.left(database) == "everything"
        return
    assert outcome.answer["rows"]["unchanged"] == LARGE_ROWS
    now = facts(database)
    assert now["people"] == judge.after["people"]
    assert now["attendance"] == judge.after["attendance"]


def test_killed_at_ten_moments_it_leaves_nothing_or_everything(
    world, imported, judge, large_import, copies
):
    for moment in ten_moments(1, imported.process):
        with copies(world) as database:
            killed(Process(database, *large_import), moment)
            left = judge.left(database)
            assert left in ("nothing", "everything"), moment
            assert uploads_are_there(database)
            imports_the_rest(database, large_import, judge, left)


def test_killed_in_the_midst_of_writing_it_leaves_nothing(world, judge, large_import, copies):
    with copies(world) as database:
        # Held where the new residents have been inserted and their attendance has not.
        process = Process(database, *large_import, hold=["checked"])
        assert process.reaches("checked")
        process.kill()
        assert judge.left(database) == "nothing"
        imports_the_rest(database, large_import, judge, "nothing")


def test_control_a_naive_import_killed_in_the_same_way_leaves_a_part(world, large_import, copies):
    command = ("naive", large_import[2], LARGE_EVENT)
    with copies(world) as database:
        whole = Process(database, *command)
        assert whole.reaches("done")
        assert whole.finish().status == 0
        judge = Judge(world.everything(), facts(database))
    for moment in list(ten_moments(1, whole))[4:7]:
        with copies(world) as database:
            killed(Process(database, *command), moment)
            if judge.left(database) == "a part":
                return
    pytest.fail("a part of an import was never found: the judge would not see one")


def test_killed_once_it_has_been_done_it_leaves_everything(world, judge, large_import, copies):
    with copies(world) as database:
        process = Process(database, *large_import, hold=["done"])
        assert process.reaches("done")
        process.kill()
        assert judge.left(database) == "everything"
        imports_the_rest(database, large_import, judge, "everything")
