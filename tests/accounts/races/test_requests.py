"""Real processes with threads, one caller: together they let pass the limit, to a block each."""

from pathlib import Path

import pytest

from backend.accounts.rates import BLOCKS
from tests.imports.races.databases import new_database
from tests.imports.races.processes import Process

pytestmark = pytest.mark.slow

RUNNER = "tests.accounts.races.runner"
PROCESSES, LIMIT, CALLS = 3, 200, 400


def test_processes_share_a_callers_limit(tmp_path: Path) -> None:
    with new_database(tmp_path / "counted") as database:
        made = Process(database, "prepare", runner=RUNNER).finish()
        assert made.status == 0, made.complained
        racers = [
            Process(database, "count", str(LIMIT), str(CALLS), runner=RUNNER, hold=["ready"])
            for _ in range(PROCESSES)
        ]
        for racer in racers:
            assert racer.reaches("ready"), racer.finish()
        for racer in racers:
            racer.let_go()
        outcomes = [racer.finish() for racer in racers]
        assert [(o.status, o.complained) for o in outcomes] == [(0, "")] * PROCESSES
        passed = [int(outcome.said) for outcome in outcomes]
        # Threads of one process are between counting and telling at the same time: a block each.
        assert LIMIT <= sum(passed) <= LIMIT + PROCESSES * 4 * LIMIT // BLOCKS
        ((told,),) = database.ask_queue("SELECT count FROM accounts_requestcount")
        assert told >= LIMIT
