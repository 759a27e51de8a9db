"""Registration and check-in in the main API: data or errors, once only, and who sees what."""

import datetime
from typing import Any

import pytest
from django.utils import timezone
from strawberry.relay import to_base64

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.models import Disclosure
from backend.core.reveals import open_reveal
from backend.education import actions
from backend.education.models import CheckIn, LegalEducationEvent, Registration, Venue
from backend.education.registering import join_waitlist, register
from backend.education.tickets import poster_token, ticket_token
from backend.people.models import Resident, User
from backend.places.models import Community
from tests.education.neighbours import neighbour, neighbours, small_event
from tests.schema.asking import ask, caller, carried_out, data, id_of, nodes

REGISTRATION = (
    "registration { code size status statusLabel position ticket eventTitle } errors { field code }"
)
REGISTER = f"""mutation ($input: RegisterForEventInput!) {{
  registerForEvent(input: $input) {{ {REGISTRATION} }} }}"""
JOIN = f"""mutation ($input: RegisterForEventInput!) {{
  joinEventWaitlist(input: $input) {{ {REGISTRATION} }} }}"""
MOVE = """mutation ($id: ID!, $reason: String!) { %s(input: {registrationId: $id, reason: $reason}) {
  registration { status availableActions { name } } errors { code } } }"""
CHECK_IN = """mutation ($input: CheckInInput!) { checkIn(input: $input) {
  checkIn { id success } checkIns { id name success refusal companions idempotencyKey
  registration { code } } errors { field code } } }"""
EVENT = """{ legalEducationEvent(code: "pf-small") { registrationCount placesLeft waitlistCount
  myRegistration { id status statusLabel size position ticket availableActions { name } } } }"""
MINE = "{ myRegistrations(first: 9) { totalCount edges { node { code status name phone resident { name } availableActions { name } } } } }"
ALL = "{ registrations(first: 9) { totalCount edges { node { code name } } } checkIns(first: 9) { totalCount } }"


@pytest.fixture
def event(venue: Venue) -> LegalEducationEvent:
    return small_event(venue)


def wanted(event: LegalEducationEvent, **values: Any) -> dict[str, Any]:
    return {
        "eventId": to_base64("LegalEducationEvent", event.pk),
        "idempotencyKey": "k1",
    } | values


def test_a_resident_registers_sees_it_and_withdraws(
    event: LegalEducationEvent, community: Community
) -> None:
    first, second = (caller(one.user) for one in neighbours(community, 2))
    made = data(first, REGISTER, input=wanted(event, size=2))["registerForEvent"]
    assert made["errors"] == []
    assert (made["registration"]["status"], made["registration"]["size"]) == ("CONFIRMED", 2)
    assert made["registration"]["eventTitle"] == "小班普法课"
    again = data(first, REGISTER, input=wanted(event, size=2))["registerForEvent"]
    assert again["registration"]["code"] == made["registration"]["code"]
    full = data(second, REGISTER, input=wanted(event))["registerForEvent"]
    assert full == {"registration": None, "errors": [{"field": "event", "code": "event_full"}]}
    waits = data(second, JOIN, input=wanted(event))["joinEventWaitlist"]["registration"]
    assert (waits["status"], waits["position"], waits["statusLabel"]) == ("WAITLISTED", 1, "候补中")
    seen = data(second, EVENT)["legalEducationEvent"]
    mine = seen.pop("myRegistration")
    assert seen == {"registrationCount": 2, "placesLeft": 0, "waitlistCount": 1}
    assert (mine["status"], mine["statusLabel"], mine["position"]) == ("WAITLISTED", "候补中", 1)
    assert mine["availableActions"] == [{"name": "withdraw"}]
    own = data(first, EVENT)["legalEducationEvent"]["myRegistration"]
    left = data(first, MOVE % "withdrawRegistration", id=own["id"], reason="")
    assert left["withdrawRegistration"]["errors"] == []
    assert left["withdrawRegistration"]["registration"]["availableActions"] == []
    assert data(first, EVENT)["legalEducationEvent"]["myRegistration"] is None
    assert data(second, EVENT)["legalEducationEvent"]["myRegistration"]["status"] == "CONFIRMED"


