"""Every example of docs/api.md is a request that works, at the real addresses."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from strawberry.relay import to_base64

from backend.core import gate
from backend.core.access import SYSTEM
from backend.education.models import Attendance, LegalEducationEvent
from backend.imports.models import ImportBatch
from backend.people.models import Resident, User
from tests.docs.blocks import Example, examples_of

pytestmark = pytest.mark.django_db

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
# Pages whose examples need a world, or an order, of their own: each is run by a test of its own.
OWN = {
    "festivals.md": "tests/docs/test_festivals_page.py",
    "certificates.md": "tests/docs/test_certificates_examples.py",
    "demands.md": "tests/demands/test_main_api.py",
    "files.md": "tests/files/test_docs.py",
    "jobs.md": "tests/docs/test_jobs_page.py",
    "journeys.md": "tests/docs/test_journeys.py",
    "many.md": "tests/docs/test_many_example.py",
    "meetings.md": "tests/docs/test_meetings_page.py",
    "messages.md": "tests/docs/test_messages_page.py",
    "owner-votes.md": "tests/docs/test_owner_votes_page.py",
    "patrols.md": "tests/docs/test_patrols_page.py",
    "registration.md": "tests/docs/test_registration_examples.py",
    "reveal.md": "tests/docs/test_reveal_examples.py",
    "plain-upload.md": "tests/docs/test_plain_upload_page.py",
    "services.md": "tests/docs/test_services_examples.py",
    "volunteers.md": "tests/docs/test_volunteers_examples.py",
    "sign-in.md": "tests/accounts/test_api_page.py",
}
FURTHER = sorted((PAGE.parent / "api").glob("*.md"))
PAGES = (PAGE, *(page for page in FURTHER if page.name not in OWN))
EXAMPLES = [found for page in PAGES for found in examples_of(page.read_text(encoding="utf-8"))]
DOORS = {"main": "/graphql/", "open-data": "/open-data/graphql/"}
SHEET = "姓名,联系电话\n张安然,13900000001\n王清和,1371234567\n李知远,13712345678\n"
UPLOAD = """mutation Upload($file: Upload!) {
  uploadSheet(input: { register: "attendance", event: "pf-open", file: $file }) {
    errors { code } report { batch { code } }
  }
}"""
CONFIRM = """mutation Confirm($batch: String!) {
  confirmImport(input: { batch: $batch, takeGood: true }) { errors { code } }
}"""


def post(client: Client, address: str, query: str, variables: dict[str, Any]) -> Any:
    """The answer to a query; by the multipart specification when a variable is a file."""
    body = {"query": query, "variables": variables}
    if "file" in variables:
        body["variables"] = variables | {"file": None}
        return client.post(
            address,
            {
                "operations": json.dumps(body),
                "map": json.dumps({"0": ["variables.file"]}),
                "0": SimpleUploadedFile("签到表.csv", SHEET.encode()),
            },
        ).json()
    return client.post(address, body, content_type="application/json").json()


def broken_rules(data: Any) -> list[Any]:
    """The `errors` of every mutation in an answer."""
    answers = (thing for thing in data.values() if isinstance(thing, dict))
    return [error for thing in answers for error in thing.get("errors", [])]


@pytest.fixture
def client(event_open: LegalEducationEvent, worker: User) -> Client:
    """A worker's client; their event has one resident on its list."""
    community = event_open.community
    person = gate.save(Resident(community=community, name="周若谷", phone="13900000002"), by=SYSTEM)
    gate.save(
        Attendance(community=community, event=event_open, resident=person, name=person.name),
        by=SYSTEM,
    )
    client = Client()
    client.force_login(worker)
    return client


@pytest.fixture
def given(client: Client, event_open: LegalEducationEvent) -> Any:
    """What stands for a page's invented ids: those of this world, made as an example needs them."""

    def values(example: Example) -> dict[str, Any]:
        found = dict(example.variables)
        if "eventId" in example.asks_for:
            found["eventId"] = to_base64("LegalEducationEvent", event_open.pk)
        if "revision" in example.asks_for:
            found["revision"] = event_open.revision
        if "venueId" in example.asks_for:
            found["venueId"] = to_base64("Venue", event_open.venue_id)
        if "batch" in example.asks_for:
            post(client, DOORS["main"], UPLOAD, {"file": True})
            found["batch"] = ImportBatch.objects.get().code
            if example.name == "Undo":
                post(client, DOORS["main"], CONFIRM, {"batch": found["batch"]})
        return found

    return values


@pytest.mark.parametrize("example", EXAMPLES, ids=[e.name for e in EXAMPLES])
def test_an_example_of_the_page_works(client: Client, given: Any, example: Example) -> None:
    variables = given(example)
    assert set(variables) == example.asks_for, "the page shows the variables that are asked for"
    answer = post(client, DOORS[example.door], example.query, variables)
    assert "errors" not in answer, answer
    assert all(thing is not None for thing in answer["data"].values()), answer
    assert broken_rules(answer["data"]) == []


def test_every_page_of_its_own_has_the_test_that_runs_it() -> None:
    root = PAGE.parents[1]
    assert set(OWN) <= {page.name for page in FURTHER}
    for page, test in OWN.items():
        assert page in (root / test).read_text(encoding="utf-8")


def test_the_page_has_examples_for_both_doors() -> None:
    assert {example.door for example in EXAMPLES} == set(DOORS)
    assert {"Upload", "Report", "Confirm", "Undo"} <= {example.name for example in EXAMPLES}


def test_a_broken_block_is_noticed(client: Client) -> None:
    (broken,) = examples_of("```graphql\nquery Broken { legalEducationEvents { nothing } }\n```")
    answer = post(client, DOORS[broken.door], broken.query, broken.variables)
    assert answer["errors"][0]["extensions"]["code"] == "bad_request"


def test_a_refusal_in_a_block_is_noticed(client: Client) -> None:
    (refused,) = examples_of(
        "```graphql\nmutation Refused($batch: String!) {"
        ' undoImport(input: { batch: $batch }) { errors { code } } }\n```\n\n```json\n{"batch": "x"}\n```'
    )
    answer = post(client, DOORS[refused.door], refused.query, refused.variables)
    assert broken_rules(answer["data"]) == [{"code": "not_found"}]


def test_a_block_without_a_name_is_refused() -> None:
    with pytest.raises(ValueError, match="without a name"):
        examples_of("```graphql\n{ me { username } }\n```")
