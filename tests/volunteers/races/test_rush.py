"""Several processes with threads at once: no minute of a person stands twice, in hours or in plans.

The naive telling of hours beside it is the control: it must let some overlap.
"""

import json
from collections import Counter

import pytest

from tests.imports.races.databases import Database
from tests.imports.races.processes import Process
from tests.volunteers.races.sizes import CALLS, PROCESSES

pytestmark = pytest.mark.slow

_TWICE = """SELECT count(*) FROM {table} a JOIN {table} b ON a.volunteer_id = b.volunteer_id
AND a.id < b.id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at
WHERE a.status IN {states} AND b.status IN {states}"""
_HOURS = _TWICE.format(table="volunteers_servicerecord", states="('submitted', 'verified')")
_PLANS = _TWICE.format(
    table="volunteers_assignment", states="('planned', 'accepted', 'done', 'absent')"
)


def all_call(database: Database, verb: str) -> Counter[str]:
    """What the callers were answered, all processes let go together."""
    racers = [
        Process(
            database,
            *(verb, f"{verb} {number}"),
            hold=["ready"],
            runner="tests.volunteers.races.runner",
        )
        for number in range(PROCESSES)
    ]
    for racer in racers:
        assert racer.reaches("ready"), racer.finish()
    for racer in racers:
        racer.let_go()
    outcomes = [racer.finish() for racer in racers]
    assert [(o.status, o.complained) for o in outcomes] == [(0, "")] * PROCESSES
    said = Counter(said for o in outcomes for said in json.loads(o.said))
    assert said.total() == CALLS * PROCESSES
    return said


def test_no_minute_of_a_person_is_told_twice(database: Database) -> None:
    said = all_call(database, "tell")
    # No lock error, no deadlock: nobody was answered anything else.
    allowed = {"submitted", "verified", "rejected", "withdrawn", "nothing", "records_overlap"}
    assert set(said) <= allowed | {"wrong_state"}, said
    assert said["submitted"] > 3, said
    assert said["records_overlap"] > 3, said
    assert database.ask(_HOURS) == [(0,)]


def test_control_the_naive_telling_lets_some_overlap(database: Database) -> None:
    said = all_call(database, "naive")
    ((twice,),) = database.ask(_HOURS)
    assert twice > 0, said


def test_nobody_is_asked_to_be_in_two_places(database: Database) -> None:
    said = all_call(database, "ask")
    allowed = {"planned", "accepted", "declined", "cancelled", "moved", "off", "nothing"}
    # Of two that came in between: changed by another, called off, in use.
    allowed |= {"assignment_overlaps", "changed_meanwhile", "wrong_state", "target_is_off"}
    # Every slot is still to come.
    allowed |= {"assignment_not_started"}
    assert set(said) <= allowed, said
    assert said["planned"] > 3, said
    assert said["moved"] > 3, said
    assert database.ask(_PLANS) == [(0,)]
    # Nobody is still expected at what does not take place, or at another time than it does.
    stray = """SELECT count(*) FROM volunteers_assignment a JOIN services_slot s ON s.id = a.slot_id
    WHERE a.status IN ('planned', 'accepted')
    AND (s.status = 'cancelled' OR a.starts_at <> s.starts_at OR a.ends_at <> s.ends_at)"""
    assert database.ask(stray) == [(0,)]
