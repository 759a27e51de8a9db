"""What a request may cost: rows and aliases, over all the operations of one POST."""

from typing import Any

import pytest
from django.test import Client

from backend.education.models import LegalEducationEvent
from backend.people.models import User
from schema.main import costs
from schema.main.costs import MAX_ALIASES
from tests.schema.asking import MAIN, OPEN, ask, caller, code, data

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small_purse(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A purse that small queries empty."""
    if "whole_purse" not in request.fixturenames:
        monkeypatch.setattr(costs, "MAX_ROWS", 5000)


@pytest.fixture
def whole_purse() -> None:
    """The purse as it is."""


def test_two_full_pages_in_one_another_are_an_ordinary_query(
    whole_purse: None, worker: User, event_open: Any
) -> None:
    client = caller(worker)
    assert "errors" not in ask(client, NESTED % (100, INNER % 100))
    deeper = "attendances { edges { node { event { attendances { edges { node { id } } } } } } }"
    assert code(ask(client, NESTED % (100, deeper))) == "query_too_costly"


INNER = "attendances(first: %s) { edges { node { name } } }"
NESTED = "{ legalEducationEvents(first: %s) { edges { node { code %s } } } }"


def aliased(count: int, root: str = "me { username }") -> str:
    return "{ " + " ".join(f"a{n}: {root}" for n in range(count)) + " }"


def batch(client: Client, *queries: str) -> list[Any]:
    body = [{"query": query} for query in queries]
    return client.post(MAIN, body, content_type="application/json").json()


@pytest.mark.parametrize(
    "query",
    [
        NESTED % (100, INNER % 50),
        NESTED % (100, "attendances { edges { node { name } } }"),
        NESTED % (100, INNER % "100, filters: {linked: true}"),
        '{ node(id: "x") { ... on LegalEducationEvent { attendances { edges { node { event {'
        " attendances { edges { node { id } } } } } } } } } }",
        "query ($n: Int = 100) { legalEducationEvents(first: $n) { ...page } }"
        " fragment page on LegalEducationEventConnection { edges { node { ...rows } } }"
        " fragment rows on LegalEducationEvent { attendances(first: 60) { edges { node { id } } } }",
        aliased(30, "legalEducationEvents { edges { node { %s } } }" % (INNER % 2)),
    ],
)
def test_lists_in_lists_that_could_hold_too_much_are_refused(worker: User, query: str) -> None:
    answer = ask(caller(worker), query)
    assert code(answer) == "query_too_costly"
    assert answer["data"] is None
    assert "first" in answer["errors"][0]["message"]


def test_ordinary_lists_are_not_too_much(worker: User, event_open: LegalEducationEvent) -> None:
    client = caller(worker)
    for query in (
        NESTED % (100, INNER % 49),
        NESTED % (50, INNER % 20),
        NESTED % (100, "attendances { totalCount }"),
        aliased(30, "legalEducationEvents { totalCount edges { node { code } } }"),
    ):
        data(client, query)
    by_variable = "query ($n: Int!) { legalEducationEvents { edges { node { attendances(first: $n)"
    by_variable += " { edges { node { id } } } } } } }"
    data(client, by_variable, n=49)
    assert code(ask(client, by_variable, n=50)) == "query_too_costly"


def test_the_operations_of_a_batch_share_one_purse(
    worker: User, event_open: LegalEducationEvent
) -> None:
    client = caller(worker)
    large = NESTED % (100, INNER % 20)
    first, second, third = batch(client, large, large, large)
    assert "errors" not in first
    assert "errors" not in second
    assert code(third) == "query_too_costly"
    half = aliased(MAX_ALIASES // 2 + 1)
    first, second = batch(client, half, half)
    assert "errors" not in first
    assert code(second) == "bad_request"
    assert "errors" not in ask(client, half), "the control: by itself"


def test_aliases_are_few(worker: User, event_open: LegalEducationEvent) -> None:
    client = caller(worker)
    assert "errors" not in ask(client, aliased(MAX_ALIASES))
    assert code(ask(client, aliased(MAX_ALIASES + 1))) == "bad_request"
    doubling = "{ ...f0 } " + " ".join(
        f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }}" for n in range(5)
    )
    doubling += " fragment f5 on Query { a: me { username } }"
    assert code(ask(client, doubling)) == "bad_request", "as often as it is named"


@pytest.mark.parametrize("address", [MAIN, OPEN])
def test_fragments_that_double_each_other_are_refused_at_once(
    worker: User, event_open: LegalEducationEvent, address: str
) -> None:
    client = caller(worker)
    document = "{ ...f0 } " + " ".join(
        f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }}" for n in range(40)
    )
    document += " fragment f40 on Query { legalEducationEvents { totalCount } }"
    assert code(ask(client, document, address)) in ("bad_request", "too_large")
    few = "{ ...a ...a } fragment a on Query { legalEducationEvents { totalCount } }"
    assert "errors" not in ask(client, few, address), "the control"


def test_aliases_of_open_data_are_fewer(event_open: LegalEducationEvent) -> None:
    root = "legalEducationEvents(first: 1) { totalCount }"
    assert "errors" not in ask(caller(), aliased(15, root), OPEN)
    assert code(ask(caller(), aliased(16, root), OPEN)) == "bad_request"
