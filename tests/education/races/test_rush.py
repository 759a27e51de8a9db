"""200 callers, 10 places, several processes with threads: each place is given once.

The naive registration beside it is the control: it must sell more than there are.
"""

import json
import time
from collections import Counter

import pytest

from tests.education.races.sizes import (
    CALLERS,
    MIXED_EVENTS,
    PLACES,
    PROCESSES,
    RUSH_EVENTS,
)
from tests.imports.races.databases import Database
from tests.imports.races.processes import Process

pytestmark = pytest.mark.slow

RUNNER = "tests.education.races.runner"
_SHARE = CALLERS // PROCESSES
_ROWS = (
    "SELECT r.status, r.queue_number FROM education_registration r "
    "JOIN education_legaleducationevent e ON e.id = r.event_id WHERE e.code = '{}' ORDER BY r.id"
)
_SEATS = (
    "SELECT e.capacity, coalesce(sum(r.size), 0) FROM education_legaleducationevent e "
    "LEFT JOIN education_registration r ON r.event_id = e.id "
    "AND r.status IN ('pending', 'confirmed') WHERE e.code = '{}' GROUP BY e.capacity"
)


def all_call(
    database: Database,
    verb: str,
    event: str,
    *more: str,
    watch: list[tuple[int, int]] | None = None,
) -> Counter[str]:
    """What the callers were answered, all processes let go together; `watch` collects the seats."""
    racers = [
        Process(
            database,
            *(verb, event, str(number * _SHARE), str(_SHARE), *more),
            hold=["ready"],
            runner=RUNNER,
        )
        for number in range(PROCESSES)
    ]
    for racer in racers:
        assert racer.reaches("ready"), racer.finish()
    for racer in racers:
        racer.let_go()
    while watch is not None and any(racer.runs for racer in racers):
        watch.extend(database.ask(_SEATS.format(event)))
        time.sleep(0.01)
    outcomes = [racer.finish() for racer in racers]
    assert [(o.status, o.complained) for o in outcomes] == [(0, "")] * PROCESSES
    return Counter(said for o in outcomes for said in json.loads(o.said))


@pytest.mark.parametrize("event", RUSH_EVENTS[:2])
def test_ten_are_confirmed_and_the_others_stand_in_line(database: Database, event: str) -> None:
    said = all_call(database, "rush", event)
    # No lock error, no deadlock: nobody was answered anything else.
    assert said == {"CONFIRMED": PLACES, "WAITLISTED": CALLERS - PLACES}
    rows = database.ask(_ROWS.format(event))
    assert [status for status, _ in rows].count("confirmed") == PLACES
    # In the order in which they came, without a gap.
    turns = [turn for status, turn in rows if status == "waitlisted"]
    assert turns == list(range(1, CALLERS - PLACES + 1))


def test_the_naive_registration_oversells(database: Database) -> None:
    said = all_call(database, "naive", RUSH_EVENTS[2])
    ((_, taken),) = database.ask(_SEATS.format(RUSH_EVENTS[2]))
    assert taken > PLACES, said


@pytest.mark.parametrize("seed", range(len(MIXED_EVENTS)))
def test_whatever_happens_at_the_same_time_nobody_sits_on_anothers_chair(
    database: Database, seed: int
) -> None:
    event, seen = MIXED_EVENTS[seed], []
    for round_ in range(2):
        said = all_call(database, "mixed", event, f"{seed}-{round_}", watch=seen)
        allowed = {"confirmed", "waitlisted", "withdrawn", "changed", "event_full"}
        # Of two that came in between: the line was empty, the capacity in use, the event changed.
        allowed |= {"places_free", "capacity_below_registered", "changed_meanwhile"}
        assert set(said) <= allowed, said
    assert len(seen) > 20
    assert [(capacity, taken) for capacity, taken in seen if taken > capacity] == []
    turns = [turn for _, turn in database.ask(_ROWS.format(event)) if turn is not None]
    assert turns == sorted(set(turns))
    assert _first_in_line_does_not_fit(database, event)


def _first_in_line_does_not_fit(database: Database, event: str) -> bool:
    """No place is left while the next in line would fit."""
    ((capacity, taken),) = database.ask(_SEATS.format(event))
    line = database.ask(
        "SELECT r.size FROM education_registration r JOIN education_legaleducationevent e "
        f"ON e.id = r.event_id WHERE e.code = '{event}' AND r.status = 'waitlisted' "
        "ORDER BY r.queue_number LIMIT 1"
    )
    return not line or line[0][0] > capacity - taken
