"""Every example of docs/api/patrols.md works on the demo's patrols, and its diagrams are the code's."""

from pathlib import Path

import pytest
from django.test import Client
from strawberry.relay import to_base64

from backend.patrols.models import Patrol, PatrolPoint
from backend.patrols.states import DIGEST_MACHINE, PATROL_MACHINE
from backend.people.models import User
from backend.places.models import Grid
from tests.docs.blocks import Example, examples_of
from tests.schema.asking import data

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api" / "patrols.md"
EXAMPLES = examples_of(PAGE.read_text(encoding="utf-8"))
pytestmark = pytest.mark.usefixtures("demo_worker")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.name)
def test_an_example_of_the_page_works(example: Example) -> None:
    client = Client()
    client.force_login(User.objects.get(username="worker"))
    rows = {
        "GRID_ID": Grid.objects.get(code="wg-wanda"),
        "PATROL_ID": Patrol.objects.get(status="open"),
        "POINT_ID": PatrolPoint.objects.get(handling="waiting"),
    }
    query = example.query
    for word, row in rows.items():
        query = query.replace(word, to_base64(type(row).__name__, row.pk))
    (answer,) = data(client, query).values()
    assert answer.get("edges") or answer.get("rate") or answer.get("errors") == [], answer


def test_the_diagrams_are_those_of_the_machines() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for machine in (PATROL_MACHINE, DIGEST_MACHINE):
        assert machine.diagram() in page