def test_lists_hold_ones_own_and_for_staff_those_of_others(
    event: LegalEducationEvent, community: Community, worker: User, other_worker: User
) -> None:
    first, second = neighbours(community, 2)
    row = register(event, by=first)
    register(event, by=second)
    (mine,) = nodes(data(caller(first.user), MINE)["myRegistrations"])
    assert (mine["code"], mine["name"]) == (row.code, f"{row.name[0]}*")
    assert mine["availableActions"] == [{"name": "withdraw"}]
    counts = {
        name: data(caller(user), ALL)["registrations"]["totalCount"]
        for name, user in {
            "first": first.user,
            "worker": worker,
            "other": other_worker,
            "nobody": None,
        }.items()
    }
    assert counts == {"first": 1, "worker": 2, "other": 0, "nobody": 0}
    # What a worker enters for others is not the worker's own.
    assert data(caller(worker), MINE)["myRegistrations"]["totalCount"] == 0


def test_anothers_registration_does_not_exist_by_any_way(
    event: LegalEducationEvent, community: Community, other_worker: User
) -> None:
    first, second = neighbours(community, 2)
    row = register(event, by=first)
    given = to_base64("Registration", row.pk)
    for user in (second.user, other_worker, None):
        client = caller(user)
        assert data(client, "query ($id: ID!) { node(id: $id) { id } }", id=given) == {"node": None}
        by_code = "query ($code: String!) { registration(code: $code) { status } }"
        assert data(client, by_code, code=row.code) == {"registration": None}
        for verb in ("withdraw", "confirm", "reject", "promote"):
            name = f"{verb}Registration"
            answer = data(client, MOVE % name, id=given, reason="x")[name]
            assert answer["errors"][0]["code"] in ("not_found", "not_allowed")
    row.refresh_from_db()
    assert row.status == "confirmed"
    by_code = data(caller(first.user), by_code, code=row.code)
    assert by_code == {"registration": {"status": "CONFIRMED"}}, "the control"


def test_staff_approve_with_reasons_and_hear_why_not(
    event: LegalEducationEvent, community: Community, worker: User
) -> None:
    event.needs_approval = True
    actions.save_event(event, by=SYSTEM)
    first, second = neighbours(community, 2)
    row = register(event, by=first, size=2)
    line = join_waitlist(event, by=second)
    client = caller(worker)
    query = """query ($code: String!) { registration(code: $code) {
      availableActions { name allowed reason } } }"""
    found = data(client, query, code=line.code)["registration"]["availableActions"]
    assert {a["name"]: a["allowed"] for a in found} == {
        "promote": False,
        "reject": True,
        "withdraw": True,
    }
    given = to_base64("Registration", row.pk)
    answer = data(client, MOVE % "rejectRegistration", id=given, reason="")["rejectRegistration"]
    assert answer["errors"] == [{"code": "reason_required"}]
    answer = data(client, MOVE % "confirmRegistration", id=given, reason="")["confirmRegistration"]
    assert answer["registration"]["status"] == "CONFIRMED"


def test_a_worker_enters_residents_and_strangers(
    event: LegalEducationEvent, community: Community, worker: User
) -> None:
    old = gate.save(Resident(community=community, name="冯老伯", phone="13900000077"), by=SYSTEM)
    client = caller(worker)
    by_phone = wanted(event, residentId=to_base64("Resident", old.pk), source="PHONE")
    assert data(client, REGISTER, input=by_phone)["registerForEvent"]["errors"] == []
    stranger = wanted(event, name="路过的", phone="13912345678", idempotencyKey="k2")
    assert data(client, REGISTER, input=stranger)["registerForEvent"]["errors"] == []
    shown = nodes(
        data(client, "{ registrations { edges { node { name phone } } } }")["registrations"]
    )
    assert {"name": "路*", "phone": "139****5678"} in shown
    assert "13912345678" not in str(shown)


