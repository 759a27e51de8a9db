"""Subscriptions over both transports, against a server: what changes is told, and to nobody else."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import connect

from tests.live.conftest import Server

pytestmark = pytest.mark.slow
SLOT = 'subscription { slot(code: "%s") { placesLeft } }'
BOOK = """mutation Book($slot: ID!, $key: String!, $name: String!) {
  bookService(input: {slotId: $slot, name: $name, source: STAFF, idempotencyKey: $key}) {
    errors { code } } }"""
# Longer than a look at the outbox takes, wherever.
QUIET_SECONDS = 3


class Socket:
    """A WebSocket that speaks graphql-transport-ws."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw

    def begin(self, payload: dict[str, Any] | None = None) -> None:
        self.send({"type": "connection_init", "payload": payload or {}})
        assert self.next()["type"] == "connection_ack"

    def follow(self, key: str, query: str, **variables: Any) -> None:
        payload = {"query": query, "variables": variables}
        self.send({"id": key, "type": "subscribe", "payload": payload})

    def send(self, message: dict[str, Any]) -> None:
        self.raw.send(json.dumps(message))

    def next(self, timeout: float = 20) -> Any:
        return json.loads(self.raw.recv(timeout=timeout))

    def is_quiet(self) -> bool:
        try:
            self.next(QUIET_SECONDS)
        except TimeoutError:
            return True
        return False


@contextmanager
def socket(server: Server, token: str | None = None, **headers: str) -> Iterator[Socket]:
    raw = connect(
        f"ws://{server.host}/graphql/",
        subprotocols=["graphql-transport-ws"],  # type: ignore[list-item]
        additional_headers=headers,
    )
    with raw:
        found = Socket(raw)
        found.begin({"X-Session-Token": token} if token else None)
        yield found


def events(answer: requests.Response) -> Iterator[Any]:
    """The data of server-sent events, pings left out."""
    for line in answer.iter_lines():
        if line.startswith(b"data:") and line[5:].strip():
            yield json.loads(line[5:])


def stream(server: Server, token: str, query: str) -> requests.Response:
    return requests.post(
        f"http://{server.host}/graphql/",
        json={"query": query},
        headers={"X-Session-Token": token, "Accept": "text/event-stream"},
        stream=True,
        timeout=20,
    )


def slot_id(server: Server, token: str) -> str:
    answer = server.ask(token, '{ slot(code: "xinhe-slot") { id } }')
    return str(answer["slot"]["id"])


def left(message: Any) -> int:
    return int(message["payload"]["data"]["slot"]["placesLeft"])


def test_a_socket_tells_of_a_booking_and_of_nothing_else(server: Server) -> None:
    token = server.token("worker")
    slot = slot_id(server, token)
    with socket(server, token) as one:
        one.follow("1", SLOT % "xinhe-slot")
        first = left(one.next())
        server.ask(token, BOOK, slot=slot, key="a", name="孙明")
        assert left(one.next()) == first - 1
        # Another process, another community: the answer is the same, and is not told again.
        server.run("book", "dongfang-slot", "钱若水")
        assert one.is_quiet()
        server.run("book", "xinhe-slot", "王清和")
        assert left(one.next()) == first - 2


def test_events_are_sent_by_http_as_well(server: Server) -> None:
    token = server.token("worker")
    with stream(server, token, "subscription { myWork { unreadMessages } }") as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        found = events(answer)
        assert next(found)["data"]["myWork"]["unreadMessages"] == 0
    with stream(server, token, SLOT % "xinhe-slot") as answer:
        found = events(answer)
        first = next(found)["data"]["slot"]["placesLeft"]
        server.run("book", "xinhe-slot", "李知远")
        assert next(found)["data"]["slot"]["placesLeft"] == first - 1


def test_check_ins_of_an_event_arrive(server: Server) -> None:
    token = server.token("worker")
    query = 'subscription { legalEducationEvent(code: "xinhe-event") { headsTotal } }'
    sign_in = """mutation Arrive($event: ID!) { checkIn(input: {eventId: $event,
      entry: {name: "周一鸣", idempotencyKey: "k1"}}) { errors { code message } } }"""
    with socket(server, token) as one:
        one.follow("1", query)
        first = one.next()["payload"]["data"]["legalEducationEvent"]["headsTotal"]
        found = server.ask(token, '{ legalEducationEvent(code: "xinhe-event") { id } }')
        answer = server.ask(token, sign_in, event=found["legalEducationEvent"]["id"])
        assert answer["checkIn"]["errors"] == []
        assert one.next()["payload"]["data"]["legalEducationEvent"]["headsTotal"] == first + 1


def test_nobody_follows_another_communitys_slot(server: Server) -> None:
    token = server.token("other")
    with socket(server, token) as one:
        one.follow("1", SLOT % "xinhe-slot")
        assert one.next()["payload"]["data"] == {"slot": None}
        server.run("book", "xinhe-slot", "赵小满")
        assert one.is_quiet()


