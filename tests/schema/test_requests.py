"""What a request may be, before any GraphQL: size, rate, trusted documents, origins; and its price."""

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backend.accounts.rates import COUNTER
from backend.people.models import User
from schema.main.costs import MAX_ROWS
from schema.main.trusted import hash_of
from tests.schema.asking import MAIN, OPEN, ask, caller, code, data

pytestmark = pytest.mark.django_db

ME = "{ me { username } }"
ANY = "{ communities { totalCount } }"


@pytest.fixture(autouse=True)
def _fresh_counts() -> Any:
    COUNTER.forget()
    yield
    COUNTER.forget()


# --- price and budget -----------------------------------------------------------------------------


def price(client: Client, query: str) -> int:
    cost = ask(client, query)["extensions"]["cost"]
    assert cost["budget"] == MAX_ROWS
    return int(cost["price"])


def test_every_answer_tells_its_price_and_the_budget(worker: User, event_open: Any) -> None:
    client = caller(worker)
    assert price(client, ME) == 0
    assert price(client, "{ legalEducationEvents { totalCount } }") == 1
    assert price(client, "{ legalEducationEvents(first: 7) { edges { node { code } } } }") == 7
    nested = "{ legalEducationEvents(first: 7) { edges { node { attendances(first: 3) { edges {"
    assert price(client, nested + " node { id } } } } } } }") == 7 * (1 + 3)
    assert price(client, '{ __type(name: "Query") { name } }') == 200


def test_a_refused_one_tells_them_too(worker: User) -> None:
    answer = ask(caller(worker), "{ __schema { queryType { name } } " * 1 + " ".join(
        f"a{n}: __schema {{ queryType {{ name }} }}" for n in range(4)
    ) + " }")  # fmt: skip
    assert code(answer) == "query_too_costly"
    assert answer["extensions"]["cost"] == {"price": 25_000, "budget": MAX_ROWS}


def test_lists_without_pages_are_paid_for_at_every_level(worker: User) -> None:
    level = "jointMeetings(first: 10) { edges { node { resolutions { meeting { resolutions {"
    deep = f"{{ {level} meeting {{ resolutions {{ meeting {{ resolutions {{ id }} }} }} }} }} }} }} }} }} }} }}"
    answer = ask(caller(worker), deep)
    assert code(answer) == "query_too_costly", "ten times ten times ten"


# --- how large, how often -------------------------------------------------------------------------


@pytest.mark.parametrize("address", [MAIN, OPEN])
def test_a_large_body_is_refused_before_it_is_read(address: str, settings: Any) -> None:
    settings.GRAPHQL_MAX_BODY_BYTES = 2000
    body = json.dumps({"query": ANY, "variables": {"x": "x" * 2000}})
    with CaptureQueriesContext(connection) as captured:
        response = caller().post(address, body, content_type="application/json")
    assert response.status_code == 413
    assert code(response.json()) == "too_large"
    assert len(captured) == 0
    small = json.dumps({"query": ANY, "variables": {"x": "x" * 1000}})
    assert caller().post(address, small, content_type="application/json").status_code == 200