def test_a_phone_sends_what_it_kept_and_each_scan_is_judged_for_itself(
    venue: Venue, community: Community, worker: User
) -> None:
    now = timezone.now()
    hour = datetime.timedelta(hours=1)
    event = small_event(venue, starts_at=now - hour, ends_at=now + hour)
    row = register(event, by=neighbours(community, 1)[0], size=2)
    at = (now - hour / 2).isoformat()
    entries = [
        {"idempotencyKey": "a", "ticket": ticket_token(row), "occurredAt": at, "source": "OFFLINE"},
        {"idempotencyKey": "b", "ticket": ticket_token(row), "occurredAt": at, "source": "OFFLINE"},
        {"idempotencyKey": "c", "ticket": "made up"},
        {"idempotencyKey": "d", "name": "挤进来的", "forced": True},
        {"idempotencyKey": "e", "name": "路过的"},
    ]
    given = {"eventId": wanted(event)["eventId"], "device": "A", "entries": entries}
    answer = data(caller(worker), CHECK_IN, input=given)["checkIn"]
    assert [(c["success"], c["refusal"]) for c in answer["checkIns"]] == [
        (True, ""),
        (False, "already_checked_in"),
        (False, "ticket_unknown"),
        (True, ""),
    ]
    assert answer["errors"] == [{"field": "entries.3.reason", "code": "reason_required"}]
    assert answer["checkIns"][0]["companions"] == 1
    # Sent again, because the answer was lost on the way: nothing new.
    assert data(caller(worker), CHECK_IN, input=given)["checkIn"] == answer
    assert CheckIn.objects.count() == 4
    many = given | {"entries": [{"idempotencyKey": str(n), "name": "x"} for n in range(201)]}
    refused = data(caller(worker), CHECK_IN, input=many)["checkIn"]
    assert refused["errors"] == [{"field": "entries", "code": "too_many_entries"}]


def test_a_resident_arrives_by_herself(venue: Venue, community: Community) -> None:
    now, hour = timezone.now(), datetime.timedelta(hours=1)
    event = small_event(venue, starts_at=now, ends_at=now + hour)
    (one,) = neighbours(community, 1)
    register(event, by=one)
    given = {"eventId": wanted(event)["eventId"], "idempotencyKey": "k"}
    answer = data(caller(one.user), CHECK_IN, input=given)["checkIn"]
    assert answer["errors"] == []
    assert answer["checkIn"]["success"]
    assert data(caller(one.user), ALL)["checkIns"]["totalCount"] == 1


def test_a_poster_leads_to_its_event(
    event: LegalEducationEvent, community: Community, other_worker: User
) -> None:
    (one,) = neighbours(community, 1)
    query = "query ($t: String!) { eventOfPoster(token: $t) { code placesLeft } }"
    found = data(caller(one.user), query, t=poster_token(event))
    assert found == {"eventOfPoster": {"code": "pf-small", "placesLeft": 2}}
    for user, token in ((one.user, "pf-small.1.x"), (other_worker, poster_token(event))):
        assert data(caller(user), query, t=token) == {"eventOfPoster": None}


@pytest.mark.parametrize("who", ["nobody", "other"])
def test_those_who_do_not_belong_here_register_nobody(
    event: LegalEducationEvent, other_worker: User, who: str
) -> None:
    client = caller(other_worker if who == "other" else None)
    for query, name, given in (
        (REGISTER, "registerForEvent", wanted(event)),
        (JOIN, "joinEventWaitlist", wanted(event)),
        (CHECK_IN, "checkIn", wanted(event)),
    ):
        answer = data(client, query, input=given)[name]
        assert answer["errors"][0]["code"] in ("not_found", "not_allowed")
    assert not Registration.objects.exists()
    assert not CheckIn.objects.exists()


