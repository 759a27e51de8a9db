"""Every example of docs/api/certificates.md is a request that works."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from strawberry.relay import to_base64

from backend.core import gate
from backend.core.access import SYSTEM
from backend.people.models import User
from backend.places.models import Community
from backend.volunteers.certifying import issue_certificate
from tests.docs.blocks import Example, examples_of
from tests.schema.asking import caller
from tests.volunteers.team import new_record, new_volunteer

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api" / "certificates.md"
EXAMPLES = examples_of(PAGE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("example", EXAMPLES, ids=[e.name for e in EXAMPLES])
@pytest.mark.django_db
def test_an_example_of_the_page_works(example: Example, worker: User, community: Community) -> None:
    volunteer = new_volunteer(community)
    gate.move(new_record(volunteer, 10, 8), "verify", by=SYSTEM)
    today = timezone.localdate()
    given: dict[str, Any] = dict(example.variables)
    assert set(given) == example.asks_for
    if "volunteerId" in given:
        given["volunteerId"] = to_base64("Volunteer", volunteer.pk)
        given["endsOn"] = today.isoformat()
    else:
        issued = issue_certificate(volunteer, today.replace(year=2020, day=1), today, by=SYSTEM)
        if "number" in given:
            given["number"] = issued.number
    client = Client() if example.door == "open-data" else caller(worker)
    door = "/open-data/graphql/" if example.door == "open-data" else "/graphql/"
    body = json.dumps({"query": example.query, "variables": given})
    answer = client.post(door, body, content_type="application/json").json()
    assert "errors" not in answer, answer
    assert all(thing is not None for thing in answer["data"].values()), answer
    assert '"code": "' not in json.dumps(
        [t.get("errors") for t in answer["data"].values() if isinstance(t, dict)]
    )


def test_the_page_shows_the_whole_way() -> None:
    assert {e.name for e in EXAMPLES} == {"Issue", "Certificates", "Honours", "Check"}
