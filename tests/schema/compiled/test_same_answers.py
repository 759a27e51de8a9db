"""What is compiled answers as ordinary execution does, to the byte: every list, several callers."""

from functools import cache
from typing import Any

import orjson
import pytest
from graphql import OperationType, parse, print_ast

from backend.people.models import User
from schema.journeys import examples
from tests.schema.compiled.both import Both, compiles, fields_of, lists
from tests.schema.statements import MAIN, QUERIES

CALLERS = (None, "resident", "office")
# Of so many fields of all lists' nodes; what is left are attachments, own registrations, keys' scopes.
LEAST_FIELDS, LEAST_SHARE = 600, 0.96
LEAST_LISTS = 44
# Only they have a second page in the demo's data.
LONG = ("attendances", "residents", "serviceBookings", "legalEducationEvents")


@pytest.fixture
def both(demo_worker: User, monkeypatch: pytest.MonkeyPatch) -> Both:
    return Both(monkeypatch)


@cache
def _each() -> dict[str, list[tuple[str, bool]]]:
    """Every field of every list's nodes, and whether it is compiled: seconds, so not while collecting."""
    return {
        name: [
            (chosen, compiles(f"{{ {name} {{ edges {{ node {{ {chosen} }} }} }} }}"))
            for _, chosen in fields_of(node)
        ]
        for name, node in lists().items()
    }


def _documents() -> list[str]:
    """All that is compiled of each list, in two halves: one row has so many values and no more."""
    found = []
    for name, fields in _each().items():
        known = [chosen for chosen, compiled in fields if compiled]
        for half in (known[::2], known[1::2]):
            page = "totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
            node = f"__typename {' '.join(half)}"
            found.append(
                f"{{ {name}(first: 4) {{ {page} edges {{ cursor node {{ {node} }} }} }} }}"
            )
    return found


def test_nearly_every_field_is_compiled() -> None:
    fields = [compiled for one in _each().values() for _, compiled in one]
    assert len(fields) >= LEAST_FIELDS
    assert sum(fields) / len(fields) >= LEAST_SHARE


@pytest.mark.parametrize(
    "who", ["worker", *(pytest.param(who, marks=pytest.mark.slow) for who in CALLERS)]
)
def test_every_list_answers_the_same(both: Both, who: str | None) -> None:
    documents = _documents()
    assert len(documents) >= 2 * LEAST_LISTS
    for document in documents:
        ours, stock = both.ask(who, document)
        assert ours == stock, document
    # What is refused is refused by ordinary execution: lists that are closed to strangers.
    closed = 12 if who is None else 2
    assert both.compiled >= len(documents) - closed


@pytest.mark.parametrize("who", [None, "worker"])
def test_pages_filters_and_orders_answer_the_same(both: Both, who: str | None) -> None:
    cursor = "YXJyYXljb25uZWN0aW9uOjE="  # the second place
    late = "YXJyYXljb25uZWN0aW9uOjk5OTk="
    asked = (
        "first: 0", "first: 1", f'first: 2, after: "{cursor}"', f'after: "{late}"',
        f'first: 5, before: "{cursor}"', "order: {id: DESC}, first: 3", "order: {id: ASC}",
        'filters: {updatedSince: "2025-01-01T00:00:00+08:00"}, first: 3',
    )  # fmt: skip
    compiled = 0
    for name in LONG:
        for arguments in asked:
            if "before" in arguments and "first" not in arguments:
                continue
            page = "totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
            document = f"{{ {name}({arguments}) {{ {page} edges {{ cursor node {{ id }} }} }} }}"
            ours, stock = both.ask(who, document)
            assert ours == stock, document
            compiled += 1
    assert both.compiled >= compiled - (8 if who is None else 0)


