"""What verbs answer: nothing that a query would not show, and an earlier result only while it is seen."""

import datetime
from typing import Any

import pytest
from django.utils import timezone
from strawberry.relay import to_base64

from backend.core.models import IdempotencyKey
from backend.education.models import LegalEducationEvent, Venue
from backend.education.registering import register
from backend.education.tickets import ticket_token
from backend.people.models import CommunityRole, User
from tests.accounts.test_keys import call, key_for
from tests.conftest import user_with_role
from tests.education.neighbours import neighbour, small_event
from tests.schema.asking import caller, data

SCAN = """mutation ($input: CheckInInput!) { checkIn(input: $input) { errors { code }
  checkIn { success name registration { code size ticket }
    resident { id name residence diedOn household { id } } }
  checkIns { name registration { code name event { code } } resident { name community { code } } } } }"""
RECORD = """mutation ($id: ID!) { recordAttendance(input: {eventId: $id, name: "钱若水",
  idempotencyKey: "k1"}) { attendance { name event { code venue { name } } } errors { code } } }"""
REGISTER = """mutation ($input: RegisterForEventInput!) { registerForEvent(input: $input) {
  registration { code resident { name } event { code } } errors { code } } }"""
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def event(venue: Venue) -> LegalEducationEvent:
    now = timezone.now()
    return small_event(venue, starts_at=now - HOUR, ends_at=now + HOUR)


def gid(event: LegalEducationEvent) -> str:
    return to_base64("LegalEducationEvent", event.pk)


def test_a_scan_tells_a_steward_nothing_of_another_estates_people(
    event: LegalEducationEvent, estate: Any, worker: User
) -> None:
    row = register(event, by=neighbour(event.community, 1))
    steward = user_with_role("steward", "steward", community=event.community, estate=estate)
    entry = {"idempotencyKey": "a", "ticket": ticket_token(row)}
    given = {"eventId": gid(event), "device": "A", "entry": entry}
    for _ in ("a scan", "the same again"):
        told = data(caller(steward), SCAN, input=given)["checkIn"]
        assert told["errors"] == []
        assert told["checkIn"]["success"]
        assert (told["checkIn"]["registration"], told["checkIn"]["resident"]) == (None, None)
        assert (told["checkIns"][0]["registration"], told["checkIns"][0]["resident"]) == (
            None,
            None,
        )
    told = data(caller(worker), SCAN, input=given)["checkIn"]
    assert told["checkIn"]["registration"]["code"] == row.code, "the control"
    assert told["checkIn"]["resident"]["name"] == f"{row.name[0]}*"
    assert told["checkIns"][0]["registration"]["event"] == {"code": "pf-small"}


def test_a_key_hears_of_what_hangs_on_an_answer_what_it_names(
    event: LegalEducationEvent, worker: User
) -> None:
    scopes = ("attendance.see", "attendance.edit", "education.see", "registrations.register")
    answer = call(key_for(worker, *scopes), RECORD, id=gid(event)).json()
    assert answer["data"]["recordAttendance"]["attendance"]["event"]["code"] == "pf-small"
    person = neighbour(event.community, 1)
    token = key_for(person.user, "education.see_published", "registrations.register")
    given = {"eventId": gid(event), "idempotencyKey": "k"}
    for _ in ("once", "the same again"):
        made = call(token, REGISTER, input=given).json()["data"]["registerForEvent"]
        assert made["errors"] == []
        assert made["registration"]["resident"] is None, "it may not read the roster"
        assert made["registration"]["code"]


def test_an_earlier_result_is_answered_only_while_it_is_seen(
    event: LegalEducationEvent, worker: User
) -> None:
    first = data(caller(worker), RECORD, id=gid(event))["recordAttendance"]
    assert data(caller(worker), RECORD, id=gid(event))["recordAttendance"] == first, "the control"
    # Sees the event still, and the sign-in list no more.
    CommunityRole.objects.filter(user=worker).update(role="resident")
    again = data(caller(worker), RECORD, id=gid(event))["recordAttendance"]
    assert again == {"attendance": None, "errors": [{"code": "not_found"}]}
    assert IdempotencyKey.objects.count() == 1
    token = key_for(worker, "education.see_published")
    answer = call(token, RECORD, id=gid(event)).json()["data"]["recordAttendance"]
    assert answer == again
