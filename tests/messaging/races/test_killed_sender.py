"""A sender that is killed, and two at once: every message once, not twice, not never."""

import random
import time
from collections import Counter

import orjson
import pytest

from tests.imports.races.databases import Database
from tests.messaging.races.conftest import Sender
from tests.messaging.races.world import MESSAGES

pytestmark = pytest.mark.slow


def handed_over(database: Database) -> Counter[str]:
    """How often each message stands in the outbox."""
    lines = [
        line
        for path in (database.folder / "outbox").glob("*.jsonl")
        for line in path.read_bytes().splitlines(keepends=True)
        # The line that is being written is none yet.
        if line.endswith(b"\n")
    ]
    return Counter(orjson.loads(line)["reference"] for line in lines)


def sends_the_rest(database: Database, command: str = "send") -> None:
    outcome = Sender(database, command).finish()
    assert (outcome.status, outcome.complained) == (0, "")


def each_once(database: Database) -> bool:
    counted = handed_over(database)
    states = database.ask("SELECT state, address, count(*) FROM messaging_delivery GROUP BY 1, 2")
    return (
        len(counted) == MESSAGES
        and set(counted.values()) == {1}
        and [(state, address, int(n)) for state, address, n in states] == [("sent", "", MESSAGES)]
    )


def test_killed_at_ten_moments_it_has_sent_each_once_in_the_end(copies):
    with copies() as database:
        whole = Sender(database, "send")
        assert whole.reaches("done")
        assert whole.finish().status == 0
        assert each_once(database)
    chance = random.Random(3)
    a_message = whole.seconds("ready", "done") / MESSAGES
    cut_short = 0
    for part in range(10):
        # So many messages, and a part of another one: however busy the machine is.
        so_many = int((part + chance.random()) / 10 * MESSAGES)
        with copies() as database:
            process = Sender(database, "send")
            while process.runs and handed_over(database).total() < so_many:
                time.sleep(0.001)
            time.sleep(chance.uniform(0, a_message))
            process.kill()
            database.wait_until_quiet()
            cut_short += handed_over(database).total() < MESSAGES
            sends_the_rest(database)
            assert each_once(database), so_many
    assert cut_short >= 5, "the kills came too late to prove anything"


@pytest.mark.parametrize("point", ["taken", "written"])
def test_killed_between_taking_handing_over_and_writing_down_it_sends_once(copies, point):
    with copies() as database:
        process = Sender(database, "send", hold=[point])
        assert process.reaches(point)
        process.kill()
        assert len(handed_over(database)) == (1 if point == "written" else 0)
        sends_the_rest(database)
        assert each_once(database)
        # The one in the dead worker's hands was tried again, by the same name.
        tries = database.ask("SELECT tries FROM messaging_delivery ORDER BY tries DESC LIMIT 2")
        assert [int(n) for (n,) in tries] == [2, 1]


@pytest.mark.parametrize(
    ("command", "point", "times"), [("naive_after", "written", 2), ("naive_before", "taken", 0)]
)
def test_control_without_a_lease_the_same_kill_sends_twice_or_never(copies, command, point, times):
    with copies() as database:
        process = Sender(database, command, hold=[point])
        assert process.reaches(point)
        process.kill()
        sends_the_rest(database, command)
        counted = handed_over(database)
        assert MESSAGES - len(counted) == (1 if times == 0 else 0)
        assert max(counted.values()) == max(times, 1)


def test_two_senders_at_once_send_each_once(copies, monkeypatch):
    # So long that neither may believe the other one dead.
    monkeypatch.setenv("LINLI_DELIVERY_LEASE_SECONDS", "60")
    with copies() as database:
        both = [Sender(database, "send", hold=["ready"]) for _ in range(2)]
        assert all(sender.reaches("ready") for sender in both)
        for sender in both:
            sender.let_go()
        assert [sender.finish().status for sender in both] == [0, 0]
        assert each_once(database)
        assert database.ask("SELECT max(tries) FROM messaging_delivery") == [(1,)]


def test_control_two_that_take_nothing_send_everything_twice(copies):
    with copies() as database:
        first, second = (Sender(database, "naive_together", hold=["looked"]) for _ in range(2))
        assert first.reaches("looked")
        assert second.reaches("looked")
        first.let_go()
        second.let_go()
        assert [first.finish().status, second.finish().status] == [0, 0]
        assert set(handed_over(database).values()) == {2}
