"""An upload that is killed while it is planned, and one while it is carried out: nothing or all."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from fixtures.make_large import make_large
from tests.imports.races.databases import Database, new_database
from tests.imports.races.killing import (
    Judge,
    facts,
    history_tells_of_every_row,
    killed,
    twenty_moments,
    uploads_are_there,
)
from tests.imports.races.processes import Process, run
from tests.imports.races.roster import LARGE_EVENT, MIDDLE_ROWS, known_people

pytestmark = pytest.mark.slow
Copies = Callable[[Database], AbstractContextManager[Database]]


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sheets") / "middle.xlsx"
    make_large(path, MIDDLE_ROWS, bad_share=0.02, known=known_people())
    return path


@pytest.fixture(scope="module")
def planned(
    world: Database, sheet: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Database, Process, str]]:
    """A database with the sheet uploaded and planned, and the process that did it, unhindered."""
    with new_database(tmp_path_factory.mktemp("planned") / "var", like=world) as database:
        process = Process(database, "upload", str(sheet), LARGE_EVENT)
        assert process.reaches("done")
        outcome = process.finish()
        assert (outcome.status, outcome.answer["state"]) == (0, "planned"), outcome.complained
        yield database, process, outcome.answer["batch"]


def batches(database: Database) -> list[tuple[str, int]]:
    """The state of each batch, and how many chunks its plan has."""
    sql = (
        "SELECT b.status, count(c.id) FROM imports_importbatch b "
        "LEFT JOIN imports_planchunk c ON c.batch_id = b.id GROUP BY b.id, b.status ORDER BY b.id"
    )
    return [(status, int(chunks)) for status, chunks in database.ask(sql)]


def test_planning_killed_at_twenty_moments_leaves_no_plan_or_a_whole_one(
    world: Database,
    planned: tuple[Database, Process, str],
    sheet: Path,
    copies: Copies,
) -> None:
    like, whole, _ = planned
    after = facts(like)
    judge = Judge(world.everything(), after)
    seen = set()
    for turn, moment in enumerate(twenty_moments(11, whole)):
        with copies(world) as database:
            killed(Process(database, "upload", str(sheet), LARGE_EVENT), moment)
            left = judge.left(database)
            if left == "a part":
                # The file was received, in a transaction of its own, and nothing of the plan is there.
                left = "received"
                assert batches(database) == [("reading", 0)], moment
                assert facts(database)["people"] == facts(world)["people"]
                assert history_tells_of_every_row(database)
            assert uploads_are_there(database)
            seen.add(left)
            if turn % 5 == 0:
                outcome = run(database, "upload", str(sheet), LARGE_EVENT)
                assert outcome.answer["state"] == "planned", outcome.complained
                assert batches(database)[-1] == batches(like)[-1]
    assert len(seen) > 1, "the moments are too much alike to prove anything"


def test_carrying_out_killed_at_twenty_moments_leaves_nothing_or_everything(
    planned: tuple[Database, Process, str], copies: Copies
) -> None:
    like, _, batch = planned
    command = ("confirm", batch, "take_good")
    with copies(like) as database:
        whole = Process(database, *command)
        assert whole.reaches("done")
        assert whole.finish().answer["state"] == "committed"
        judge = Judge(like.everything(), facts(database))
    seen = set()
    for turn, moment in enumerate(twenty_moments(12, whole)):
        with copies(like) as database:
            killed(Process(database, *command), moment)
            left = judge.left(database)
            assert left in ("nothing", "everything"), moment
            seen.add(left)
            if turn % 5 == 0:
                outcome = run(database, *command)
                said = "committed" if left == "nothing" else "wrong_state"
                assert json.loads(outcome.said)["state"] == said, outcome.complained
                assert judge.left(database) == "everything"
    assert "nothing" in seen
