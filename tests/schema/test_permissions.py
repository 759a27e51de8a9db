"""Four callers before the main API: what is not theirs does not exist for them."""

from typing import Any

import pytest
from strawberry.relay import to_base64

from backend.core import gate
from backend.core.access import SYSTEM
from backend.education.models import Attendance, LegalEducationEvent
from backend.imports.models import ImportBatch
from backend.people.models import Resident, User
from schema.main.schema import schema as main_schema
from tests.schema.asking import ask, caller, code, data, nodes

EVENTS = "{ legalEducationEvents(first: 10) { totalCount edges { node { id code } } } }"
ATTENDANCE = "{ attendances(first: 10) { totalCount edges { node { id name } } } }"
MOVE = """mutation ($id: ID!) { holdLegalEducationEvent(input: {eventId: $id}) {
  event { status } errors { field code message } } }"""
RECORD = """mutation ($id: ID!) { recordAttendance(input: {eventId: $id, name: "钱若水",
  idempotencyKey: "k1"}) { attendance { id } errors { code } } }"""


@pytest.fixture
def signed(event_open: LegalEducationEvent, event_planned: LegalEducationEvent) -> Attendance:
    """One resident on the list of an open event; a planned one beside it."""
    community = event_open.community
    person = gate.save(Resident(community=community, name="周若谷", phone="13900000002"), by=SYSTEM)
    row = Attendance(community=community, event=event_open, resident=person, name="周若谷")
    return gate.save(row, by=SYSTEM)


@pytest.fixture
def callers(worker: User, other_worker: User, resident_user: User) -> dict[str, Any]:
    """A worker, another community's worker, a resident, and nobody."""
    users = {"worker": worker, "other": other_worker, "resident": resident_user, "nobody": None}
    return {name: caller(user) for name, user in users.items()}


@pytest.mark.parametrize(
    ("who", "events", "rows"),
    [
        ("worker", {"pf-open", "pf-planned"}, 1),
        ("other", set(), 0),
        ("resident", {"pf-open"}, 0),
        ("nobody", set(), 0),
    ],
)
def test_lists_hold_what_the_caller_may_see(
    callers: dict[str, Any], signed: Attendance, who: str, events: set[str], rows: int
) -> None:
    listed = data(callers[who], EVENTS)["legalEducationEvents"]
    assert {node["code"] for node in nodes(listed)} == events
    assert listed["totalCount"] == len(events)
    assert data(callers[who], ATTENDANCE)["attendances"]["totalCount"] == rows


@pytest.mark.parametrize("who", ["other", "resident", "nobody"])
def test_rows_of_others_do_not_exist_by_any_way(
    callers: dict[str, Any], signed: Attendance, event_planned: LegalEducationEvent, who: str
) -> None:
    client = callers[who]
    for kind, pk in (
        ("Attendance", signed.pk),
        ("Resident", signed.resident_id),
        ("LegalEducationEvent", event_planned.pk),
    ):
        found = data(client, "query ($id: ID!) { node(id: $id) { id } }", id=to_base64(kind, pk))
        assert found == {"node": None}
    by_code = data(client, '{ legalEducationEvent(code: "pf-planned") { title } }')
    assert by_code == {"legalEducationEvent": None}


def test_the_control_sees_them(callers: dict[str, Any], signed: Attendance) -> None:
    given = to_base64("Attendance", signed.pk)
    query = "query ($id: ID!) { node(id: $id) { ... on Attendance { name resident { phone } } } }"
    assert data(callers["worker"], query, id=given) == {
        "node": {"name": "周*", "resident": {"phone": "139****0002"}}
    }


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("other", "not_found"), ("resident", "not_allowed"), ("nobody", "not_allowed")],
)
def test_verbs_refuse_those_who_may_not(
    callers: dict[str, Any], signed: Attendance, who: str, refusal: str
) -> None:
    event = to_base64("LegalEducationEvent", signed.event_id)
    for query, name in ((MOVE, "holdLegalEducationEvent"), (RECORD, "recordAttendance")):
        answer = data(callers[who], query, id=event)[name]
        # Nobody is told to sign in, or that there is no such thing: never that there is one.
        assert [e["code"] for e in answer["errors"]] in ([refusal], ["not_found"])
    signed.event.refresh_from_db()
    assert signed.event.status == "open"
    assert Attendance.objects.count() == 1


