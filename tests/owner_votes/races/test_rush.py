"""Several processes with threads at one moment: one buyer has one ballot, and what is counted is what
is in. The naive ways beside them are the controls: they must let two in, and one in after the close.
"""

import json
from collections import Counter
from itertools import pairwise

import pytest

from tests.imports.races.databases import Database
from tests.imports.races.processes import Process

pytestmark = pytest.mark.slow
RUNNER = "tests.owner_votes.races.runner"
CALLERS, PROCESSES = 24, 3
ROOMS = 27


def all_call(database: Database, verb: str, callers: int = CALLERS) -> Counter[str]:
    """What the callers were answered, all processes let go together."""
    edges = [callers * n // PROCESSES for n in range(PROCESSES + 1)]
    racers = [
        Process(database, verb, str(low), str(high - low), hold=["ready"], runner=RUNNER)
        for low, high in pairwise(edges)
    ]
    for racer in racers:
        assert racer.reaches("ready"), racer.finish()
    for racer in racers:
        racer.let_go()
    outcomes = [racer.finish() for racer in racers]
    assert [(o.status, o.complained) for o in outcomes] == [(0, "")] * PROCESSES
    return Counter(said for o in outcomes for said in json.loads(o.said))


def _ballots(database: Database, code: str) -> int:
    ((count,),) = database.ask(
        "SELECT count(*) FROM owner_votes_ownerballot b JOIN owner_votes_ownervote v "
        f"ON b.vote_id = v.id WHERE v.code = '{code}'"
    )
    return int(count)


def test_one_buyer_has_one_ballot_however_many_enter_it(database: Database) -> None:
    said = all_call(database, "cast")
    # No lock error, no deadlock: nobody was answered anything else.
    assert said == {"cast": 1, "owner_ballot_taken": CALLERS - 1}
    assert _ballots(database, "yz-open") == 1


def test_the_naive_way_takes_the_one_buyer_for_two(database: Database) -> None:
    said = all_call(database, "naive_cast")
    # The database's own word stands behind it; the look before did not help.
    assert said["cast"] + said["IntegrityError"] > 1, said


def test_what_is_counted_is_what_is_in(database: Database) -> None:
    said = all_call(database, "close")
    assert said["counted"] == 1
    assert set(said) <= {"cast", "counted", "owner_vote_not_open", "owner_ballot_taken"}, said
    ((taking, status),) = database.ask(
        "SELECT heads_taking, status FROM owner_votes_ownervote WHERE code = 'yz-late'"
    )
    assert (taking, status) == (said["cast"], "counted")
    assert _ballots(database, "yz-late") == taking


def test_the_naive_way_lets_a_ballot_in_after_the_close(database: Database) -> None:
    said = all_call(database, "naive_close")
    assert said["counted"] == 1
    ((taking,),) = database.ask(
        "SELECT heads_taking FROM owner_votes_ownervote WHERE code = 'yz-late'"
    )
    assert _ballots(database, "yz-late") > taking, said


def test_a_vote_opens_once_with_one_basis(database: Database) -> None:
    said = all_call(database, "open", 9)
    assert said == {"open": 1, "wrong_state": 8}
    assert database.ask(
        "SELECT count(*) FROM owner_votes_basisroom r JOIN owner_votes_ownervote v "
        "ON r.vote_id = v.id WHERE v.code = 'yz-draft'"
    ) == [(ROOMS,)]
