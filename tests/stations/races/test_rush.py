"""120 hands take from one stock of 100, several processes with threads: none takes what is gone.

The naive taking beside it is the control: it must give out more than there is.
"""

import json
from collections import Counter

import pytest

from tests.imports.races.databases import Database
from tests.imports.races.processes import Process
from tests.stations.races.sizes import CALLERS, EACH, MIXED, NAIVE, PROCESSES, RUSH, STOCK

pytestmark = pytest.mark.slow

_SHARE = CALLERS // PROCESSES
_OF = (
    "FROM stations_stationstock s JOIN stations_coolstation c ON c.id = s.station_id "
    "JOIN stations_supplyentry e ON e.stock_id = s.id WHERE c.code = '{}'"
)
_SUMS = f"SELECT s.balance, s.entries, sum(e.quantity), count(e.id) {_OF} GROUP BY s.id"
_LEDGER = f"SELECT e.number, e.quantity, e.balance_after {_OF} ORDER BY e.number"
_REFILLS = (
    "SELECT r.status, count(*) FROM stations_refill r JOIN stations_stationstock s "
    "ON s.id = r.stock_id JOIN stations_coolstation c ON c.id = s.station_id "
    "WHERE c.code = '{}' GROUP BY r.status"
)


def all_call(database: Database, verb: str, station: str) -> Counter[str]:
    """What the hands were answered, all processes let go together."""
    racers = [
        Process(
            database,
            *(verb, station, str(number * _SHARE), str(_SHARE)),
            hold=["ready"],
            runner="tests.stations.races.runner",
        )
        for number in range(PROCESSES)
    ]
    for racer in racers:
        assert racer.reaches("ready"), racer.finish()
    for racer in racers:
        racer.let_go()
    outcomes = [racer.finish() for racer in racers]
    assert [(o.status, o.complained) for o in outcomes] == [(0, "")] * PROCESSES
    return Counter(said for o in outcomes for said in json.loads(o.said))


def is_whole(database: Database, station: str) -> int:
    """The balance; it is the sum of a ledger without a gap, and was never below zero."""
    ((balance, entries, total, rows),) = database.ask(_SUMS.format(station))
    assert (balance, entries) == (total, rows)
    after = 0
    for number, (told, quantity, balance_after) in enumerate(
        database.ask(_LEDGER.format(station)), start=1
    ):
        after += quantity
        assert (told, balance_after) == (number, after)
        assert after >= 0
    return int(balance)


def test_nobody_takes_what_is_gone_and_nothing_is_taken_twice(database: Database) -> None:
    said = all_call(database, "rush", RUSH)
    taken = STOCK // EACH
    # No lock error, no deadlock: nobody was answered anything else.
    assert said == {"taken": taken, "stock_short": CALLERS - taken}
    assert is_whole(database, RUSH) == STOCK - taken * EACH
    assert database.ask(_REFILLS.format(RUSH)) == [("open", 1)]


def test_control_the_naive_taking_gives_out_more_than_there_is(database: Database) -> None:
    said = all_call(database, "naive", NAIVE)
    ((balance, _entries, total, _rows),) = database.ask(_SUMS.format(NAIVE))
    assert total < 0 or total != balance, said


def test_whatever_happens_at_the_same_time_the_ledger_is_whole(database: Database) -> None:
    said = all_call(database, "mixed", MIXED)
    assert set(said) <= {"done", "stock_short", "count_agrees"}, said
    assert said["done"] > CALLERS // 3
    balance = is_whole(database, MIXED)
    refills = dict(database.ask(_REFILLS.format(MIXED)))
    # One while it is low, none while there is enough.
    assert refills.get("open", 0) == (balance <= 5), refills
