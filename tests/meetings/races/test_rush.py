"""Several processes with threads at one moment: a meeting closes once, numbers have no gap.

The naive ways beside them are the controls: they must close more than once, and give a number twice.
"""

import json
from collections import Counter
from itertools import pairwise

import pytest

from tests.imports.races.databases import Database
from tests.imports.races.processes import Process
from tests.meetings.races.sizes import CALLERS, MEETINGS, PROCESSES, RESOLUTIONS

pytestmark = pytest.mark.slow
RUNNER = "tests.meetings.races.runner"


def all_call(database: Database, verb: str, callers: int) -> Counter[str]:
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


def test_a_meeting_closes_once_under_fifty_callers(database: Database) -> None:
    said = all_call(database, "close", CALLERS)
    # No lock error, no deadlock: nobody was answered anything else.
    assert said == {"minutes_draft": 1, "wrong_state": CALLERS - 1}
    closed = "SELECT id FROM meetings_jointmeeting WHERE code = 'lx-close'"
    assert database.ask(
        f"SELECT count(*) FROM meetings_minutesrevision WHERE meeting_id = ({closed})"
    ) == [(1,)]
    moves = (
        "SELECT count(*) FROM core_transition WHERE model = 'meetings.JointMeeting' "
        f"AND move = 'close' AND object_id = ({closed})"
    )
    assert database.ask(moves) == [(1,)]


def test_the_naive_closing_closes_more_than_once(database: Database) -> None:
    said = all_call(database, "naive_close", CALLERS)
    wrote = said["minutes_draft"] + said["IntegrityError"]
    assert wrote > 1, said


def test_meetings_are_numbered_without_a_gap(database: Database) -> None:
    said = all_call(database, "notice", MEETINGS)
    failed = said.pop("rolled back")
    assert failed == MEETINGS // 5
    rows = database.ask(
        "SELECT year, number FROM meetings_jointmeeting WHERE code LIKE 'lx-draft-%' "
        "AND number IS NOT NULL ORDER BY year, number"
    )
    assert Counter(f"{year}-{number}" for year, number in rows) == said
    by_year: dict[int, list[int]] = {}
    for year, number in rows:
        by_year.setdefault(year, []).append(number)
    assert len(by_year) == 2
    for numbers in by_year.values():
        assert numbers == list(range(1, len(numbers) + 1))


def test_resolutions_are_numbered_without_a_gap_by_community_and_year(database: Database) -> None:
    """Of several meetings at once: no meeting's own lock keeps them apart."""
    said = all_call(database, "resolve", RESOLUTIONS)
    assert said.pop("rolled back") == RESOLUTIONS // 5
    rows = database.ask("SELECT community_id, year, number FROM meetings_resolution")
    assert Counter(f"{community}-{year}-{number}" for community, year, number in rows) == said
    by_series: dict[tuple[int, int], list[int]] = {}
    for community, year, number in sorted(rows):
        by_series.setdefault((community, year), []).append(number)
    assert len(by_series) == 4
    for numbers in by_series.values():
        assert numbers == list(range(1, len(numbers) + 1))


def test_the_naive_numbering_gives_a_number_twice(database: Database) -> None:
    said = all_call(database, "naive_number", MEETINGS)
    assert said["IntegrityError"] or max(said.values()) > 1, said
