"""A worker that is killed while it gives places or reminds: done once, not twice, not never."""

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from tests.education.races.sizes import FULL_EVENTS, PLACES, WAITING
from tests.imports.races.databases import Database
from tests.imports.races.processes import Outcome, Process

pytestmark = pytest.mark.slow

RUNNER = "tests.education.races.runner"
MORE = 5
Copies = Callable[[Database], AbstractContextManager[Database]]


def routine(database: Database, name: str) -> Process:
    return Process(database, "routine", name, hold=["ready"], runner=RUNNER)


def whole(process: Process) -> tuple[Outcome, float]:
    """How it ended, and how long it took from its start to its end."""
    assert process.reaches("ready")
    process.let_go()
    assert process.reaches("done")
    seconds = process.seconds("ready", "done")
    outcome = process.finish()
    assert (outcome.status, outcome.complained) == (0, "")
    return outcome, seconds


def killed(process: Process, after: float) -> None:
    """Lets it go and kills it so many seconds later, or finds it done."""
    assert process.reaches("ready")
    process.let_go()
    process.outlasts("ready", after)
    process.kill()


def moments(seconds: float, seed: int) -> Iterator[float]:
    """Eight, spread over the run."""
    chance = random.Random(seed)
    for part in range(8):
        yield (part + chance.random()) / 8 * seconds


def promoted(database: Database) -> list[tuple[str, int, int, int]]:
    """Of each full event: who is confirmed, who was promoted, and how many were told of it."""
    found = []
    for code in FULL_EVENTS:
        of = f"(SELECT id FROM education_legaleducationevent WHERE code = '{code}')"
        mine = f"(SELECT id FROM education_registration WHERE event_id = {of})"
        counts = (
            f"SELECT count(*) FROM education_registration WHERE status = 'confirmed' "
            f"AND event_id = {of}",
            f"SELECT count(*) FROM core_transition WHERE move = 'promote' AND object_id IN {mine}",
            f"SELECT count(*) FROM messaging_inboxmessage WHERE template = 'event_promoted' "
            f"AND about_id = {of}",
        )
        found.append((code, *(database.ask(sql)[0][0] for sql in counts)))
    return found


def raise_capacities(database: Database) -> None:
    """As a spreadsheet would: past the verb that gives the new places at once."""
    database.do(
        f"UPDATE education_legaleducationevent SET capacity = {PLACES + MORE} "
        "WHERE code LIKE 'pf-full-%'"
    )


ALL_GIVEN = [(code, PLACES + MORE, MORE, MORE) for code in FULL_EVENTS]


def test_places_left_over_are_given_once(town: Database, copies: Copies) -> None:
    with copies(town) as database:
        raise_capacities(database)
        outcome, seconds = whole(routine(database, "give_left_places"))
        assert outcome.answer == MORE * len(FULL_EVENTS)
        assert promoted(database) == ALL_GIVEN
        assert whole(routine(database, "give_left_places"))[0].answer == 0
        assert promoted(database) == ALL_GIVEN
    for after in moments(seconds, 1):
        with copies(town) as database:
            raise_capacities(database)
            killed(routine(database, "give_left_places"), after)
            database.wait_until_quiet()
            for _, confirmed, moved, told in promoted(database):
                # Of each event everything or nothing.
                assert (confirmed, moved, told) in ((PLACES, 0, 0), (PLACES + MORE, MORE, MORE))
            whole(routine(database, "give_left_places"))
            assert promoted(database) == ALL_GIVEN, after


def test_two_workers_at_once_give_each_place_once(town: Database, copies: Copies) -> None:
    with copies(town) as database:
        raise_capacities(database)
        workers = [routine(database, "give_left_places") for _ in range(3)]
        for worker in workers:
            assert worker.reaches("ready")
        for worker in workers:
            worker.let_go()
        outcomes = [worker.finish() for worker in workers]
        assert [(o.status, o.complained) for o in outcomes] == [(0, "")] * 3
        assert sum(o.answer for o in outcomes) == MORE * len(FULL_EVENTS)
        assert promoted(database) == ALL_GIVEN


def reminded(database: Database) -> list[tuple[int, int]]:
    """How many messages and how many people of each event."""
    sql = (
        "SELECT count(*), count(DISTINCT user_id) FROM messaging_inboxmessage "
        "WHERE template = 'event_reminder' GROUP BY about_id ORDER BY about_id"
    )
    return database.ask(sql)  # type: ignore[return-value]


def test_everybody_is_reminded_once(town: Database, copies: Copies) -> None:
    expected = [(PLACES, PLACES)] * len(FULL_EVENTS)
    with copies(town) as database:
        outcome, seconds = whole(routine(database, "remind_of_events"))
        assert outcome.answer == PLACES * len(FULL_EVENTS)
        assert reminded(database) == expected
    for after in moments(seconds, 2):
        with copies(town) as database:
            killed(routine(database, "remind_of_events"), after)
            database.wait_until_quiet()
            assert set(reminded(database)) <= {(PLACES, PLACES)}
            whole(routine(database, "remind_of_events"))
            assert reminded(database) == expected, after


def test_a_place_given_up_is_never_nobodys(town: Database, copies: Copies) -> None:
    """Killed while people withdraw: each withdrawal has promoted somebody, or has not been."""
    event = FULL_EVENTS[0]

    def start(database: Database) -> Process:
        return Process(database, "withdraw", event, hold=["ready"], runner=RUNNER)

    with copies(town) as database:
        _, seconds = whole(start(database))
    for after in moments(seconds, 3):
        with copies(town) as database:
            killed(start(database), after)
            database.wait_until_quiet()
            states = database.ask(
                "SELECT r.status, count(*) FROM education_registration r "
                "JOIN education_legaleducationevent e ON e.id = r.event_id "
                f"WHERE e.code = '{event}' GROUP BY 1"
            )
            count = dict(states)
            gone = count.get("withdrawn", 0)
            assert count["confirmed"] == PLACES
            assert count["waitlisted"] == WAITING - gone
            assert promoted(database)[0][2:] == (gone, gone)
