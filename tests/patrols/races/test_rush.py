"""40 hands tap the same button: one round is begun, one demand made, and nobody hears of a lock.

The naive way beside it is the control: it must make more than one demand.
"""

import json
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.imports.races.databases import Database, new_world
from tests.imports.races.processes import Process
from tests.patrols.races.sizes import CALLERS, PROCESSES

pytestmark = pytest.mark.slow
_DEMANDS = "SELECT count(*) FROM demands_demand WHERE address {} 'naive'"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One world: each test taps on something of its own."""
    folder = tmp_path_factory.mktemp("grid") / "var"
    with new_world(folder, "tests.patrols.races.world") as made:
        yield made


def all_tap(database: Database, verb: str) -> Counter[str]:
    """What the hands were answered, all processes let go together."""
    racers = [
        Process(
            database,
            *(verb, str(CALLERS // PROCESSES)),
            hold=["ready"],
            runner="tests.patrols.races.runner",
        )
        for _ in range(PROCESSES)
    ]
    for racer in racers:
        assert racer.reaches("ready"), racer.finish()
    for racer in racers:
        racer.let_go()
    outcomes = [racer.finish() for racer in racers]
    assert [(o.status, o.complained) for o in outcomes] == [(0, "")] * PROCESSES
    return Counter(said for o in outcomes for said in json.loads(o.said))


def test_one_round_is_begun(database: Database) -> None:
    assert all_tap(database, "start") == {"done": 1, "patrol_taken": CALLERS - 1}
    assert database.ask("SELECT count(*) FROM patrols_patrol WHERE shift = 'evening'") == [(1,)]


def test_one_issue_becomes_one_demand(database: Database) -> None:
    assert all_tap(database, "pass_on") == {"done": 1, "point_passed_on": CALLERS - 1}
    assert database.ask(_DEMANDS.format("<>")) == [(1,)]


def test_control_the_naive_way_makes_several_demands(database: Database) -> None:
    all_tap(database, "naive")
    ((made,),) = database.ask(_DEMANDS.format("="))
    assert made > 1
