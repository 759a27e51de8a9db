"""Seeing in full behind an API key: what it does not name is neither seen nor closed."""

import pytest

from backend.core.models import Disclosure, RevealTask
from backend.education.models import LegalEducationEvent
from backend.people.models import User
from backend.places.models import Community
from tests.accounts.test_keys import call, in_api, key_for, list_of_one
from tests.accounts.test_pages import signed_in

__all__ = ["list_of_one"]
pytestmark = pytest.mark.django_db

OPEN_REVEAL = """mutation { openReveal(input: {area: "attendance", community: "xinhe",
  reason: "电话通知活动改期"}) { reveal { area } errors { code } } }"""
CLOSE_REVEAL = """mutation { closeReveal(input: {area: "attendance", community: "xinhe"}) {
  closed errors { code } } }"""
REVEALS = "{ reveals { area reason } }"


def test_a_key_sees_and_closes_only_the_reveals_that_it_names(
    worker: User, community: Community
) -> None:
    assert in_api(signed_in(worker), OPEN_REVEAL)["openReveal"]["errors"] == []
    token = key_for(worker, "places.see", "people.reveal")
    assert call(token, REVEALS).json()["data"] == {"reveals": []}
    assert call(token, CLOSE_REVEAL).json()["data"]["closeReveal"] == {
        "closed": False,
        "errors": [],
    }
    assert RevealTask.objects.get().closed_at is None
    token = key_for(worker, "places.see", "attendance.reveal")
    assert len(call(token, REVEALS).json()["data"]["reveals"]) == 1
    assert call(token, CLOSE_REVEAL).json()["data"]["closeReveal"]["closed"]


def test_what_a_program_reads_in_full_is_logged_as_a_programs(
    worker: User, list_of_one: LegalEducationEvent
) -> None:
    token = key_for(worker, "places.see", "attendance.see", "attendance.reveal")
    assert call(token, OPEN_REVEAL).json()["data"]["openReveal"]["errors"] == []
    query = "{ attendances { edges { node { nameInFull } } } }"
    (edge,) = call(token, query).json()["data"]["attendances"]["edges"]
    assert edge["node"]["nameInFull"]
    assert Disclosure.objects.get().door == "api_key"
    in_api(signed_in(worker), query)
    assert Disclosure.objects.latest("pk").door == "graphql", "the control: in person"