def test_a_worker_may(callers: dict[str, Any], signed: Attendance) -> None:
    event = to_base64("LegalEducationEvent", signed.event_id)
    assert data(callers["worker"], RECORD, id=event)["recordAttendance"]["errors"] == []
    moved = data(callers["worker"], MOVE, id=event)["holdLegalEducationEvent"]
    assert moved == {"event": {"status": "HELD"}, "errors": []}


def test_an_import_of_another_community_is_not_found(
    callers: dict[str, Any], worker: User, event_open: LegalEducationEvent
) -> None:
    batch = gate.save(
        ImportBatch(community=event_open.community, register="attendance", file_name="表.xlsx"),
        by=SYSTEM,
    )
    query = "query ($code: String!) { importReport(code: $code) { batch { status } } }"
    confirm = """mutation ($code: String!) { confirmImport(input: {batch: $code}) {
      errors { code } } }"""
    for who in ("other", "resident", "nobody"):
        assert data(callers[who], query, code=batch.code) == {"importReport": None}
        answer = data(callers[who], confirm, code=batch.code)["confirmImport"]
        assert answer["errors"][0]["code"] in ("not_found", "not_allowed")
    assert data(callers["worker"], query, code=batch.code)["importReport"] is not None


def test_a_session_without_its_csrf_token_is_refused(worker: User) -> None:
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(worker)
    body = {"query": "{ me { username } }"}
    assert client.post("/graphql/", body, content_type="application/json").status_code == 403
    bare = Client(enforce_csrf_checks=True)
    answer = bare.post("/graphql/", body, content_type="application/json").json()
    assert answer["data"] == {"me": None}
    assert "errors" not in answer


def test_no_filter_or_order_is_personal() -> None:
    types = main_schema._schema.type_map
    for name in ("AttendanceFilter", "AttendanceOrder"):
        assert not {"name", "phone", "gender", "remark"} & set(types[name].fields)
    # The control: the same question of a filter that has one of these.
    assert "search" in types["LegalEducationEventFilter"].fields


def test_asking_for_too_much_is_an_error_with_a_code(worker: User, event_open: Any) -> None:
    client = caller(worker)
    assert code(ask(client, EVENTS.replace("10", "101"))) == "bad_page"
    assert code(ask(client, EVENTS.replace("first: 10", 'first: 2, after: "zzz"'))) == "bad_cursor"
    assert code(ask(client, '{ node(id: "zzz") { id } }')) == "bad_id"
    assert code(ask(client, "{ me {")) == "bad_request"
    deep = "{ legalEducationEvents { edges { node { attendances { edges { node { event {" * 4
    assert code(ask(client, deep + " id " + "} " * deep.count("{"))) == "bad_request"
    many = " ".join(f"a{n}: me {{ username }}" for n in range(40))
    assert code(ask(client, f"{{ {many} }}")) == "bad_request"


def test_an_unexpected_error_says_nothing(
    worker: User, event_open: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    from backend.education import queries

    def broken(*args: Any) -> None:
        raise ZeroDivisionError("张三 13912345678")

    monkeypatch.setattr(queries, "why_event_cannot", broken)
    query = '{ legalEducationEvent(code: "pf-open") { availableActions { name } } }'
    answer = ask(caller(worker), query)
    assert code(answer) == "internal"
    assert "13912345678" not in str(answer) + caplog.text
    assert "ZeroDivisionError" in caplog.text
