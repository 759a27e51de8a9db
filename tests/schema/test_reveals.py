"""The main API: a reveal with a reason, full values beside the masked ones, the log."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from strawberry.relay import to_base64

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.models import Disclosure, RevealTask
from backend.education.models import Attendance, LegalEducationEvent
from backend.people.models import Resident, User
from backend.places.models import Building, Community
from tests.conftest import user_with_role
from tests.schema.asking import MAIN, ask, caller, data, nodes

OPEN = """mutation ($input: OpenRevealInput!) { openReveal(input: $input) {
  reveal { area reason openedAt expiresAt community { code } } errors { field code } } }"""
CLOSE = """mutation ($input: CloseRevealInput!) { closeReveal(input: $input) {
  closed errors { field code } } }"""
LIST = """{ attendances(first: 50) { totalCount edges { node {
  name nameInFull resident { name nameInFull phone phoneInFull } } } } }"""
LOG = """query ($filters: DisclosureFilter) { disclosures(first: 10, filters: $filters) {
  totalCount edges { node { kind model rows whole reason actorName door community { code } } } } }"""
WHY = "电话通知活动改期"


@pytest.fixture
def signed(event_open: LegalEducationEvent) -> list[Attendance]:
    """Three people on the list of an open event; one of them nobody could identify."""
    community = event_open.community
    rows = []
    for n, name in enumerate(("周若谷", "吴越人", "郑重之")):
        person = None
        if n < 2:
            person = Resident(community=community, name=name, phone=f"1390000000{n}")
            gate.save(person, by=SYSTEM)
        row = Attendance(community=community, event=event_open, resident=person, name=name)
        rows.append(gate.save(row, by=SYSTEM))
    return rows


def open_(client: Client, area: str, community: str = "xinhe", reason: str = WHY) -> Any:
    given = {"area": area, "community": community, "reason": reason}
    return data(client, OPEN, input=given)["openReveal"]


def listed(client: Client) -> list[Any]:
    return nodes(data(client, LIST)["attendances"])


def test_each_area_is_seen_in_full_by_itself(worker: User, signed: list[Attendance]) -> None:
    client = caller(worker)
    assert {row["nameInFull"] for row in listed(client)} == {None}
    answer = open_(client, "attendance")
    assert answer["errors"] == []
    assert answer["reveal"]["community"]["code"] == "xinhe"
    assert {row["nameInFull"] for row in listed(client)} == {"周若谷", "吴越人", "郑重之"}
    assert {(row["resident"] or {}).get("phoneInFull") for row in listed(client)} == {None}
    open_(client, "people")
    phones = {(row["resident"] or {}).get("phoneInFull") for row in listed(client)}
    assert phones == {"13900000000", "13900000001", None}
    assert {row["name"] for row in listed(client)} == {"周*", "吴*", "郑*"}


def test_a_response_is_a_line_a_table(worker: User, signed: list[Attendance]) -> None:
    client = caller(worker)
    open_(client, "attendance")
    open_(client, "people")
    listed(client)
    lines = Disclosure.objects.order_by("model").values_list("model", "rows", "kind", "door")
    assert list(lines) == [
        ("education.Attendance", 3, "read", "graphql"),
        ("people.Resident", 2, "read", "graphql"),
    ]


def test_what_is_not_asked_for_is_not_logged(worker: User, signed: list[Attendance]) -> None:
    client = caller(worker)
    open_(client, "attendance")
    data(client, "{ attendances(first: 5) { edges { node { name } } } }")
    assert not Disclosure.objects.exists()


def test_it_ends_by_itself_and_on_request(worker: User, signed: list[Attendance]) -> None:
    client = caller(worker)
    open_(client, "attendance")
    assert [r["area"] for r in data(client, "{ reveals { area } }")["reveals"]] == ["attendance"]
    given = {"area": "attendance", "community": "xinhe"}
    assert data(client, CLOSE, input=given)["closeReveal"] == {"closed": True, "errors": []}
    assert data(client, CLOSE, input=given)["closeReveal"]["closed"] is False
    assert {row["nameInFull"] for row in listed(client)} == {None}
    open_(client, "attendance")
    RevealTask.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert {row["nameInFull"] for row in listed(client)} == {None}
    assert data(client, "{ reveals { area } }")["reveals"] == []


def test_in_one_request_the_later_operation_sees_what_the_earlier_opened(
    worker: User, signed: list[Attendance]
) -> None:
    given = {"area": "attendance", "community": "xinhe", "reason": WHY}
    batch = [{"query": LIST}, {"query": OPEN, "variables": {"input": given}}, {"query": LIST}]
    answers = caller(worker).post(MAIN, batch, content_type="application/json").json()
    before, _, after = answers
    assert {row["nameInFull"] for row in nodes(before["data"]["attendances"])} == {None}
    assert "周若谷" in {row["nameInFull"] for row in nodes(after["data"]["attendances"])}
    assert Disclosure.objects.get().rows == 3


@pytest.mark.parametrize(
    ("who", "area", "place", "reason", "code"),
    [
        ("worker", "attendance", "xinhe", "看", "reason_too_short"),
        ("worker", "attendance", "xinhe", "致电 139 0000 0001", "text_has_personal_data"),
        ("worker", "attendance", "xinhe", "为什么" * 100, "reason_too_long"),
        ("worker", "education", "xinhe", WHY, "not_found"),
        ("worker", "nothing", "xinhe", WHY, "not_found"),
        ("worker", "attendance", "dongfang", WHY, "not_found"),
        ("other", "attendance", "xinhe", WHY, "not_found"),
        ("resident", "attendance", "xinhe", WHY, "not_allowed"),
        ("office", "attendance", "xinhe", WHY, "not_allowed"),
        ("admin", "attendance", "xinhe", WHY, "not_allowed"),
        ("nobody", "attendance", "xinhe", WHY, "not_allowed"),
    ],
)
def test_who_may_not_or_says_nothing_opens_nothing(
    who: str,
    area: str,
    place: str,
    reason: str,
    code: str,
    worker: User,
    other_worker: User,
    resident_user: User,
    admin_user: User,
    signed: list[Attendance],
) -> None:
    office = user_with_role("office", "office", subdistrict=signed[0].community.subdistrict)
    users = {"worker": worker, "other": other_worker, "resident": resident_user, "nobody": None}
    client = caller((users | {"office": office, "admin": admin_user})[who])
    answer = open_(client, area, place, reason)
    assert answer["reveal"] is None
    assert [error["code"] for error in answer["errors"]] == [code]
    assert not RevealTask.objects.exists()


def test_a_steward_sees_those_of_the_estate(
    community: Community, building: Building, signed: list[Attendance]
) -> None:
    person = Resident.objects.get(name="周若谷")
    person.building = building
    gate.save(person, by=SYSTEM)
    steward = user_with_role("steward", "steward", community=community, estate=building.estate)
    client = caller(steward)
    assert open_(client, "attendance")["errors"] == []
    assert [row["nameInFull"] for row in listed(client)] == ["周若谷"]


def test_more_rows_take_no_more_statements(worker: User, signed: list[Attendance]) -> None:
    client = caller(worker)
    for area in ("attendance", "people"):
        open_(client, area)
    event = signed[0].event
    taken = []
    for more in (0, 20):
        for n in range(more):
            person = Resident(community=event.community, name=f"秦{n}", phone=f"139000001{n:02}")
            gate.save(person, by=SYSTEM)
            row = Attendance(community=event.community, event=event, resident=person, name=f"秦{n}")
            gate.save(row, by=SYSTEM)
        with CaptureQueriesContext(connection) as statements:
            listed(client)
        taken.append(len(statements))
    assert taken[0] == taken[1]


def test_the_log_is_for_supervisors_of_the_place(
    worker: User, secretary: User, other_community: Community, signed: list[Attendance]
) -> None:
    client = caller(worker)
    open_(client, "attendance")
    listed(client)
    (line,) = nodes(data(caller(secretary), LOG)["disclosures"])
    assert line == {
        "kind": "READ",
        "model": "education.Attendance",
        "rows": 3,
        "whole": True,
        "reason": WHY,
        "actorName": "worker",
        "door": "graphql",
        "community": {"code": "xinhe"},
    }
    for filters in ({"kind": ["EXPORT"]}, {"actorName": "secretary"}, {"community": "dongfang"}):
        found = data(caller(secretary), LOG, filters=filters)["disclosures"]
        assert found["totalCount"] == 0, filters
    there = user_with_role("there", "secretary", community=other_community)
    by_id = to_base64("Disclosure", Disclosure.objects.get().pk)
    node = "query ($id: ID!) { node(id: $id) { id } }"
    assert data(caller(secretary), node, id=by_id)["node"] == {"id": by_id}
    for user in (worker, there, None):
        assert data(caller(user), LOG)["disclosures"]["totalCount"] == 0
        assert ask(caller(user), node, id=by_id).get("data") in (None, {"node": None})


def test_a_mutation_answers_in_full_too(worker: User, signed: list[Attendance]) -> None:
    client = caller(worker)
    open_(client, "attendance")
    record = """mutation ($id: ID!) { recordAttendance(input: {eventId: $id, name: "钱若水",
      idempotencyKey: "k1"}) { attendance { name nameInFull } errors { code } } }"""
    event = to_base64("LegalEducationEvent", signed[0].event_id)
    answer = data(client, record, id=event)["recordAttendance"]
    assert answer["attendance"] == {"name": "钱*", "nameInFull": "钱若水"}
    assert Disclosure.objects.get().rows == 1
