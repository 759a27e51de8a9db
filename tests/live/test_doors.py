"""What the live door refuses before anything is followed; told by its ASGI application itself."""

import asyncio
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backend.accounts.rates import COUNTER
from backend.people.models import User
from schema.main.live import view
from schema.main.live.answering import Caller, look
from schema.main.live.documents import understand
from schema.main.live.doors import operation_of
from schema.main.live.view import live_api
from schema.requests import Refused

WORK = "subscription { myWork { unreadMessages } }"
SPOKEN = {"type": "connection_init"}


@pytest.fixture(autouse=True)
def _rates(one_minute: None) -> Iterator[None]:
    COUNTER.forget()
    yield
    COUNTER.forget()


def scope(kind: str = "http", **headers: str) -> dict[str, Any]:
    told = {"host": "127.0.0.1", "accept": "text/event-stream"} | headers
    return {
        "type": kind,
        "method": "POST",
        "path": "/graphql/",
        "query_string": b"",
        "client": ("127.0.0.1", 5000),
        "headers": [
            (name.replace("_", "-").encode(), value.encode()) for name, value in told.items()
        ],
        "subprotocols": ["graphql-transport-ws"],
    }


def answers(asked: dict[str, Any], messages: list[dict[str, Any]]) -> list[Any]:
    """What the application sends, given these messages and then silence."""
    sent: list[Any] = []

    async def run() -> None:
        waiting = list(messages)

        async def receive() -> Any:
            if waiting:
                return waiting.pop(0)
            return {"type": "websocket.disconnect", "code": 1000}

        async def send(message: Any) -> None:
            sent.append(message)

        await live_api(asked, receive, send)

    asyncio.run(run())
    return sent


def posted(body: bytes, kind: str = "application/json", **headers: str) -> tuple[int, Any, Any]:
    """Status, headers, and the JSON of what is answered to a body."""
    half = len(body) // 2
    parts = [
        {"type": "http.request", "body": body[:half], "more_body": True},
        {"type": "http.request", "body": body[half:], "more_body": False},
    ]
    start, *rest = answers(scope(content_type=kind, **headers), parts)
    whole = b"".join(one.get("body", b"") for one in rest)
    return start["status"], dict(start["headers"]), json.loads(whole)


def said(*texts: str) -> list[Any]:
    """What is answered to the texts of a WebSocket, closing among it."""
    messages = [{"type": "websocket.connect"}]
    messages += [{"type": "websocket.receive", "text": text} for text in texts]
    _accepted, *rest = answers(scope("websocket"), messages)
    return [json.loads(one["text"]) if "text" in one else one for one in rest]


BODIES = [
    (b"{", 400, "bad_request"),
    (b"[]", 400, "bad_request"),
    (b"5", 400, "bad_request"),
    (b"null", 400, "bad_request"),
    (b"{}", 400, "bad_request"),
    (b'{"query": 5}', 400, "bad_request"),
    (b'{"query": "\xff"}', 400, "bad_request"),
    (b"[" * 100_000, 400, "bad_request"),
    (json.dumps({"query": WORK, "variables": [1]}).encode(), 400, "bad_request"),
    (json.dumps({"query": WORK, "variables": {"a": "\x00"}}).encode(), 400, "bad_request"),
    (json.dumps({"query": "subscription " + "{a" * 500}).encode(), 400, "bad_request"),
    (json.dumps({"query": WORK, "variables": {"a": "x" * 2_000_000}}).encode(), 413, "too_large"),
]


@pytest.mark.parametrize(("body", "status", "code"), BODIES, ids=range(len(BODIES)))
def test_a_body_that_is_none_is_refused_as_a_query_s_would_be(
    body: bytes, status: int, code: str
) -> None:
    found, headers, answer = posted(body)
    assert (found, answer["errors"][0]["extensions"]["code"]) == (status, code)
    assert headers[b"content-type"] == b"application/json"


def test_a_form_is_no_question() -> None:
    found, _headers, answer = posted(b"query=x", "application/x-www-form-urlencoded")
    assert (found, answer["errors"][0]["extensions"]["code"]) == (415, "bad_request")


