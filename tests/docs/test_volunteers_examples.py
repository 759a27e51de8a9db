"""Every example of docs/api/volunteers.md is a request that works."""

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
from tests.volunteers.team import new_record, new_resident, new_volunteer

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api" / "volunteers.md"
EXAMPLES = examples_of(PAGE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("example", EXAMPLES, ids=[e.name for e in EXAMPLES])
@pytest.mark.django_db
def test_an_example_of_the_page_works(example: Example, worker: User, community: Community) -> None:
    given: dict[str, Any] = dict(example.variables)
    assert set(given) == example.asks_for
    by = worker
    if example.name == "Apply":
        by = new_resident(community, "孙申请").user
    elif example.name in ("Tell", "WhatIAmAskedFor"):
        volunteer = new_volunteer(community)
        assert volunteer.resident is not None
        by = volunteer.resident.user
    if "slotId" in given:
        given["slotId"] = to_base64("Slot", new_slot(new_item(community)).pk)
    if "volunteerId" in given:
        given["volunteerId"] = to_base64("Volunteer", new_volunteer(community).pk)
    if "ids" in given:
        given["ids"] = [to_base64("ServiceRecord", new_record(new_volunteer(community), 4, 2).pk)]
    answer = data(caller(by), example.query, **given)
    assert all(thing is not None for thing in answer.values()), answer
    errors = [t.get("errors") for t in answer.values()]
    assert '"code": "' not in json.dumps(errors), errors


def test_the_page_shows_the_whole_way() -> None:
    wanted = {"FreeOnSaturday", "Apply", "Ask", "WhatIAmAskedFor", "Tell", "Verify"}
    assert {e.name for e in EXAMPLES} == wanted