def test_it_ends_when_the_token_is_given_back(server: Server) -> None:
    token = server.token("worker")
    with socket(server, token) as one:
        one.follow("1", SLOT % "xinhe-slot")
        one.next()
        requests.delete(
            f"http://{server.host}/_allauth/app/v1/auth/session",
            headers={"X-Session-Token": token},
            timeout=30,
        )
        server.run("book", "xinhe-slot", "吴有为")
        told = one.next()
        assert told["payload"]["data"] is None
        assert told["payload"]["errors"][0]["extensions"]["code"] == "session_invalid"
        assert one.next()["type"] == "complete"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ me { username } }", "only_subscriptions"),
        ('mutation { cancelSlot(input: {slotId: "x"}) { errors { code } } }', "only_subscriptions"),
        ("subscription { communities { totalCount } }", "subscription_unknown"),
        ("subscription { myWork { unreadMessages } __typename }", "one_subscription"),
        ("subscription { myWork { nothing } }", "bad_request"),
        ("subscription {", "bad_request"),
        ("subscription A { myWork { unreadMessages } } subscription B { myWork { unreadMessages } }", "bad_request"),
    ],
    ids=["query", "mutation", "unknown", "two fields", "no such field", "no syntax", "two operations"],
)  # fmt: skip
def test_what_is_no_subscription_is_refused(server: Server, query: str, code: str) -> None:
    with socket(server, server.token("worker")) as one:
        one.follow("1", query)
        told = one.next()
        assert told["type"] == "error"
        assert told["payload"][0]["extensions"]["code"] == code


def test_whoever_is_not_signed_in_follows_nothing(server: Server) -> None:
    with socket(server) as one:
        one.follow("1", SLOT % "xinhe-slot")
        told = one.next()
        assert (told["type"], told["payload"][0]["extensions"]["code"]) == ("error", "not_allowed")
    with socket(server, "nobody-s-token") as one:
        one.follow("1", SLOT % "xinhe-slot")
        told = one.next()
        assert told["payload"][0]["extensions"]["code"] == "session_invalid"


def cookie(server: Server, name: str) -> str:
    """The session's cookie of somebody who signed in on the pages."""
    browser = requests.Session()
    address = f"http://{server.host}/accounts/login/"
    browser.get(address, timeout=30)
    form = {
        "login": name,
        "password": f"demo-{name}",
        "csrfmiddlewaretoken": browser.cookies["csrftoken"],
    }
    browser.post(address, data=form, headers={"Referer": address}, timeout=30)
    return f"sessionid={browser.cookies['sessionid']}"


def test_a_page_of_another_site_cannot_listen_with_the_readers_cookie(server: Server) -> None:
    known = cookie(server, "worker")
    own, foreign = f"http://{server.host}", "https://elsewhere.example"
    with socket(server, Cookie=known, Origin=own) as one:
        one.follow("1", SLOT % "xinhe-slot")
        assert left(one.next()) >= 0
    for headers in ({"Origin": foreign}, {}):
        with socket(server, Cookie=known, **headers) as one:
            one.follow("1", SLOT % "xinhe-slot")
            told = one.next()
            assert told["type"] == "error"
            assert told["payload"][0]["extensions"]["code"] == "not_allowed"


def test_a_connection_follows_twenty_things_at_the_most(server: Server) -> None:
    with socket(server, server.token("worker")) as one:
        for number in range(20):
            one.follow(str(number), SLOT % "xinhe-slot")
            assert one.next()["type"] == "next"
        one.follow("20", SLOT % "xinhe-slot")
        try:
            told = one.next()
        except ConnectionClosed:
            told = {"type": "error"}
        assert told["type"] == "error"


@pytest.mark.parametrize(
    ("path", "protocol"),
    [("/graphql/", "graphql-ws"), ("/open-data/graphql/", "graphql-transport-ws")],
    ids=["the old protocol", "another address"],
)
def test_what_else_is_knocked_at_is_closed(server: Server, path: str, protocol: str) -> None:
    def knock() -> None:
        address = f"ws://{server.host}{path}"
        with connect(address, subprotocols=[protocol]) as raw:  # type: ignore[list-item]
            raw.send(json.dumps({"type": "connection_init"}))
            raw.recv(timeout=10)

    with pytest.raises(WebSocketException):
        knock()


def test_the_pages_are_served_beside_it(server: Server) -> None:
    started = time.monotonic()
    with stream(server, server.token("worker"), SLOT % "xinhe-slot") as answer:
        next(events(answer))
        for path in ("/healthz", "/accounts/login/", "/open-data/graphql/?query={__typename}"):
            assert requests.get(f"http://{server.host}{path}", timeout=20).status_code == 200
    assert time.monotonic() - started < 60
