"""Two processes that tell the same people of the same thing at once: each is told once."""

import pytest

from tests.imports.races.databases import Database
from tests.messaging.races.conftest import Sender
from tests.messaging.races.world import MESSAGES

pytestmark = pytest.mark.slow


def told(database: Database) -> list[int]:
    """How often each resident was told of the cancelled event."""
    rows = database.ask(
        "SELECT count(*) FROM messaging_delivery WHERE template = 'event_cancelled' "
        "GROUP BY resident_id"
    )
    return [int(count) for (count,) in rows]


def test_the_second_waits_for_the_first_and_tells_nobody(copies):
    with copies() as database:
        first = Sender(database, "tell", hold=["told"])
        assert first.reaches("told")
        second = Sender(database, "tell")
        # It may neither tell them again nor take it that they are told: the first may roll back.
        assert second.reaches("ready")
        assert not second.reaches("told", within=2)
        assert second.runs
        first.let_go()
        outcomes = [first.finish(), second.finish()]
        assert [outcome.status for outcome in outcomes] == [0, 0]
        assert [int(outcome.said) for outcome in outcomes] == [MESSAGES, 0]
        assert told(database) == [1] * MESSAGES


def test_when_the_first_is_killed_before_its_commit_the_second_tells_them(copies):
    with copies() as database:
        first = Sender(database, "tell", hold=["told"])
        assert first.reaches("told")
        first.kill()
        database.wait_until_quiet()
        assert told(database) == []
        second = Sender(database, "tell").finish()
        assert (second.status, int(second.said)) == (0, MESSAGES)
        assert told(database) == [1] * MESSAGES


def test_control_who_only_looks_first_tells_them_twice(copies):
    with copies() as database:
        both = [Sender(database, "naive_tell", hold=["looked"]) for _ in range(2)]
        assert all(teller.reaches("looked") for teller in both)
        for teller in both:
            teller.let_go()
        assert [teller.finish().status for teller in both] == [0, 0]
        assert told(database) == [2] * MESSAGES
