"""Every example of docs/api/files.md is a request that works."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from strawberry.relay import to_base64

from backend.education.models import LegalEducationEvent
from backend.files.models import Attachment
from tests.docs.blocks import Example, examples_of
from tests.files.making import photo, upload
from tests.schema.asking import MAIN

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api" / "files.md"
EXAMPLES = examples_of(PAGE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("example", EXAMPLES, ids=[e.name for e in EXAMPLES])
def test_an_example_of_the_page_works(
    callers: dict[str, Client],
    attached: Attachment,
    event_open: LegalEducationEvent,
    example: Example,
) -> None:
    ids: dict[str, Any] = {
        "recordId": to_base64("LegalEducationEvent", event_open.pk),
        "attachmentId": to_base64("Attachment", attached.pk),
        "file": None,
    }
    assert set(example.variables) == example.asks_for
    variables = {name: ids[name] for name in example.variables}
    form: dict[str, Any] = {
        "operations": json.dumps({"query": example.query, "variables": variables})
    }
    form["map"] = "{}"
    if "file" in variables:
        form |= {"map": json.dumps({"0": ["variables.file"]}), "0": upload("a.jpg", photo())}
    answer = callers["worker"].post(MAIN, form).json()
    assert "errors" not in answer, answer
    (thing,) = answer["data"].values()
    assert isinstance(thing, list) or thing["errors"] == []


def test_the_page_shows_reading_attaching_and_taking_away() -> None:
    assert [example.name for example in EXAMPLES] == ["AttachmentsOf", "Attach", "Remove"]
