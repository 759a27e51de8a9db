"""A flood of tokens that open nothing: refused unseen, and those who have a good one go on."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backend.accounts import bad_tokens
from backend.accounts.keys import MARK
from backend.accounts.rates import COUNTER
from backend.people.models import User
from tests.accounts.conftest import App

pytestmark = pytest.mark.django_db
LIMIT = 4
ASKED = {"query": "{ me { username } }"}


@pytest.fixture(autouse=True)
def _limited(settings: Any, one_minute: None) -> Iterator[None]:
    settings.INVALID_TOKEN_REQUESTS_PER_MINUTE = LIMIT
    COUNTER.forget()
    bad_tokens.REGULARS.forget()
    yield
    COUNTER.forget()
    bad_tokens.REGULARS.forget()


def ask(address: str = "10.1.1.1", **headers: str) -> Any:
    client = Client(REMOTE_ADDR=address)
    return client.post("/graphql/", ASKED, content_type="application/json", headers=headers)


def flood(number: int, address: str = "10.1.1.1") -> list[int]:
    """The statuses of so many requests, by session tokens and by keys in turn."""
    kinds = ({"X-Session-Token": "made-up-%d"}, {"Authorization": f"Bearer {MARK}_made_up%d"})
    return [
        ask(address, **{name: value % turn for name, value in kinds[turn % 2].items()}).status_code
        for turn in range(number)
    ]


def token_of(name: str) -> str:
    app = App()
    given = {"username": name, "password": f"demo-{name}"}
    return str(app.post("/auth/login", given).json()["meta"]["session_token"])


def test_beyond_the_limit_it_is_429_in_the_usual_shape_and_costs_nothing(worker: User) -> None:
    assert flood(LIMIT) == [401] * LIMIT
    # The one that is too many is counted; from there on nothing is looked up.
    assert flood(1) == [429]
    with CaptureQueriesContext(connection) as captured:
        answer = ask(**{"X-Session-Token": "another"})
    assert answer.status_code == 429
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "too_many_requests"
    assert 0 < error["extensions"]["retryAfter"] <= 60
    assert answer["Retry-After"] == str(error["extensions"]["retryAfter"])
    assert "WWW-Authenticate" not in answer
    assert len(captured) == 0


def test_others_are_not_shut_out(worker: User) -> None:
    token = token_of("worker")
    me = {"data": {"me": {"username": "worker"}}}
    assert ask(**{"X-Session-Token": token}).json()["data"] == me["data"]
    flood(3 * LIMIT)
    assert ask(**{"X-Session-Token": token}).json()["data"] == me["data"], "a regular caller"
    assert ask().status_code == 200, "who brings no token"
    page = Client(REMOTE_ADDR="10.1.1.1")
    page.force_login(worker)
    answer = page.get("/graphql/", headers={"Accept": "text/html"})
    assert answer.status_code == 200, "a session by cookie"
    assert flood(1, address="10.1.1.2") == [401], "another address"
    newcomer = ask(**{"X-Session-Token": token_of("worker")})
    assert newcomer.status_code == 429, "the price: a newcomer waits"


def test_a_regulars_token_that_has_ended_is_refused_still(worker: User) -> None:
    token = token_of("worker")
    assert ask(**{"X-Session-Token": token}).status_code == 200
    worker.is_active = False
    worker.save()
    flood(3 * LIMIT)
    assert ask(**{"X-Session-Token": token}).status_code in (401, 429)


def test_no_limit_is_none(worker: User, settings: Any) -> None:
    """The control."""
    settings.INVALID_TOKEN_REQUESTS_PER_MINUTE = 0
    assert flood(3 * LIMIT) == [401] * 3 * LIMIT
