"""Verbs of the main API: data or errors, once only, absent leaves and null clears."""

from typing import Any

import pytest
from strawberry.relay import to_base64

from backend.core.models import ChangeSet
from backend.education.models import Attendance, LegalEducationEvent, Venue
from backend.people.models import User
from tests.schema.asking import caller, data, nodes

CREATE = """mutation ($input: CreateLegalEducationEventInput!) {
  createLegalEducationEvent(input: $input) { event { id code title status statusLabel }
  errors { field code message } } }"""
UPDATE = """mutation ($input: UpdateLegalEducationEventInput!) {
  updateLegalEducationEvent(input: $input) { event { title capacity speaker } errors { field code } } }"""


@pytest.fixture
def client(worker: User) -> Any:
    return caller(worker)


def wanted(venue: Venue, **values: Any) -> dict[str, Any]:
    return {
        "community": "xinhe",
        "title": "反诈进楼栋",
        "venueId": to_base64("Venue", venue.pk),
        "startsAt": "2026-12-05T09:00:00+08:00",
        "endsAt": "2026-12-05T11:00:00+08:00",
        "idempotencyKey": "one",
    } | values


def test_creates_once_for_one_key(client: Any, venue: Venue) -> None:
    first = data(client, CREATE, input=wanted(venue))["createLegalEducationEvent"]
    assert first["errors"] == []
    assert first["event"]["statusLabel"] == "筹备中"
    again = data(client, CREATE, input=wanted(venue))["createLegalEducationEvent"]
    assert again == first
    assert LegalEducationEvent.objects.count() == 1
    other = data(client, CREATE, input=wanted(venue, idempotencyKey="two"))
    assert other["createLegalEducationEvent"]["event"]["id"] != first["event"]["id"]


def test_a_broken_rule_is_data_and_frees_the_key(client: Any, venue: Venue) -> None:
    backwards = wanted(venue, endsAt="2026-12-05T08:00:00+08:00")
    refused = data(client, CREATE, input=backwards)["createLegalEducationEvent"]
    assert refused["event"] is None
    (error,) = refused["errors"]
    assert (error["field"], error["code"]) == ("endsAt", "event_ends_before_start")
    assert data(client, CREATE, input=wanted(venue))["createLegalEducationEvent"]["errors"] == []


def test_absent_leaves_and_null_clears(client: Any, event_open: LegalEducationEvent) -> None:
    given = {"eventId": to_base64("LegalEducationEvent", event_open.pk)}
    set_both = data(client, UPDATE, input=given | {"capacity": 60, "speaker": "陆明远"})
    assert set_both["updateLegalEducationEvent"]["event"]["capacity"] == 60
    cleared = data(client, UPDATE, input=given | {"capacity": None})["updateLegalEducationEvent"]
    assert cleared["event"] == {"title": "民法典进小区", "capacity": None, "speaker": "陆明远"}


def test_every_write_names_the_door_and_the_caller(client: Any, venue: Venue) -> None:
    data(client, CREATE, input=wanted(venue))
    change = ChangeSet.objects.latest("pk")
    assert (change.door, change.actor_name) == ("graphql", "worker")


def test_one_person_signs_in_once(client: Any, event_open: LegalEducationEvent) -> None:
    query = """mutation ($id: ID!, $key: String!) { recordAttendance(input: {eventId: $id,
      name: "钱若水", idempotencyKey: $key}) { attendance { name } errors { code } } }"""
    event = to_base64("LegalEducationEvent", event_open.pk)
    first = data(client, query, id=event, key="a")["recordAttendance"]
    assert first == {"attendance": {"name": "钱*"}, "errors": []}
    assert data(client, query, id=event, key="a")["recordAttendance"] == first
    twice = data(client, query, id=event, key="b")["recordAttendance"]
    assert twice["attendance"] is None
    assert Attendance.objects.count() == 1


def test_actions_on_one_event_say_why_not(client: Any, event_open: LegalEducationEvent) -> None:
    query = """{ legalEducationEvent(code: "pf-open") { statusLabel(lang: EN)
      availableActions { name label allowed reason } } }"""
    found = data(client, query)["legalEducationEvent"]
    assert found["statusLabel"] == "Open for registration"
    assert {action["name"] for action in found["availableActions"]} == {"hold", "cancel"}
    for action in found["availableActions"]:
        assert action["allowed"] is (action["reason"] is None)


def test_pages_join_without_gap_or_repeat(client: Any, venue: Venue) -> None:
    from backend.core import gate
    from backend.core.access import SYSTEM
    from tests.conftest import new_event

    same = new_event(venue).starts_at
    gate.save_many(
        [new_event(venue, title=f"活动{n}", starts_at=same) for n in range(23)], by=SYSTEM
    )
    query = """query ($after: String) { legalEducationEvents(first: 5, after: $after,
      order: {startsAt: DESC}) { pageInfo { hasNextPage endCursor } edges { node { id } } } }"""
    seen: list[str] = []
    after = None
    while True:
        page = data(client, query, after=after)["legalEducationEvents"]
        seen += [node["id"] for node in nodes(page)]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert len(seen) == len(set(seen)) == 23


def test_times_bear_the_offset_of_the_place(client: Any, event_open: LegalEducationEvent) -> None:
    found = data(client, '{ legalEducationEvent(code: "pf-open") { startsAt } }')
    assert found["legalEducationEvent"]["startsAt"].endswith("+08:00")


def test_filters_narrow_and_updated_since_follows_changes(
    client: Any, event_open: LegalEducationEvent, event_planned: LegalEducationEvent
) -> None:
    query = """query ($filters: LegalEducationEventFilter) { legalEducationEvents(filters: $filters) {
      totalCount edges { node { code updatedAt } } } }"""

    def codes(**filters: Any) -> set[str]:
        found = data(client, query, filters=filters)["legalEducationEvents"]
        assert found["totalCount"] == len(found["edges"])
        return {node["code"] for node in nodes(found)}

    assert codes(status=["OPEN"]) == {"pf-open"}
    assert codes(search="筹备") == {"pf-planned"}
    assert codes(community="dongfang") == set()
    assert codes(venue="theatre") == {"pf-open", "pf-planned"}
    events = (event_open, event_planned)
    last = max(event.updated_at for event in events)
    since = {event.code for event in events if event.updated_at >= last}
    assert codes(updatedSince=last.isoformat()) == since