def test_who_waits_shows_in_no_count_of_participants(
    event: LegalEducationEvent, community: Community
) -> None:
    first, second, third = neighbours(community, 3)
    register(event, by=first, size=2)
    join_waitlist(event, by=second)
    seen = data(caller(third.user), EVENT)["legalEducationEvent"]
    assert seen["registrationCount"] == 2
    assert data(caller(third.user), ALL)["registrations"]["totalCount"] == 0


def test_nothing_personal_can_be_filtered_on(worker: User) -> None:
    for name in ("name", "phone", "note", "resident"):
        answer = ask(
            caller(worker), f'{{ registrations(filters: {{ {name}: "x" }}) {{ totalCount }} }}'
        )
        assert answer["errors"][0]["extensions"]["code"] == "bad_request"


def test_the_desk_rings_those_who_have_registered_with_a_reason(
    worker: User, event_open: LegalEducationEvent
) -> None:
    person = neighbour(event_open.community, 1)
    register(event_open, by=person)
    query = "{ registrations(first: 5) { edges { node { phone nameInFull phoneInFull } } } }"
    masked = {"phone": "139****0001", "nameInFull": None, "phoneInFull": None}
    assert nodes(data(caller(worker), query)["registrations"]) == [masked]
    open_reveal(
        "registrations",
        community_id=event_open.community_id,
        reason="电话通知活动改期",
        by=Actor.of(worker, "graphql"),
    )
    (shown,) = nodes(data(caller(worker), query)["registrations"])
    assert shown["phoneInFull"] == "13900000001"
    assert Disclosure.objects.get().rows == 1


def test_the_desk_changes_a_registration_and_a_smaller_group_lets_others_in(
    event: LegalEducationEvent, community: Community, worker: User
) -> None:
    first, second = neighbours(community, 2)
    row, line = register(event, by=first, size=2), join_waitlist(event, by=second)
    given, wanted = {"registrationId": id_of(row)}, "registration { size name phone revision }"
    own = carried_out(caller(first.user), "updateRegistration", wanted, **given, size=1)
    assert own["errors"] == ["not_allowed"], "one's own is withdrawn, and entered anew"
    many = carried_out(caller(worker), "updateRegistration", wanted, **given, size=9)
    assert many["errors"] == ["event_full"]
    done = carried_out(
        caller(worker),
        "updateRegistration",
        wanted,
        **given,
        size=1,
        phone=None,
        note="一人来",
        expectedRevision=row.revision,
    )
    assert (done["errors"], done["registration"]["size"]) == ([], 1)
    line.refresh_from_db()
    row.refresh_from_db()
    assert (line.status, row.phone, row.note) == ("confirmed", "", "一人来")
    late = carried_out(caller(worker), "updateRegistration", wanted, **given, expectedRevision=1)
    assert (late["errors"], late["registration"]["size"]) == (["changed_meanwhile"], 1)


def test_a_renewed_poster_makes_the_old_one_void_once(
    event: LegalEducationEvent, worker: User, resident_user: User
) -> None:
    old, given = poster_token(event), {"eventId": id_of(event), "idempotencyKey": "k"}
    refused = carried_out(caller(resident_user), "renewEventPoster", "token", **given)
    assert (refused["errors"], refused["token"]) == (["not_allowed"], None)
    first, again = (
        carried_out(caller(worker), "renewEventPoster", "token event { code }", **given)
        for _ in range(2)
    )
    assert first == again, "a try that is sent again voids no poster just printed"
    query = "query ($token: String!) { eventOfPoster(token: $token) { code } }"
    found = [data(caller(worker), query, token=t)["eventOfPoster"] for t in (old, first["token"])]
    assert found == [None, {"code": event.code}]
