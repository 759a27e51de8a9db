"""Forty people at once: each gets a number of the own, none is left out, and one demand is given once.

The naive way beside it is the control: numbers are refused, and several bodies believe it is theirs.
"""

from collections import Counter
from typing import Any

import pytest

from tests.demands.races.world import CALLERS
from tests.imports.races.databases import Database
from tests.imports.races.processes import Process

pytestmark = pytest.mark.slow

RUNNER, PROCESSES = "tests.demands.races.runner", 4
_NUMBERS = "SELECT number FROM demands_demand ORDER BY number"
_MOVES = "SELECT count(*) FROM core_transition WHERE model = 'demands.Demand' AND move = 'assign'"
_LAST = "SELECT last FROM demands_demandnumbering"


def all_ask(database: Database, command: str) -> tuple[list[Any], Counter[str]]:
    """What the callers were told of their number and of the demand, let go together."""
    each = str(CALLERS // PROCESSES)
    crowd = [
        Process(database, command, each, hold=["ready"], runner=RUNNER) for _ in range(PROCESSES)
    ]
    for one in crowd:
        assert one.reaches("ready"), one.finish()
    for one in crowd:
        one.let_go()
    outcomes = [one.finish() for one in crowd]
    assert all(one.status == 0 for one in outcomes), outcomes
    told: list[Any] = [answer for one in outcomes for answer in one.answer]
    return [number for number, _ in told], Counter(assigned for _, assigned in told)


def test_numbers_have_no_gap_and_a_demand_is_assigned_once(database: Database) -> None:
    numbers, assigned = all_ask(database, "verbs")
    # The world has two already.
    assert sorted(numbers) == list(range(3, 3 + CALLERS))
    assert database.ask(_NUMBERS) == [(number,) for number in range(1, 3 + CALLERS)]
    assert database.ask(_LAST) == [(2 + CALLERS,)]
    assert assigned == {"assigned": 1, "wrong_state": CALLERS - 1}
    assert database.ask(_MOVES) == [(1,)]


def test_control_the_naive_way_refuses_people_and_assigns_twice(database: Database) -> None:
    numbers, assigned = all_ask(database, "naive")
    assert numbers.count("refused_by_the_database") > 0, numbers
    assert assigned["assigned"] > 1, assigned