def test_pages_of_named_origins_may_listen_and_no_others(settings: Any) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["https://page.example"]
    named = posted(b"{}", origin="https://page.example")[1]
    assert named[b"access-control-allow-origin"] == b"https://page.example"
    assert b"access-control-allow-origin" not in posted(b"{}", origin="https://other.example")[1]


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "5",
        "[]",
        '{"type": 5}',
        '{"type": "subscribe", "payload": {"query": "{a}"}}',
        '{"type": "subscribe", "id": 5, "payload": {"query": "{a}"}}',
        json.dumps({"type": "ping", "payload": "x" * 2_000_000}),
    ],
    ids=["nested", "number", "list", "no type", "no id", "odd id", "large"],
)
def test_a_message_that_is_none_closes_the_connection(text: str) -> None:
    acknowledged, closed = said(json.dumps(SPOKEN), text)
    assert acknowledged == {"type": "connection_ack"}
    assert (closed["type"], closed["code"]) == ("websocket.close", 4400)


@pytest.mark.parametrize("payload", [None, [], {"query": 5}, {"query": WORK, "variables": "x"}])
def test_an_odd_question_is_told_so_and_the_connection_stays(payload: Any) -> None:
    asked = json.dumps({"type": "subscribe", "id": "1", "payload": payload})
    _acknowledged, *told = said(json.dumps(SPOKEN), asked, asked)
    assert [one["type"] for one in told] == ["error", "error"]
    assert {one["payload"][0]["extensions"]["code"] for one in told} == {"bad_request"}


def test_one_too_many_is_told_with_a_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_api, "max_subscriptions_per_connection", 0)
    asked = json.dumps({"type": "subscribe", "id": "1", "payload": {"query": WORK}})
    told = said(json.dumps(SPOKEN), asked)[1]
    assert told["payload"][0]["extensions"]["code"] == "too_many_requests"


def test_a_list_of_trusted_documents_holds_here_too(settings: Any, tmp_path: Path) -> None:
    known = hashlib.sha256(WORK.encode()).hexdigest()
    path = tmp_path / "trusted.json"
    path.write_text(json.dumps({known: WORK}), encoding="utf-8")
    settings.GRAPHQL_TRUSTED_DOCUMENTS = str(path)
    assert operation_of({"documentId": known})["query"] == WORK
    other = {"query": "subscription { myWork { runningJobs } }"}
    with pytest.raises(Refused) as refused:
        operation_of(other)
    assert refused.value.code == "document_not_trusted"
    asked = json.dumps({"type": "subscribe", "id": "1", "payload": other})
    told = said(json.dumps(SPOKEN), asked)[1]
    assert told["payload"][0]["extensions"]["code"] == "document_not_trusted"
    found, _headers, answer = posted(json.dumps(other).encode())
    assert (found, answer["errors"][0]["extensions"]["code"]) == (400, "document_not_trusted")


def test_one_caller_does_not_take_every_place(monkeypatch: pytest.MonkeyPatch) -> None:
    async def silence(*_: Any) -> Any:
        yield "begun"
        yield "told"

    def following(token: str) -> Any:
        params = {"X-Session-Token": token}
        context = {"scope": scope("websocket"), "connection_params": params}
        return view._follow(WORK, None, None, context)

    async def run() -> list[Any]:
        first, second, other = following("a"), following("a"), following("b")
        found = [await anext(first), await anext(second), await anext(other)]
        await first.aclose()
        again = following("a")
        found.append(await anext(again))
        for one in (second, other, again):
            await one.aclose()
        return found

    monkeypatch.setattr(view, "_answers", silence)
    monkeypatch.setattr(view, "MOST_OF_ONE", 1)
    begun, refused, other, again = asyncio.run(run())
    assert (begun, other, again) == ("begun", "begun", "begun")
    assert refused.errors[0].extensions["code"] == "too_many_requests"
    assert not view._by_caller, "nothing is kept of those who have gone"


def codes(caller: Caller, *, first: bool) -> list[Any]:
    result = look(caller, understand(WORK, None), None, first=first)
    return [(error.extensions or {})["code"] for error in result.errors or ()]


@pytest.mark.django_db
def test_a_key_that_opens_nothing_is_called_one() -> None:
    caller = Caller(scope("websocket"), {"Authorization": "Bearer llk_nothing"})
    assert codes(caller, first=True) == ["key_invalid"]


@pytest.mark.django_db
def test_beginning_to_follow_counts_as_a_request_and_looking_again_does_not(
    settings: Any, worker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.GRAPHQL_REQUESTS_PER_MINUTE = 1
    monkeypatch.setattr(
        "backend.accounts.middleware.authenticate_by_x_session_token", lambda _: (worker, {})
    )
    caller = Caller(scope("websocket"), {"X-Session-Token": "t"})
    assert codes(caller, first=True) == []
    assert codes(caller, first=False) == []
    assert codes(caller, first=True) == ["too_many_requests"]
