"""Every example of docs/api/festivals.md is a request that works."""

import json
from pathlib import Path
from typing import Any

import pytest
from strawberry.relay import to_base64

from backend.people.models import User
from backend.places.models import Community
from tests.docs.blocks import Example, examples_of
from tests.festivals.fairground import held
from tests.schema.asking import caller, data
from tests.stations.shelves import new_station, new_stock

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api" / "festivals.md"
EXAMPLES = examples_of(PAGE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("example", EXAMPLES, ids=[e.name for e in EXAMPLES])
@pytest.mark.django_db
def test_an_example_of_the_page_works(example: Example, worker: User, community: Community) -> None:
    festival = held(community)
    stock = new_stock(new_station(community), 10)
    known = {
        "festivalId": to_base64("NeighborFestival", festival.pk),
        "stockId": to_base64("StationStock", stock.pk),
    }
    given: dict[str, Any] = {name: known[name] for name in example.variables}
    assert set(given) == example.asks_for
    answer = data(caller(worker), example.query, **given)
    assert all(thing is not None for thing in answer.values()), answer
    assert '"code": "' not in json.dumps([t.get("errors") for t in answer.values()])


def test_the_page_shows_the_whole_way() -> None:
    assert {e.name for e in EXAMPLES} == {
        "Festivals",
        "Copy",
        "Heads",
        "Stations",
        "TakeOut",
        "Refills",
    }