FORMS: dict[str, dict[str, Any]] = {
    "query A($yes: Boolean!) { legalEducationEvents(first: 3) { edges { node { code @include(if: $yes) "
    "title @skip(if: $yes) ...F } } } } fragment F on LegalEducationEvent { venue { name } "
    "venue { code } ... on Node { id } }": {"yes": True},
    "query A($yes: Boolean!) { legalEducationEvents(first: 3) { edges { node { code @include(if: $yes) "
    "title @skip(if: $yes) } } } } ": {"yes": False},
    "query A($n: Int = 2, $s: [EventStatus!]) { a: legalEducationEvents(first: $n) { edges { node { t: title "
    "n: title } } } b: legalEducationEvents(first: 1, filters: {status: $s}) { n: totalCount } }": {
        "s": ["OPEN", "HELD"]
    },
    '{ x: legalEducationEvent(code: "pf-held") { __typename id statusLabel(lang: EN) availableActions { '
    "__typename name label allowed reason } } }": {},
    '{ legalEducationEvent(code: "nothing") { id } __typename }': {},
    "{ legalEducationEvents(first: 3) { __typename edges { __typename node { one: attendances(first: 1) { "
    "totalCount edges { node { name } } } two: attendances(first: 2, order: {id: DESC}, filters: {linked: "
    "true}) { pageInfo { hasNextPage } edges { cursor node { resident { name community { code } } } } } } } } }": {},
    "{ legalEducationEvents { totalCount } }": {},
    "{ legalEducationEvents(first: 2) { pageInfo { endCursor } } }": {},
}  # fmt: skip


@pytest.mark.parametrize("document", FORMS, ids=range(len(FORMS)))
def test_every_form_of_a_document_is_compiled(both: Both, document: str) -> None:
    ours, stock = both.ask("worker", document, **FORMS[document])
    assert ours == stock
    assert b'"errors"' not in ours
    assert both.compiled == 1


LEFT = (
    "{ me { username } legalEducationEvents(first: 1) { totalCount } }",
    "{ legalEducationEvents(first: 101) { totalCount } }",
    '{ legalEducationEvents(after: "x") { totalCount edges { node { id } } } }',
    "{ legalEducationEvents(last: 2) { edges { node { code } } } }",
    '{ node(id: "x") { id } }',
    '{ node(id: "TGVnYWxFZHVjYXRpb25FdmVudDo5OTk5OTk5OTk5OTk=") { id } }',
    "{ legalEducationEvents(first: 1) { edges { node { attachments { code } } } } }",
    "query A($d: DateTime!) { legalEducationEvents(filters: {startsFrom: $d}) { totalCount } }",
    "{ __schema { queryType { name } } }",
)


@pytest.mark.parametrize("document", LEFT)
def test_what_is_not_known_is_left_to_ordinary_execution(both: Both, document: str) -> None:
    ours, stock = both.ask("worker", document)
    assert ours == stock
    assert both.compiled == 0


def test_the_queries_of_journeys_and_statements_answer_the_same(both: Both) -> None:
    """Those that need no variable, as whose journey it is."""
    documents = [query for address, query in QUERIES.values() if address == MAIN]
    asked = [("worker", document) for document in documents]
    for journey in examples(open_data=False):
        for one in parse(journey.document).definitions:
            if one.operation is OperationType.QUERY and not one.variable_definitions:
                asked.append((journey.account, print_ast(one)))
    for who, document in asked:
        ours, stock = both.ask(who, document)
        assert ours == stock, document
    assert both.compiled >= len(asked) - 5


def test_an_id_is_looked_up_among_what_the_caller_may_see(both: Both) -> None:
    """One statement for all ids, bound late, and never to another caller's rows."""
    asked = (
        "query N($id: ID!) { node(id: $id) { __typename id ... on LegalEducationEvent { code } } }"
    )
    listed = "{ legalEducationEvents(first: 100) { edges { node { id status } } } }"
    events, _ = both.ask("worker", listed)
    edges = orjson.loads(events)["data"]["legalEducationEvents"]["edges"]
    assert len({edge["node"]["status"] for edge in edges}) > 1
    seen = set()
    for edge in edges:
        for who in (None, "resident", "worker"):
            ours, stock = both.ask(who, asked, id=edge["node"]["id"])
            assert ours == stock
            seen.add((who, b'"node":null' in ours))
    assert seen >= {(None, True), ("worker", False), ("resident", True), ("resident", False)}
