"""The parts of the live door, each by itself: documents, the outbox, the hub."""

import asyncio
import threading
from typing import Any

import pytest
from django.test import RequestFactory
from graphql import GraphQLError

from backend.core import gate, live
from backend.core.access import SYSTEM
from backend.core.desk.waiting import kind_of
from backend.core.errors import RuleViolation
from backend.core.live import LATE_SECONDS, Hub, Outbox
from backend.core.models import ChangePart
from backend.places.models import Community, Estate
from schema.main.live.answering import is_from_elsewhere
from schema.main.live.documents import understand
from schema.main.live.fields import FOLLOWS
from schema.main.live.view import live_api
from schema.main.schema import schema


def test_the_query_of_a_subscription_is_itself_with_another_word() -> None:
    asked = understand(
        "subscription A($c: String!) { slot(code: $c) { ...F } } fragment F on Slot { code }"
        " query B { me { username } }",
        "A",
    )
    assert asked.root == "slot"
    assert asked.query.startswith("query A($c: String!) {")
    assert "fragment F on Slot" in asked.query
    assert "query B" not in asked.query


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("query { me { username } }", "only_subscriptions"),
        ("subscription { slot(code: \"a\") { code } myWork { runningJobs } }", "one_subscription"),
        ("subscription { ...F } fragment F on Subscription { myWork { runningJobs } }", "one_subscription"),
        ("subscription { communities { totalCount } }", "subscription_unknown"),
        ("#" * 30_000, "document_too_long"),
    ],
)  # fmt: skip
def test_what_cannot_be_followed_is_refused(document: str, code: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        understand(document, None)
    assert refused.value.code == code


@pytest.mark.parametrize("document", [None, "", "subscription {", "{ " * 3000])
def test_what_cannot_be_read_is_refused(document: str | None) -> None:
    with pytest.raises(GraphQLError):
        understand(document, None)


def test_every_subscription_has_a_query_of_its_name_and_shape() -> None:
    graph: Any = schema._schema
    fields, queries = graph.subscription_type.fields, graph.query_type.fields
    assert set(fields) == set(FOLLOWS)
    for name, field in fields.items():
        query = queries[name]
        assert str(field.type) == str(query.type), name
        assert {a: str(v.type) for a, v in field.args.items()} == {
            a: str(v.type) for a, v in query.args.items()
        }, name


def test_work_that_the_gate_writes_is_told_at_once() -> None:
    names = ("action_items_to_finish", "bookings_to_confirm", "demands_to_solve")
    kinds = [kind_of(name) for name in names]
    assert {kind.model._meta.label for kind in kinds if kind} == FOLLOWS["myWork"].models


@pytest.mark.django_db
def test_the_outbox_tells_of_a_write_once_and_of_a_late_one_too(community: Community) -> None:
    outbox = Outbox()
    gate.save(Estate(community=community, name="万达华府"), by=SYSTEM)
    assert outbox.written(0) == {"places.Estate"}
    assert outbox.written(1) == set()
    # One that began before and is committed after a later one: its key is the smaller.
    last = ChangePart.objects.latest("pk")
    late, later = last.pk + 1, last.pk + 2
    for pk in (later, late):
        last.pk = pk
        last.model = f"places.{pk}"
        last.save(force_insert=True)
        assert outbox.written(2) == {f"places.{pk}"}
    assert outbox.written(3 + LATE_SECONDS) == set()
    assert outbox.seen == {}, "what is long past is not kept"


@pytest.mark.django_db
def test_a_write_that_is_rolled_back_is_told_to_nobody(community: Community) -> None:
    outbox = Outbox()

    def given_up() -> None:
        with gate.change_set("save", by=SYSTEM, community_id=community.pk) as changes:
            gate.save(Estate(community=community, name="万达华府"), by=SYSTEM, within=changes)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        given_up()
    assert outbox.written(0) == set()


def test_the_hub_wakes_those_who_follow_and_nobody_else() -> None:
    hub = Hub()

    async def scene() -> tuple[bool, bool]:
        async with hub.following({"places.Estate"}) as one, hub.following({"jobs.Job"}) as other:
            hub._tell({"places.Estate"})
            await asyncio.wait_for(one.wait(), 5)
            return one.is_set(), other.is_set()

    # No thread of its own: what it would read is another test's.
    hub._thread = object()  # type: ignore[assignment]
    assert asyncio.run(scene()) == (True, False)
    assert hub.count() == 0


@pytest.mark.parametrize(
    ("headers", "elsewhere"),
    [
        ({}, False),
        ({"HTTP_COOKIE": "sessionid=a"}, True),
        ({"HTTP_COOKIE": "sessionid=a", "HTTP_ORIGIN": "http://testserver"}, False),
        ({"HTTP_COOKIE": "sessionid=a", "HTTP_ORIGIN": "http://testserver.example"}, True),
        ({"HTTP_COOKIE": "sessionid=a", "HTTP_X_SESSION_TOKEN": "t"}, False),
    ],
)
def test_who_comes_from_elsewhere(headers: dict[str, str], elsewhere: bool) -> None:
    assert is_from_elsewhere(RequestFactory().get("/graphql/", **headers)) is elsewhere  # type: ignore[arg-type]


def test_the_library_runs_nothing_itself() -> None:
    assert live_api.allow_queries_via_get is False
    assert "graphql-ws" not in live_api.protocols


def test_a_thread_that_ended_is_followed_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    hub = Hub()

    class Broken:
        def __init__(self) -> None:
            raise RuntimeError

    monkeypatch.setattr(live, "Outbox", Broken)
    monkeypatch.setattr(threading, "excepthook", lambda _args: None)

    async def scene() -> None:
        async with hub.following({"places.Estate"}):
            thread = hub._thread
        if thread is not None:
            thread.join(5)

    for _ in range(2):
        asyncio.run(scene())
        assert hub._thread is None
