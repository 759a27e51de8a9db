"""Every example of docs/api/owner-votes.md works on the demo's votes, and says something."""

from pathlib import Path

import pytest
from django.test import Client
from strawberry.relay import to_base64

from backend.owner_votes.models import OwnerVote
from backend.people.models import User
from tests.docs.blocks import Example, examples_of
from tests.schema.asking import MAIN, OPEN, data

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api" / "owner-votes.md"
EXAMPLES = examples_of(PAGE.read_text(encoding="utf-8"))
pytestmark = pytest.mark.usefixtures("demo_worker")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.name)
def test_an_example_of_the_page_works(example: Example) -> None:
    client = Client()
    if example.door == "main":
        client.force_login(User.objects.get(username="worker"))
    vote = OwnerVote.objects.get(code="yz-dianti")
    if "castOwnerBallot" in example.query:
        ballot = vote.ballots.filter(head__place="21-1-101")
        ballot.delete()
    query = example.query.replace("VOTE_ID", to_base64("OwnerVote", vote.pk))
    found = data(client, query, MAIN if example.door == "main" else OPEN)
    (answer,) = found.values()
    assert answer.get("edges") or answer.get("thresholds") or answer["ballot"], answer
