"""The mock server answers every query that the docs show, with no database."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from schema.mock.world import Wishes, World
from tests.docs.blocks import Example, examples_of
from tests.front.asking import everything
from tests.front.mocked import ROOT, mock_server

pytestmark = pytest.mark.once

PAGES = (ROOT / "docs" / "api.md", *sorted((ROOT / "docs" / "api").glob("*.md")))
EXAMPLES = [(page, one) for page in PAGES for one in examples_of(page.read_text("utf-8"))]
DOORS = {"main": "/graphql/", "open-data": "/open-data/graphql/"}
BOOK = """mutation Book($slotId: ID!, $key: String!) {
  bookService(input: { slotId: $slotId, idempotencyKey: $key }) {
    serviceBooking { id status slot { id } } errors { field code message }
  }
}"""
PAGE = """query Page($first: Int, $after: String, $last: Int, $before: String) {
  slots(first: $first, after: $after, last: $last, before: $before) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { node { id } }
  }
}"""
SLOT = "U2xvdDox"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with mock_server("manage.py", "mock_api") as found:
        yield found


@pytest.fixture(scope="module")
def world() -> World:
    return World("main", seed=7)


def ask(address: str, door: str, query: str, variables: Any = None, **headers: str) -> Any:
    body = {"query": query, "variables": variables or {}}
    return requests.post(address + door, json=body, headers=headers, timeout=20).json()


def upload(address: str, example: Example) -> Any:
    body = {"query": example.query, "variables": example.variables | {"file": None}}
    parts = {
        "operations": (None, json.dumps(body)),
        "map": (None, json.dumps({"0": ["variables.file"]})),
        "0": ("签到表.csv", "姓名\n张安然\n".encode()),
    }
    return requests.post(f"{address}/graphql/", files=parts, timeout=20).json()


def given_to(one: Example) -> dict[str, Any]:
    """Its variables; those that the page leaves to its reader are made up by their types."""
    made = {"ID": SLOT, "DateTime": "2026-01-05T00:00:00+08:00", "Int": 1}
    declared = re.findall(r"\$(\w+): *(\[?)(\w+)[!\]]*!", one.query)
    others = {
        name: [made.get(kind, "x")] if many else made.get(kind, "x")
        for name, many, kind in declared
    }
    return others | one.variables


def placed(page: Path, one: Example) -> str:
    return f"{page.stem}-{one.name}"


def test_every_example_of_the_docs_is_answered(address: str) -> None:
    assert len(EXAMPLES) > 50
    for page, one in EXAMPLES:
        if "file" in one.asks_for:
            answer = upload(address, one)
        else:
            answer = ask(address, DOORS[one.door], one.query, given_to(one))
        assert "errors" not in answer, (placed(page, one), answer["errors"])
        assert all(part is not None for part in answer["data"].values()), placed(page, one)
        assert all(part["errors"] == [] for part in answer["data"].values() if "errors" in part)


def test_a_field_that_there_is_not_is_an_error(address: str) -> None:
    answer = ask(address, "/graphql/", "{ slots { nothing } }")
    assert answer["errors"][0]["extensions"]["code"] == "bad_request"


def test_a_wished_refusal_comes_as_data_and_a_wished_401_as_a_status(address: str) -> None:
    given = {"slotId": SLOT, "key": "a"}
    answer = ask(address, "/graphql/", BOOK, given, **{"X-Mock-Error": "slot_full"})
    assert "errors" not in answer
    assert answer["data"]["bookService"]["serviceBooking"] is None
    assert [e["code"] for e in answer["data"]["bookService"]["errors"]] == ["slot_full"]
    refused = requests.post(
        f"{address}/graphql/",
        json={"query": "{ me { username } }"},
        headers={"X-Mock-Error": "session_invalid"},
        timeout=20,
    )
    assert refused.status_code == 401
    assert refused.json()["errors"][0]["extensions"]["code"] == "session_invalid"


def test_pages_of_other_addresses_may_ask_and_browsers_see_a_page(address: str) -> None:
    told = {"Origin": "http://localhost:5173", "Access-Control-Request-Headers": "x-session-token"}
    asked = requests.options(f"{address}/graphql/", headers=told, timeout=20)
    assert asked.headers["Access-Control-Allow-Origin"] == "http://localhost:5173"
    assert asked.headers["Access-Control-Allow-Headers"] == "x-session-token"
    page = requests.get(f"{address}/graphql/", headers={"Accept": "text/html"}, timeout=20)
    assert "X-Mock-Error" in page.text


def slots(world: World, **given: Any) -> Any:
    return world.ask(PAGE, given)["data"]["slots"]


def test_pages_follow_one_another_in_both_directions(world: World) -> None:
    whole = [edge["node"]["id"] for edge in slots(world)["edges"]]
    forwards: list[str] = []
    after = None
    while True:
        page = slots(world, first=20, after=after)
        forwards += [edge["node"]["id"] for edge in page["edges"]]
        assert page["totalCount"] == len(whole)
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert forwards == whole
    last = slots(world, last=5)
    assert [edge["node"]["id"] for edge in last["edges"]] == whole[-5:]
    before = slots(world, last=5, before=last["pageInfo"]["startCursor"])
    assert [edge["node"]["id"] for edge in before["edges"]] == whole[-10:-5]
    assert before["pageInfo"]["hasPreviousPage"]


@pytest.mark.parametrize(
    ("given", "code"), [({"first": 101}, "bad_page"), ({"after": "x"}, "bad_cursor")]
)
def test_what_is_no_page_is_refused(world: World, given: Any, code: str) -> None:
    assert world.ask(PAGE, given)["errors"][0]["extensions"]["code"] == code


def test_an_id_gives_the_same_thing_again_and_a_seed_the_same_world(world: World) -> None:
    seen = "id ... on Slot { code startsAt placesLeft status item { id title } }"
    listed = world.ask("{ slots(first: 3) { edges { node { " + seen + " } } } }")
    for edge in listed["data"]["slots"]["edges"]:
        node = edge["node"]
        query = (
            f'{{ node(id: "{node["id"]}") {{ {seen} }} slot(code: "{node["code"]}") {{ {seen} }} }}'
        )
        answer = World("main", seed=7).ask(query)["data"]
        assert answer == {"node": node, "slot": node}
        assert World("main", seed=8).ask(query)["data"] != answer


def test_values_are_masked_and_the_states_come_in_turn(world: World) -> None:
    fields = "status name phone phoneInFull position"
    answer = world.ask("{ serviceBookings(first: 50) { edges { node { " + fields + " } } } }")
    nodes = [edge["node"] for edge in answer["data"]["serviceBookings"]["edges"]]
    assert {one["status"] for one in nodes} == set(
        world.schema.type_map["ServiceBookingStatus"].values
    )  # type: ignore[attr-defined]
    assert all(one["name"].endswith("*") and "****" in one["phone"] for one in nodes)
    assert all(one["phoneInFull"] is None for one in nodes)
    assert all((one["position"] is None) or one["status"] == "WAITLISTED" for one in nodes)


def test_a_state_is_called_as_on_the_real_server(world: World) -> None:
    labels = "status statusLabel en: statusLabel(lang: EN)"
    told = world.ask(
        "{ serviceBookings(first: 50) { edges { node { " + labels + " } } } "
        "slots(first: 9) { edges { node { " + labels + " } } } }"
    )["data"]
    called = {
        (root, node["status"]): (node["statusLabel"], node["en"])
        for root, page in told.items()
        for node in (edge["node"] for edge in page["edges"])
    }
    assert called["slots", "OPEN"] == ("可预约", "Open")
    assert called["serviceBookings", "CONFIRMED"] == ("预约成功", "Booked")


def test_filters_by_state_and_time_and_order_hold(world: World) -> None:
    day = world.clock.today.isoformat()
    answer = world.ask(
        "query Q($from: DateTime!) { slots(filters: { status: [OPEN], startsFrom: $from },"
        " order: [{ startsAt: DESC }]) { edges { node { startsAt status } } } }",
        {"from": f"{day}T00:00:00+08:00"},
    )
    nodes = [edge["node"] for edge in answer["data"]["slots"]["edges"]]
    starts = [one["startsAt"] for one in nodes]
    assert {one["status"] for one in nodes} == {"OPEN"}
    assert starts == sorted(starts, reverse=True)
    assert min(starts) >= day
    assert all(one.endswith("+08:00") for one in starts), "as on the real server"


def test_a_verb_answers_what_it_was_told_and_the_same_key_the_same_thing(world: World) -> None:
    first, again, other = (
        world.ask(BOOK, {"slotId": SLOT, "key": key})["data"]["bookService"]["serviceBooking"]
        for key in ("a", "a", "b")
    )
    assert first == again
    assert first["id"] != other["id"]
    assert first["slot"]["id"] == SLOT
    begun = next(iter(world.schema.type_map["ServiceBookingStatus"].values))  # type: ignore[attr-defined]
    assert {first["status"], other["status"]} == {begun}


def test_what_a_request_wishes_is_answered(world: World) -> None:
    wishes = Wishes(values={"Slot.placesLeft": "0", "Slot.myBooking": "null"}, rows=2)
    asked = "{ slots { totalCount edges { node { placesLeft myBooking { id } } } } }"
    answer = world.ask(asked, wishes=wishes)["data"]["slots"]
    assert answer["totalCount"] == 2
    assert [edge["node"] for edge in answer["edges"]] == [{"placesLeft": 0, "myBooking": None}] * 2


@pytest.mark.parametrize("name", ["main", "open_data"])
@pytest.mark.slow
def test_every_root_field_and_verb_is_answered_with_all_its_fields(name: str) -> None:
    world = World(name)
    asked = 0
    for operation, root in (
        ("query", world.schema.query_type),
        ("mutation", world.schema.mutation_type),
    ):
        for field_name, field in root.fields.items() if root else ():
            query, variables = everything(operation, field_name, field)
            answer = world.ask(query, variables)
            assert "errors" not in answer, (field_name, answer["errors"][:1])
            assert answer["data"][field_name] is not None, field_name
            asked += 1
    assert asked > (150 if name == "main" else 20)
