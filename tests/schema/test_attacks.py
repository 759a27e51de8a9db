"""Requests made to hurt: each is refused with a code, without asking the database, and at once.

`refused` is the bound on work: no statement (one for the caller's session where somebody is signed
in), and less than a second of this thread's own time.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from graphql import get_introspection_query

from backend.people.models import User
from tests.schema.asking import MAIN, OPEN, caller
from tests.schema.attacking import BOTH, JSON, LIST, codes_of, post, refused

# Refused before a database is asked; what reaches one is test_attacks_on_values.
pytestmark = [pytest.mark.once, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _nothing_unexpected(caplog: Any) -> Any:
    """Whoever is refused was expected: no exception reached the log."""
    yield
    assert "unexpected" not in caplog.text


# --- documents ------------------------------------------------------------------------------------


def nested(levels: int) -> str:
    return (
        "{ " + f"{LIST} {{ edges {{ node {{ venue {{ " * levels + "id" + " } } } }" * levels + " }"
    )


def fragments(count: int, body: Callable[[int], str], last: str) -> str:
    parts = [f"fragment f{n} on Query {{ {body(n)} }}" for n in range(count)]
    return " ".join(["{ ...f0 }", *parts, f"fragment f{count} on Query {{ {last} }}"])


DOCUMENTS = {
    "deep": nested(6),
    "deeper than the parser recurses": "{ a" * 600 + " }" * 600,
    "deep in inline fragments": "{ " + "... { " * 500 + "__typename" + " }" * 501,
    "deep in a literal": f"{{ {LIST}(community: " + "[" * 900 + "]" * 900 + ") { totalCount } }",
    "deep in an object literal": f"{{ {LIST}(filters: "
    + "{AND: " * 450
    + "{}"
    + "}" * 450
    + ") { totalCount } }",
    "deep in the type of a variable": "query ($x: "
    + "[" * 900
    + "Int"
    + "]" * 900
    + ") { __typename }",
    "wide": "{ " + " ".join(f"a{n}: __typename" for n in range(900)) + " }",
    "aliased": "{ " + " ".join(f"a{n}: {LIST} {{ totalCount }}" for n in range(40)) + " }",
    "aliased through fragments": fragments(
        6, lambda n: f"...f{n + 1} ...f{n + 1}", f"a: {LIST} {{ totalCount }}"
    ),
    "a fragment of itself": "{ ...a } fragment a on Query { ...a }",
    "fragments in a circle": "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }",
    "a circle that nobody names": "{ __typename } fragment a on Query { ...b } fragment b on Query { ...a }",
    "fragments that double": fragments(30, lambda n: f"...f{n + 1} ...f{n + 1}", "__typename"),
    "a chain of fragments": fragments(150, lambda n: f"...f{n + 1}", "__typename"),
    "a fragment that is not there": "{ ...gone }",
    "the same field again and again": f"{{ {LIST} {{ edges {{ node {{ " + "id " * 1500 + "} } } }",
    "the same object again and again": "{ " + f"{LIST} {{ totalCount }} " * 320 + "}",
    "a flood of directives": "{ __typename " + "@a" * 900 + " }",
    "a flood of skips": "{ __typename " + "@skip(if: false) " * 300 + "}",
    "a flood of unknown fields": "{ " + " ".join(f"x{n}" for n in range(900)) + " }",
    "a flood of variables": "query ("
    + " ".join(f"$v{n}: Int" for n in range(500))
    + ") { __typename }",
    "a flood of arguments": f"{{ {LIST}("
    + " ".join(f"x{n}: 1" for n in range(450))
    + ") { totalCount } }",
    "a flood of operations": " ".join(f"query q{n} {{ __typename }}" for n in range(300)),
    "a huge string": f'{{ {LIST}(community: "' + "x" * 200_000 + '") { totalCount } }',
    "a huge block string": f'{{ {LIST}(community: """' + "x\n" * 100_000 + '""") { totalCount } }',
    "a huge name": "{ " + "x" * 60_000 + " }",
    "a huge number": f"{{ {LIST}(first: " + "9" * 5_000 + ") { totalCount } }",
    "a huge comment": "{ __typename } #" + "x" * 200_000,
    "a huge list": f"{{ {LIST}(community: [" + "1," * 1_900 + "]) { totalCount } }",
    "introspection to the bottom": "{ __schema { types { "
    + "fields { type { " * 6
    + "name"
    + " } } " * 6
    + "} } }",
    "introspection of one type to the bottom": '{ __type(name: "Query") { '
    + "fields { type { " * 6
    + "name"
    + " } } " * 6
    + "} }",
    "introspection through fragments": "{ __schema { types { ...a } } } fragment a on __Type { fields"
    " { type { fields { type { fields { type { fields { name } } } } } } } }",
    "introspection many times": "{ "
    + " ".join(f"a{n}: __schema {{ types {{ fields {{ name }} }} }}" for n in range(6))
    + " }",
    "a null byte": f'{{ {LIST}(community: "x\\u0000") {{ totalCount }} }}',
    "a null byte in braces": f'{{ {LIST}(community: "x\\u{{0000}}") {{ totalCount }} }}',
    "a raw null byte": "{ __typename \x00 }",
    "half a surrogate": f'{{ {LIST}(community: "\\uD800") {{ totalCount }} }}',
    "an open string": f'{{ {LIST}(community: "x',
    "no document": "   ",
    "a schema": "type Query { x: Int }",
    "a subscription": "subscription { x }",
    "page: below nothing": f"{{ {LIST}(first: -1) {{ edges {{ node {{ id }} }} }} }}",
    "page: too large": f"{{ {LIST}(first: 1000) {{ edges {{ node {{ id }} }} }} }}",
    "page: beyond 32 bits": f"{{ {LIST}(first: 4294967296) {{ edges {{ node {{ id }} }} }} }}",
    "page: beyond 64 bits": f"{{ {LIST}(last: 99999999999999999999) {{ edges {{ node {{ id }} }} }} }}",
    "page: a fraction": f"{{ {LIST}(first: 1.5) {{ edges {{ node {{ id }} }} }} }}",
}


@BOTH
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_made_to_hurt_is_refused(name: str, address: str) -> None:
    assert refused(lambda: post(address, DOCUMENTS[name])) <= {
        *("bad_request", "too_large", "query_too_costly", "bad_page"),
    }


@BOTH
def test_what_looks_like_them_and_is_ordinary_is_answered(address: str, event_open: Any) -> None:
    """The control: the refusals above are not for everything."""
    for query in (
        get_introspection_query(),
        "{ " + f"{LIST} {{ edges {{ node {{ venue {{ id }} }} }} }}" + " }",
        "{ " + " ".join(f"a{n}: {LIST} {{ totalCount }}" for n in range(15)) + " }",
        fragments(20, lambda n: f"...f{n + 1}", "__typename"),
        f'{{ {LIST}(first: 1) {{ edges {{ node {{ {"id " * 100} }} }} }} }} # "{{{{{{"',
        f"{{ {LIST} {{ totalCount }} }}" + " " * 2_000,
        "{ __typename " + "@skip(if: false) @include(if: true)" + " }",
    ):
        answer = post(address, query)
        assert answer.status_code == 200, answer.content[:300]
        assert "errors" not in answer.json(), answer.content[:300]


# --- variables ------------------------------------------------------------------------------------


def boxes(depth: int, kind: str) -> Any:
    found: Any = "x"
    for _ in range(depth):
        found = [found] if kind == "list" else {"AND": found}
    return found


VARIABLES = {
    "deep lists": {"f": boxes(500, "list")},
    "deep objects": {"f": boxes(500, "object")},
    "a hundred thousand values": {"f": {"status": ["OPEN"] * 100_000}},
    "a hundred thousand names": {"f": {f"x{n}": 1 for n in range(100_000)}},
    "a null byte": {"f": {"search": "x\u0000"}},
    "a null byte in a name": {"f": {"x\u0000": 1}},
    "a list for an object": {"f": [1, 2]},
    "a number for an object": {"f": 1},
    "a huge number": {"f": {"status": 10**400}},
    "another enum": {"f": {"status": ["NOTHING"]}},
    "no variable": {},
}
FILTERED = {
    MAIN: f"query ($f: LegalEducationEventFilter!) {{ {LIST}(filters: $f) {{ totalCount }} }}",
    OPEN: f"query ($f: String!) {{ {LIST}(community: $f) {{ totalCount }} }}",
}


@BOTH
@pytest.mark.parametrize("name", VARIABLES)
def test_variables_of_an_odd_shape_are_refused(name: str, address: str) -> None:
    found = refused(lambda: post(address, FILTERED[address], VARIABLES[name]))
    assert found <= {"bad_request", "too_large"}


@pytest.mark.parametrize("level", [15, 19])
def test_filters_in_filters_are_bounded(level: int, worker: User) -> None:
    """What the shape admits must be bounded by what comes after it."""
    response = post(MAIN, FILTERED[MAIN], {"f": boxes(level, "object")}, caller(worker))
    assert response.status_code < 500
    assert "internal" not in codes_of(response)


# --- bodies, content types, methods ---------------------------------------------------------------

BODIES: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"{bad",
    "not UTF-8": b'{"query": "{ \xff }"}',
    "UTF-16": '{"query": "{ __typename }"}'.encode("utf-16"),
    "a text": b'"{ __typename }"',
    "a number": b"1",
    "null": b"null",
    "an empty list": b"[]",
    "a list of numbers": b"[1, 2]",
    "a list of nulls": b"[null]",
    "no query": b"{}",
    "a query that is a number": b'{"query": 1}',
    "a query that is a list": b'{"query": ["{ __typename }"]}',
    "variables that are a list": b'{"query": "{ __typename }", "variables": [1]}',
    "variables that are a text": b'{"query": "{ __typename }", "variables": "{}x"}',
    "a name that is a number": b'{"query": "{ __typename }", "operationName": 7}',
    "a name that is not there": b'{"query": "query a { __typename }", "operationName": "b"}',
    "two operations and no name": b'{"query": "query a { __typename } query b { __typename }"}',
    "extensions that are a list": b'{"query": "{ __typename }", "extensions": [1]}',
    "not a number": b'{"query": "{ __typename }", "variables": {"x": NaN}}',
    "half a surrogate": b'{"query": "{ __typename }", "variables": {"x": "\\ud800"}}',
    "ten thousand brackets": b"[" * 10_000,
    "deep JSON": b'{"query": "{ __typename }", "variables": '
    + b'{"a":' * 5_000
    + b"1"
    + b"}" * 5_001,
}


@BOTH
@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_no_question_is_refused(name: str, address: str) -> None:
    found = refused(lambda: caller().post(address, BODIES[name], content_type=JSON))
    assert found == {"bad_request"}


@BOTH
@pytest.mark.parametrize(
    "kind",
    [
        *("", "text/plain", "text/html", "application/xml", "application/octet-stream"),
        *("application/jsonx", "x/application/json", "multipart/form-data", "nonsense"),
        "multipart/form-data; boundary=" + "x" * 300,
    ],
)
def test_another_content_type_is_refused(kind: str, address: str) -> None:
    body = b'{"query": "{ __typename }"}'
    assert refused(lambda: caller().post(address, body, content_type=kind)) == {"bad_request"}


@BOTH
@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_another_method_is_refused(method: str, address: str) -> None:
    response = getattr(caller(), method)(address)
    assert response.status_code == 405
    assert codes_of(response) == {"bad_request"}


@BOTH
def test_a_form_of_thousands_of_fields_is_refused(address: str) -> None:
    form = {f"x{n}": "1" for n in range(2_000)}
    assert refused(lambda: caller().post(address, form)) == {"bad_request"}


MAPS = [
    ("{}", "[]"),
    ("[]", "{}"),
    ("null", "null"),
    ("{bad", "{}"),
    ('{"query": "{ __typename }"}', '{"0": ["variables.file"]}'),
    ('{"query": "{ __typename }"}', '{"0": 5}'),
    ('{"query": "{ __typename }", "variables": {"a": 1}}', '{"0": ["variables.a.b.c"]}'),
    ('{"query": "{ __typename }", "variables": {"a": [1]}}', '{"0": ["variables.a.99999999"]}'),
    ('{"query": "{ __typename }"}', '{"0": ["query"]}'),
    ('[{"query": "{ __typename }"}]', '{"0": ["x.query"]}'),
]


@pytest.mark.parametrize(("operations", "places"), MAPS)
def test_an_upload_whose_parts_do_not_fit_is_refused(operations: str, places: str) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    form = {"operations": operations, "map": places, "0": SimpleUploadedFile("a.xlsx", b"x")}
    assert refused(lambda: caller().post(MAIN, form)) == {"bad_request"}


def test_a_batch_is_short_and_shares_what_it_may_cost() -> None:
    def batch(*queries: str) -> Any:
        body = json.dumps([{"query": query} for query in queries])
        return caller().post(MAIN, body, content_type=JSON)

    assert refused(lambda: batch(*["{ __typename }"] * 11)) == {"bad_request"}
    wide = "{ " + "__typename " * 200 + "}"
    assert codes_of(batch(wide, wide, wide, wide)) == {"bad_request"}
    assert "errors" not in batch(wide, wide).json()[1], "the control"
    whole = get_introspection_query()
    assert codes_of(batch(*[whole] * 8)) <= {"query_too_costly", "bad_request"}
    body = json.dumps([{"query": "{ __typename }"}])
    assert codes_of(caller().post(OPEN, body, content_type=JSON)) == {"bad_request"}


# --- by GET, and with somebody else's cookie ------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [
        {"query": "{"},
        {"query": "{ __typename }", "variables": "{bad"},
        {"query": "{ __typename }", "variables": "[1]"},
        {"query": "query ($x: Int) { __typename }", "variables": "1"},
        {"query": "{ __typename \x00 }"},
        {"query": "mutation { x }"},
        {"query": "subscription { x }"},
        {"query": "{ " + "__typename " * 800 + "}"},
        {},
    ],
)
def test_a_get_made_to_hurt_is_refused(given: dict[str, str]) -> None:
    assert refused(lambda: caller().get(OPEN, given)) <= {"bad_request", "too_large"}


def test_a_subscription_that_comes_as_a_query_is_told_where_to_go(worker: User) -> None:
    query = 'subscription { slot(code: "a") { placesLeft } }'
    response = post(MAIN, query, None, caller(worker))
    assert codes_of(response) == {"bad_request"}
    assert "text/event-stream" in response.content.decode()
    assert response.json()["data"] is None


def test_the_main_api_answers_nothing_by_get(worker: User) -> None:
    for query in ("{ me { username } }", "mutation { x }"):
        response = caller(worker).get(MAIN, {"query": query})
        assert response.status_code == 405
        assert codes_of(response) == {"bad_request"}


FORGED = [
    ("text/plain", b'{"query": "{ me { username } }"}'),
    ("application/x-www-form-urlencoded", b"query={me{username}}"),
    (JSON, b'{"query": "{ me { username } }"}'),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="operations"'
     b'\r\n\r\n{"query": "{ me { username } }"}\r\n--x--'),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "body"), FORGED)
def test_a_page_of_another_site_gets_nothing_with_a_cookie(
    kind: str, body: bytes, worker: User
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(worker)
    response = client.post(MAIN, body, content_type=kind, HTTP_ORIGIN="https://evil.example.org")
    assert response.status_code == 403
    assert codes_of(response) == {"csrf_failed"}
    assert worker.username not in response.content.decode()


def test_a_forged_header_is_no_token(worker: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(worker)
    for headers in (
        {"HTTP_X_CSRFTOKEN": "x" * 32},
        {"HTTP_X_SESSION_TOKEN": "x" * 32},
        {"HTTP_AUTHORIZATION": "Bearer llk_x_y"},
        {"HTTP_AUTHORIZATION": "Bearer other"},
    ):
        response = client.post(
            MAIN, b'{"query": "{ me { username } }"}', content_type=JSON, **headers
        )
        assert response.status_code in (401, 403)
        assert codes_of(response) <= {"csrf_failed", "session_invalid", "key_invalid"}
