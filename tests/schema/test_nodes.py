"""Objects by their ids: in order, null for what is not the caller's, no more than a page."""

import pytest
from strawberry.relay import to_base64

from backend.education.models import LegalEducationEvent, Venue
from backend.people.models import User
from tests.schema.asking import ask, caller, code, data

pytestmark = pytest.mark.django_db
QUERY = "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on LegalEducationEvent { title } ... on Venue { name } } }"


def test_nodes_come_in_order_and_only_the_callers(
    worker: User, other_worker: User, event_open: LegalEducationEvent, venue: Venue
) -> None:
    ids = [
        to_base64("Venue", venue.pk),
        to_base64("LegalEducationEvent", event_open.pk),
        to_base64("LegalEducationEvent", 999_999),
        to_base64("LegalEducationEvent", "x"),
        to_base64("Venue", venue.pk),
    ]
    found = data(caller(worker), QUERY, ids=ids)["nodes"]
    assert [one and one["id"] for one in found] == [ids[0], ids[1], None, None, ids[0]]
    assert found[1]["title"] == event_open.title
    assert data(caller(other_worker), QUERY, ids=ids)["nodes"] == [None] * 5
    assert code(ask(caller(worker), QUERY, ids=ids[:1] * 101)) == "bad_page"
    assert code(ask(caller(worker), QUERY, ids=["zzz"])) == "bad_id"
    assert ask(caller(worker), QUERY, ids=ids)["extensions"]["cost"]["price"] == 5
