"""How many requests pass in a minute: counters that share a table stand for processes."""

from typing import Any

import pytest
from django.db import connections
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from backend.accounts import rates
from backend.accounts.models import RequestCount
from backend.accounts.rates import BLOCKS, Counter, where_from, who_calls
from backend.accounts.tasks import clear_sign_ins
from backend.databases import QUEUE
from backend.people.models import User

pytestmark = pytest.mark.django_db

NOON = 29_000_000 * 60.0
LIMIT = 60


def passed(counters: list[Counter], calls: int, caller: str = "user 1", at: float = NOON) -> int:
    """How many of `calls` pass, put to the counters in turn."""
    return sum(
        counters[number % len(counters)].take(caller, LIMIT, at) is None for number in range(calls)
    )


def test_one_process_lets_exactly_the_limit_pass() -> None:
    assert passed([Counter()], 3 * LIMIT) == LIMIT


def test_several_processes_share_the_limit_to_a_block() -> None:
    found = passed([Counter() for _ in range(3)], 6 * LIMIT)
    assert LIMIT <= found <= LIMIT + 3 * (LIMIT // BLOCKS - 1)


def test_processes_that_tell_each_other_nothing_let_all_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control: what the table is for."""
    monkeypatch.setattr(rates, "_tell", lambda caller, minute, more: 0)
    assert passed([Counter() for _ in range(3)], 6 * LIMIT) > 2 * LIMIT


def statements(do: Any) -> int:
    alias = QUEUE if QUEUE in connections.databases else "default"
    with CaptureQueriesContext(connections[alias]) as captured:
        do()
    return sum(1 for query in captured if not query["sql"].startswith("SELECT"))


def test_a_quiet_caller_costs_no_write_and_a_refused_one_none_either() -> None:
    counter = Counter()
    block = LIMIT // BLOCKS
    assert statements(lambda: passed([counter], block - 1)) == 0
    assert not RequestCount.objects.exists()
    # A block's last call tells of them all.
    assert 0 < statements(lambda: passed([counter], 1)) < 8
    assert RequestCount.objects.get().count == block
    passed([counter], 2 * LIMIT)
    assert statements(lambda: passed([counter], 500)) == 0


def test_the_next_minute_begins_anew_in_the_same_row() -> None:
    counters = [Counter(), Counter()]
    assert passed(counters, 3 * LIMIT) >= LIMIT
    assert counters[0].take("user 1", LIMIT, NOON + 42) == 18, "seconds to the end of the minute"
    assert passed(counters, 3 * LIMIT, at=NOON + 60) >= LIMIT
    assert RequestCount.objects.count() == 1


def test_callers_do_not_count_for_each_other() -> None:
    counter = Counter()
    assert passed([counter], 2 * LIMIT) == LIMIT
    assert passed([counter], 2 * LIMIT, "user 2") == LIMIT
    assert all(counter.take("user 3", 0, NOON) is None for _ in range(1000)), "0 is no limit"


def test_who_cannot_count_lets_pass(monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    from django.db import OperationalError

    def broken(*args: Any, **kwargs: Any) -> int:
        raise OperationalError("database is locked")

    monkeypatch.setattr(rates.gate, "change_notes", broken)
    assert passed([Counter()], LIMIT) == LIMIT
    assert "were not counted" in caplog.text


def test_a_caller_is_a_key_a_user_or_an_address(worker: User) -> None:
    def request(address: str = "203.0.113.9") -> Any:
        return RequestFactory().post("/graphql/", REMOTE_ADDR=address)

    mark, known = who_calls(request())
    assert not known
    assert "203.0.113.9" not in mark
    assert mark == where_from(request()) != where_from(request("203.0.113.10"))
    home = where_from(request("2001:db8:1:2::1"))
    assert home == where_from(request("2001:db8:1:2:ffff::9")), "one network, one caller"
    assert home != where_from(request("2001:db8:1:3::1"))
    signed_in = request()
    signed_in.user = worker
    assert who_calls(signed_in) == (f"user {worker.pk}", True)
    signed_in.api_key = type("Key", (), {"pk": 7})()
    assert who_calls(signed_in) == ("key 7", True)


def test_counts_of_minutes_long_over_are_cleared_away() -> None:
    passed([Counter()], LIMIT, at=NOON)
    assert RequestCount.objects.exists()
    clear_sign_ins.func()
    assert not RequestCount.objects.exists()