@pytest.mark.parametrize(
    ("address", "setting", "known"),
    [
        (MAIN, "GRAPHQL_REQUESTS_PER_MINUTE", True),
        (MAIN, "GRAPHQL_ANONYMOUS_REQUESTS_PER_MINUTE", False),
        (OPEN, "OPEN_DATA_REQUESTS_PER_MINUTE", False),
    ],
)
def test_a_caller_who_comes_too_often_is_told_when_to_come_again(
    address: str, setting: str, known: bool, worker: User, settings: Any, one_minute: None
) -> None:
    setattr(settings, setting, 3)
    client = caller(worker if known else None)
    answers = [
        client.post(address, {"query": ANY}, content_type="application/json") for _ in range(5)
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    refused = answers[-1]
    assert code(refused.json()) == "too_many_requests"
    wait = refused.json()["errors"][0]["extensions"]["retryAfter"]
    assert 1 <= wait <= 60
    assert refused["Retry-After"] == str(wait)
    # Others go on: another address, and whoever signed in.
    other = client.post(
        address, {"query": ANY}, content_type="application/json", REMOTE_ADDR="203.0.113.7"
    )
    assert other.status_code == (429 if known else 200)


# --- trusted documents ----------------------------------------------------------------------------


@pytest.fixture
def listed(tmp_path: Path, settings: Any) -> dict[str, str]:
    """A list of two documents, one of them with a fragment of another file."""
    folder = tmp_path / "queries"
    (folder / "parts").mkdir(parents=True)
    (folder / "me.graphql").write_text(ME + "\n")
    (folder / "places.graphql").write_text("query Places { communities { edges { ...row } } }\n")
    (folder / "parts" / "row.graphql").write_text(
        "fragment row on CommunityEdge { node { ...names } }"
        " fragment names on Community { code name }"
    )
    out = tmp_path / "trusted.json"
    call_command("trust_documents", str(folder), out=out, verbosity=0)
    settings.GRAPHQL_TRUSTED_DOCUMENTS = str(out)
    found: dict[str, str] = json.loads(out.read_text())
    return found


def send(body: Any) -> Any:
    return caller().post(MAIN, body, content_type="application/json").json()


def test_with_a_list_only_its_documents_are_answered(listed: dict[str, str]) -> None:
    assert len(listed) == 2
    me, places = sorted(listed, key=lambda name: len(listed[name]))
    assert send({"documentId": me})["data"] == {"me": None}
    assert send({"documentId": f"sha256:{me}"})["data"] == {"me": None}
    assert send({"extensions": {"persistedQuery": {"version": 1, "sha256Hash": places}}})[
        "data"
    ] == {"communities": {"edges": []}}
    assert send({"query": ME})["data"] == {"me": None}, "its text is as good as its name"
    with CaptureQueriesContext(connection) as captured:
        for other in (
            {"query": "{ me { username roles } }"},
            {"query": "{ __typename }"},
            {"documentId": hash_of("{ __typename }")},
            [{"documentId": me}, {"query": ANY}],
        ):
            assert code(send(other)) == "document_not_trusted"
    assert len(captured) == 0
    assert code(send({"documentId": me, "query": ANY})) == "bad_request", "not its hash"
    assert code(send({"documentId": "zzz"})) == "bad_request"


def test_without_a_list_every_document_is_answered(worker: User) -> None:
    assert send({"query": ME})["data"] == {"me": None}
    hashed = {"persistedQuery": {"version": 1, "sha256Hash": hash_of(ME)}}
    assert send({"query": ME, "extensions": hashed})["data"] == {"me": None}
    assert code(send({"extensions": hashed})) == "document_not_trusted"


def test_a_list_that_was_tampered_with_is_none(listed: dict[str, str], settings: Any) -> None:
    path = Path(settings.GRAPHQL_TRUSTED_DOCUMENTS)
    me = hash_of(ME)
    path.write_text(json.dumps({me: "{ me { username roles } }"}))
    assert code(send({"documentId": me})) == "internal"


@pytest.mark.parametrize("text", ["{ nothing }", "{ me {", "{ me { ...gone } }"])
def test_a_document_that_does_not_fit_the_schema_is_not_listed(text: str, tmp_path: Path) -> None:
    (tmp_path / "bad.graphql").write_text(text)
    with pytest.raises(CommandError, match=r"bad\.graphql"):
        call_command("trust_documents", str(tmp_path), out=tmp_path / "trusted.json")
    assert not (tmp_path / "trusted.json").exists()


# --- introspection, masks, origins ----------------------------------------------------------------


def test_introspection_can_be_closed(settings: Any) -> None:
    asked = (
        "{ __schema { queryType { name } } }",
        '{ me { __typename } __type(name: "Q") { name } }',
    )
    for query in asked:
        assert "errors" not in ask(caller(), query)
    settings.GRAPHQL_INTROSPECTION = False
    for query in asked:
        assert code(ask(caller(), query)) == "introspection_closed"
    for query, variables in (
        ("{ mee { username } }", {}),
        ("{ slots(fist: 1) { totalCount } }", {}),
        ("{ slots(filters: {status: [OPN]}) { totalCount } }", {}),
        ("query ($f: SlotFilter) { slots(filters: $f) { totalCount } }", {"f": {"itm": "a"}}),
    ):
        told = ask(caller(), query, **variables)
        assert code(told) == "bad_request"
        assert "Did you mean" not in told["errors"][0]["message"], (
            "what is closed is not guessed at"
        )
    assert data(caller(), "{ __typename me { username } }")["__typename"] == "Query"
    assert "errors" not in ask(caller(), asked[0], OPEN), "what everybody may know stays open"


@pytest.mark.parametrize("address", [MAIN, OPEN])
def test_an_unknown_exception_is_masked_with_the_id_that_the_log_has(
    address: str, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    from backend.places.models import Community
    from schema.open_data import schema as open_schema

    def broken(*args: Any, **kwargs: Any) -> None:
        raise ZeroDivisionError("张三 13912345678")

    monkeypatch.setattr(open_schema, "_rows", broken)
    monkeypatch.setattr(Community, "visible", broken)
    answer = ask(caller(), ANY, address)
    assert code(answer) == "internal"
    found = answer["errors"][0]["extensions"]["id"]
    assert re.fullmatch(r"[a-z]{12}", found)
    assert found in answer["errors"][0]["message"]
    assert f"id {found}" in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert "13912345678" not in json.dumps(answer) + caplog.text


def test_what_breaks_outside_graphql_is_masked_too(
    monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    from schema.main import view

    def broken(*args: Any) -> None:
        raise ZeroDivisionError("张三 13912345678")

    monkeypatch.setattr(view, "read_json", broken)
    response = caller().post(MAIN, {"query": ME}, content_type="application/json")
    assert response.status_code == 500
    found = response.json()["errors"][0]["extensions"]
    assert found["code"] == "internal"
    assert f"id {found['id']}" in caplog.text
    assert "13912345678" not in response.content.decode() + caplog.text


def preflight(address: str, origin: str) -> Any:
    return Client().options(
        address,
        HTTP_ORIGIN=origin,
        HTTP_ACCESS_CONTROL_REQUEST_METHOD="POST",
        HTTP_ACCESS_CONTROL_REQUEST_HEADERS="content-type,x-session-token",
    )


def test_pages_of_named_origins_may_call_the_main_api(settings: Any) -> None:
    ours, theirs = "https://app.example.org", "https://elsewhere.example.org"
    assert "Access-Control-Allow-Origin" not in preflight(MAIN, ours), "none by default"
    settings.CORS_ALLOWED_ORIGINS = [ours]
    answer = preflight(MAIN, ours)
    assert answer["Access-Control-Allow-Origin"] == ours
    assert "x-session-token" in answer["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer, "tokens, no cookies"
    assert "Access-Control-Allow-Origin" not in preflight(MAIN, theirs)
    body = {"query": ME}
    posted = caller().post(MAIN, body, content_type="application/json", HTTP_ORIGIN=ours)
    assert posted["Access-Control-Allow-Origin"] == ours
    assert "Access-Control-Allow-Origin" not in caller().get("/admin/login/", HTTP_ORIGIN=ours)


def test_pages_of_every_origin_may_read_open_data() -> None:
    anywhere = "https://elsewhere.example.org"
    answer = preflight(OPEN, anywhere)
    assert answer.status_code == 204
    assert answer["Access-Control-Allow-Origin"] == "*"
    for response in (
        caller().post(OPEN, {"query": ANY}, content_type="application/json", HTTP_ORIGIN=anywhere),
        caller().get(OPEN, {"query": ANY}, HTTP_ORIGIN=anywhere),
        caller().get(OPEN, {"query": "{"}, HTTP_ORIGIN=anywhere),
        caller().delete(OPEN, HTTP_ORIGIN=anywhere),
    ):
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "Set-Cookie" not in response.headers
        assert not response.cookies


@pytest.mark.parametrize("address", [MAIN, OPEN])
def test_the_explorer_begins_with_a_query_that_is_answered(
    address: str, worker: User, event_open: Any
) -> None:
    client = caller(worker)
    page = client.get(address, headers={"Accept": "text/html"}).content.decode()
    _, _, rest = page.partition('<template id="default-query">')
    query = html.unescape(rest.partition("</template>")[0])
    assert data(client, query, address)["legalEducationEvents"]["totalCount"] == 1
