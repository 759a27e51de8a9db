"""Every example of docs/api/meetings.md works on the demo's meetings, and says something."""

from pathlib import Path

import pytest
from django.test import Client

from backend.people.models import User
from tests.docs.blocks import Example, examples_of
from tests.schema.asking import MAIN, OPEN, data

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api" / "meetings.md"
EXAMPLES = examples_of(PAGE.read_text(encoding="utf-8"))
pytestmark = pytest.mark.usefixtures("demo_worker")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.name)
def test_an_example_of_the_page_works(example: Example) -> None:
    client = Client()
    if example.door == "main":
        client.force_login(User.objects.get(username="worker"))
    found = data(client, example.query, MAIN if example.door == "main" else OPEN)
    (answer,) = found.values()
    assert answer["edges"] if "edges" in answer else answer["quorum"]["missing"]
