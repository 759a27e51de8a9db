"""Several processes with threads at once: numbers have no gap, and every certificate stands by its
hours.

The naive numbering beside it is the control: it must give a number twice.
"""

import json
from collections import Counter

import pytest

from tests.imports.races.databases import Database
from tests.imports.races.processes import Process
from tests.volunteers.certificate_races.sizes import CALLS, PROCESSES

pytestmark = pytest.mark.slow


def all_call(database: Database, verb: str) -> Counter[str]:
    """What the callers were answered, all processes let go together."""
    racers = [
        Process(
            database,
            *(verb, f"{verb} {number}"),
            hold=["ready"],
            runner="tests.volunteers.certificate_races.runner",
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


def test_numbers_have_no_gap_and_certificates_stand_by_their_hours(database: Database) -> None:
    said = all_call(database, "certify")
    # No lock error, no deadlock: nobody was answered anything else.
    done = {"issued", "rolled back", "void", "verified", "withdrawn", "nothing"}
    refused = {"certificate_outdated", "record_certified", "wrong_state", "nothing_to_certify"}
    assert set(said) <= done | refused, said
    assert said["issued"] > 10, said
    assert said["void"] > 3, said
    assert said["rolled back"] > 3, said
    numbers = [n for (n,) in database.ask("SELECT sequence FROM volunteers_certificate ORDER BY 1")]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) > 10
    # What it says is the sum of what it counts, now and for ever.
    sums = """SELECT c.id FROM volunteers_certificate c LEFT JOIN (
        SELECT certificate_id, sum(minutes) total, count(*) n FROM volunteers_certifiedrecord
        GROUP BY certificate_id) s ON s.certificate_id = c.id
        WHERE s.total IS NULL OR s.total <> c.minutes OR s.n <> c.services"""
    assert database.ask(sums) == []
    # What a valid one counts is verified still, with as many minutes.
    gone = """SELECT r.id FROM volunteers_certifiedrecord r
        JOIN volunteers_certificate c ON c.id = r.certificate_id AND c.status = 'issued'
        JOIN volunteers_servicerecord s ON s.id = r.record_id
        WHERE s.status <> 'verified' OR s.minutes <> r.minutes"""
    assert database.ask(gone) == []
    twice = """SELECT volunteer_id FROM volunteers_certificate WHERE status = 'issued'
        GROUP BY volunteer_id, starts_on, ends_on HAVING count(*) > 1"""
    assert database.ask(twice) == []


def test_the_naive_numbering_gives_a_number_twice(database: Database) -> None:
    said = all_call(database, "naive")
    assert said["IntegrityError"] or max(said.values()) > 1, said
