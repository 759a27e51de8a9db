"""Every example of docs/api/services.md is a request that works."""

import json
from pathlib import Path
from typing import Any

import pytest
from strawberry.relay import to_base64

from backend.people.models import User
from backend.places.models import Community
from tests.docs.blocks import Example, examples_of
from tests.schema.asking import caller, data
from tests.services.counter import new_item, new_slot

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api" / "services.md"
EXAMPLES = examples_of(PAGE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("example", EXAMPLES, ids=[e.name for e in EXAMPLES])
@pytest.mark.django_db
def test_an_example_of_the_page_works(example: Example, worker: User, community: Community) -> None:
    worker.first_name = "周社工"
    worker.save()
    slot = new_slot(new_item(community), code="slot-free")
    given: dict[str, Any] = dict(example.variables)
    assert set(given) == example.asks_for
    if "slotId" in given:
        given["slotId"] = to_base64("Slot", slot.pk)
    answer = data(caller(worker), example.query, **given)
    assert all(thing is not None for thing in answer.values()), answer
    assert '"code": "' not in json.dumps([t.get("errors") for t in answer.values()])


def test_the_page_shows_the_whole_way() -> None:
    assert {e.name for e in EXAMPLES} == {
        "ThisWeek",
        "Book",
        "MyBookings",
        "Rules",
        "WhatIfClosed",
    }
