"""Every example of docs/api/registration.md is a request that works."""

import json
from pathlib import Path
from typing import Any

import pytest
from strawberry.relay import to_base64

from backend.education.models import LegalEducationEvent
from backend.people.models import User
from tests.docs.blocks import Example, examples_of
from tests.schema.asking import caller, data

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api" / "registration.md"
EXAMPLES = examples_of(PAGE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("example", EXAMPLES, ids=[e.name for e in EXAMPLES])
def test_an_example_of_the_page_works(
    example: Example, worker: User, event_open: LegalEducationEvent
) -> None:
    worker.first_name = "周社工"
    worker.save()
    given: dict[str, Any] = dict(example.variables)
    assert set(given) == example.asks_for
    if "eventId" in given:
        given["eventId"] = to_base64("LegalEducationEvent", event_open.pk)
    answer = data(caller(worker), example.query, **given)
    assert all(thing is not None for thing in answer.values()), answer
    assert '"code": "' not in json.dumps([t.get("errors") for t in answer.values()])


def test_the_page_shows_the_whole_way() -> None:
    assert {e.name for e in EXAMPLES} == {"Places", "Register", "Mine", "Arrive"}
