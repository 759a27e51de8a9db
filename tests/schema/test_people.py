"""Residents in the main API: reads, searches, verbs; what is not the caller's does not exist."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from strawberry.relay import to_base64

from backend.core import gate
from backend.core.access import SYSTEM
from backend.people import actions
from backend.people.households import form_households
from backend.people.models import (
    Consent,
    Household,
    PrivacyNotice,
    Resident,
    ResidentPhone,
    User,
)
from backend.places.models import Building, Community
from tests.conftest import user_with_role
from tests.people.neighbours import OTHER, PHONE, THIRD, at, everything, neighbour
from tests.schema.asking import ask, caller, carried_out, data, id_of, nodes

ROSTER = """query ($search: String! = "", $filters: ResidentFilter) {
  residents(first: 50, search: $search, filters: $filters, order: {id: ASC}) { totalCount edges { node {
    id name phone residence residenceLabel phones { phone kind }
    household { occupied building head { name } members { phone } } } } } }"""
HOUSEHOLDS = """{ households(first: 50) { totalCount edges { node { id occupied building
  head { name phone } members { name phone } } } } }"""
ERRORS = "errors { field code message }"
PERSON = "resident { id name phone residence movedOutOn diedOn }"


def verb(name: str, kind: str, asked: str) -> str:
    return f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ {asked} {ERRORS} }} }}"


VERBS = {
    name: verb(name, f"{name[0].upper()}{name[1:]}Input", asked)
    for name, asked in (
        ("createResident", PERSON),
        ("updateResident", PERSON),
        ("moveOut", PERSON),
        ("moveInAgain", PERSON),
        ("recordDeath", PERSON),
        ("correctDeath", PERSON),
        ("mergeResidents", PERSON),
        ("unmergeResidents", "resident { id } restored { id } left"),
        ("addPhone", "phone { id phone kind }"),
        ("removePhone", "phone { id }"),
        ("setHouseholdOccupied", "household { occupied }"),
        ("giveConsent", "consent { id purpose withdrawnOn notice { version } }"),
        ("withdrawConsent", "consent { withdrawnOn }"),
    )
}


@pytest.fixture
def zhang(community: Community, building: Building) -> Resident:
    return neighbour(community, **at(building))


@pytest.fixture
def notice(community: Community) -> PrivacyNotice:
    today = timezone.localdate()
    return gate.save(
        PrivacyNotice(community=community, version="2025-1", text="告知", published_on=today),
        by=SYSTEM,
    )


def do(user: Any, name: str, /, **given: Any) -> dict[str, Any]:
    answer: dict[str, Any] = data(caller(user), VERBS[name], input=given)[name]
    return answer


def codes(answer: dict[str, Any]) -> list[str]:
    return [error["code"] for error in answer["errors"]]


def gid(row: Any) -> str:
    return str(to_base64(type(row).__name__, row.pk))


# --- reads ---------------------------------------------------------------------------------------


def test_the_roster_is_masked(zhang: Resident, community: Community, worker: User) -> None:
    actions.add_phone(zhang, phone=OTHER, kind="family", by=SYSTEM)
    form_households(community, by=SYSTEM)
    [person] = nodes(data(caller(worker), ROSTER)["residents"])
    assert (person["name"], person["phone"]) == ("张*", "138****5678")
    assert person["phones"] == [{"phone": "139****4321", "kind": "FAMILY"}]
    assert (person["residence"], person["residenceLabel"]) == ("PRESENT", "在住")
    assert person["household"] == {
        "occupied": True,
        "building": "3",
        "head": None,
        "members": [{"phone": "138****5678"}],
    }


@pytest.mark.parametrize("said", ["zs", "5678", "3-2-501", "3号楼 501", "张三 5678"])
def test_a_search_finds_for_the_desk_and_is_no_oracle_for_others(
    zhang: Resident, community: Community, worker: User, other_worker: User, said: str
) -> None:
    office = user_with_role("office", "office", subdistrict=community.subdistrict)
    found = {
        name: data(caller(user), ROSTER, search=said)["residents"]["totalCount"]
        for name, user in (
            ("worker", worker),
            ("office", office),
            ("other", other_worker),
            ("nobody", None),
        )
    }
    assert found == {"worker": 1, "office": 0, "other": 0, "nobody": 0}


def test_filters_are_of_nothing_personal(
    zhang: Resident, community: Community, worker: User
) -> None:
    gone = neighbour(community, "李四", OTHER)
    actions.move_out(gone, on=timezone.localdate(), by=SYSTEM)

    def names(**filters: Any) -> list[str]:
        listed = data(caller(worker), ROSTER, filters=filters)["residents"]
        return [person["name"] for person in nodes(listed)]

    assert names() == ["张*", "李*"]
    assert names(residence=["PRESENT"]) == ["张*"]
    assert names(residence=["MOVED_OUT", "DECEASED"]) == ["李*"]
    assert names(community="dongfang") == []
    assert names(estate="wanda") == ["张*"]
    assert names(updatedSince="2999-01-01T00:00:00+08:00") == []
    for personal in ("name", "phone", "initials", "phoneTail", "room", "birthMonth"):
        assert "errors" in ask(caller(worker), ROSTER, filters={personal: "5678"})


def test_another_communitys_people_do_not_exist(
    zhang: Resident, community: Community, other_worker: User, resident_user: User
) -> None:
    form_households(community, by=SYSTEM)
    phone = actions.add_phone(zhang, phone=OTHER, kind="own", by=SYSTEM)
    house = Household.objects.get()
    for user in (other_worker, resident_user, None):
        client = caller(user)
        assert data(client, ROSTER)["residents"]["totalCount"] == 0
        assert data(client, HOUSEHOLDS)["households"]["totalCount"] == 0
        for row in (zhang, phone, house):
            query = "query ($id: ID!) { node(id: $id) { id } }"
            assert data(client, query, id=gid(row)) == {"node": None}


def test_ten_times_the_people_take_no_more_statements(
    zhang: Resident, community: Community, building: Building, worker: User
) -> None:
    def grow(first: int, count: int) -> None:
        for n in range(first, first + count):
            person = neighbour(
                community, f"张{n}", f"1360000{n:04d}", **at(building, room=f"6{n:02d}")
            )
            actions.add_phone(person, phone=f"1370000{n:04d}", kind="own", by=SYSTEM)
        form_households(community, by=SYSTEM)

    def count(query: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            data(caller(worker), query)
        return len(captured)

    grow(0, 2)
    few = [count(query) for query in (ROSTER, HOUSEHOLDS)]
    grow(2, 18)
    assert [count(query) for query in (ROSTER, HOUSEHOLDS)] == few


# --- verbs ---------------------------------------------------------------------------------------


def test_a_person_is_entered_once_for_one_key(
    community: Community, building: Building, worker: User
) -> None:
    given = {"community": "xinhe", "name": "张三", "phone": PHONE, "idempotencyKey": "one"}
    made = do(worker, "createResident", **given, door="3号楼2单元501", gender="MALE")
    assert made["errors"] == []
    assert made == do(worker, "createResident", **given, door="3号楼2单元501", gender="MALE")
    person = Resident.objects.get()
    assert (person.room, person.gender) == ("501", "male")
    assert person.household == Household.objects.get()
    wrong = do(worker, "createResident", **(given | {"idempotencyKey": "two"}), door="9-1-101")
    assert codes(wrong) == ["address_unknown"]
    assert wrong["errors"][0]["field"] == "door"


def test_absent_leaves_null_clears_and_a_mask_changes_nothing(
    zhang: Resident, worker: User
) -> None:
    ident = gid(zhang)
    do(worker, "updateResident", residentId=ident, remark="独居", phone="138****5678")
    zhang.refresh_from_db()
    assert (zhang.remark, zhang.phone, zhang.room) == ("独居", PHONE, "501")
    answer = do(worker, "updateResident", residentId=ident, remark=None, door=None)
    assert answer["errors"] == []
    zhang.refresh_from_db()
    assert (zhang.remark, zhang.phone, zhang.room, zhang.building) == ("", PHONE, "", None)
    assert codes(do(worker, "updateResident", residentId=ident, phone="123")) == ["phone_invalid"]


def test_a_life_in_verbs(zhang: Resident, worker: User) -> None:
    ident = gid(zhang)
    out = do(worker, "moveOut", residentId=ident, on="2025-05-01", reason="去外地")
    assert (out["resident"]["residence"], out["resident"]["movedOutOn"]) == (
        "MOVED_OUT",
        "2025-05-01",
    )
    twice = do(worker, "moveOut", residentId=ident, on="2025-05-01")
    assert codes(twice) == ["resident_moved_out"]
    back = do(worker, "moveInAgain", residentId=ident, on="2025-06-01")
    assert back["resident"]["residence"] == "PRESENT"
    assert codes(do(worker, "recordDeath", residentId=ident, on="2999-01-01")) == ["day_in_future"]
    dead = do(worker, "recordDeath", residentId=ident, on="2025-07-01")
    assert dead["resident"]["residence"] == "DECEASED"
    alive = do(worker, "correctDeath", residentId=ident, reason="同名")
    assert alive["resident"]["diedOn"] is None


def test_a_merge_and_back(zhang: Resident, community: Community, worker: User) -> None:
    other = neighbour(community, phone=OTHER)
    before = everything()
    pair = {"keepId": gid(zhang), "dropId": gid(other)}
    assert codes(do(worker, "mergeResidents", **pair, reason="")) == ["reason_required"]
    assert do(worker, "mergeResidents", **pair, reason="重复")["errors"] == []
    assert data(caller(worker), ROSTER)["residents"]["totalCount"] == 1
    query = "query ($id: ID!) { node(id: $id) { id } }"
    assert data(caller(worker), query, id=gid(other)) == {"node": None}
    back = do(worker, "unmergeResidents", keepId=gid(zhang))
    assert (back["restored"]["id"], back["left"]) == (gid(other), 0)
    assert everything() == before
    assert codes(do(worker, "unmergeResidents", keepId=gid(zhang))) == ["not_found"]


def test_phones_and_households(zhang: Resident, community: Community, worker: User) -> None:
    given = {"residentId": gid(zhang), "phone": OTHER, "kind": "FAMILY", "idempotencyKey": "p"}
    made = do(worker, "addPhone", **given)
    assert made["phone"]["phone"] == "139****4321"
    assert made == do(worker, "addPhone", **given)
    assert codes(do(worker, "addPhone", **(given | {"idempotencyKey": "q"}))) == ["phone_twice"]
    assert do(worker, "removePhone", phoneId=made["phone"]["id"])["errors"] == []
    assert not ResidentPhone.objects.exists()
    form_households(community, by=SYSTEM)
    house = Household.objects.get()
    empty = do(worker, "setHouseholdOccupied", householdId=gid(house), occupied=False)
    assert empty["household"] == {"occupied": False}


def test_a_resident_agrees_and_takes_it_back(
    zhang: Resident, community: Community, notice: PrivacyNotice, resident_user: User, worker: User
) -> None:
    zhang.user = resident_user
    gate.save(zhang, by=SYSTEM)
    read = """{ currentNotice(community: "xinhe") { id version text } myConsents { id purpose } }"""
    seen = data(caller(resident_user), read)
    assert seen["currentNotice"]["version"] == "2025-1"
    assert data(caller(), read) == {"currentNotice": None, "myConsents": []}
    given = {"noticeId": gid(notice), "purpose": "PHOTOS", "idempotencyKey": "c"}
    made = do(resident_user, "giveConsent", **given)
    assert made["consent"]["notice"] == {"version": "2025-1"}
    assert made == do(resident_user, "giveConsent", **given)
    assert len(data(caller(resident_user), read)["myConsents"]) == 1
    assert data(caller(worker), read)["myConsents"] == []
    # Without a row of one's own one agrees to nothing.
    assert codes(do(worker, "giveConsent", **given)) == ["not_found"]
    staff = do(worker, "giveConsent", **given, residentId=gid(zhang), means="PAPER")
    assert codes(staff) == ["consent_taken"]
    done = do(resident_user, "withdrawConsent", consentId=made["consent"]["id"])
    assert done["consent"]["withdrawnOn"] == timezone.localdate().isoformat()


def test_nobody_else_does_any_of_it(
    zhang: Resident,
    community: Community,
    notice: PrivacyNotice,
    other_worker: User,
    resident_user: User,
) -> None:
    two = neighbour(community, phone=OTHER)
    phone = actions.add_phone(zhang, phone=THIRD, kind="own", by=SYSTEM)
    form_households(community, by=SYSTEM)
    house = Household.objects.get()
    consent = actions.give_consent(zhang, notice, purpose="roster", by=SYSTEM)
    office = user_with_role("office", "office", subdistrict=community.subdistrict)
    one, key = {"residentId": gid(zhang)}, {"idempotencyKey": "k"}
    tries: dict[str, dict[str, Any]] = {
        "createResident": {"community": "xinhe", "name": "李四", **key},
        "updateResident": {**one, "remark": "x"},
        "moveOut": {**one, "on": "2025-05-01"},
        "moveInAgain": {**one, "on": "2025-05-01"},
        "recordDeath": {**one, "on": "2025-05-01"},
        "correctDeath": {**one, "reason": "x"},
        "mergeResidents": {"keepId": gid(zhang), "dropId": gid(two), "reason": "x"},
        "unmergeResidents": {"keepId": gid(zhang)},
        "addPhone": {**one, "phone": OTHER, **key},
        "removePhone": {"phoneId": gid(phone)},
        "setHouseholdOccupied": {"householdId": gid(house), "occupied": False},
        "giveConsent": {**one, "noticeId": gid(notice), "purpose": "PHOTOS", **key},
        "withdrawConsent": {"consentId": gid(consent)},
    }
    assert set(tries) == set(VERBS)
    before = everything()
    for user in (other_worker, resident_user, office, None):
        for name, given in tries.items():
            found = set(codes(do(user, name, **given)))
            assert found, (user, name)
            assert found <= {"not_found", "not_allowed"}, (user, name)
    assert everything() == before
    assert Consent.objects.count() == 1


def test_households_are_formed_after_a_look_and_one_moves_out(
    zhang: Resident, community: Community, building: Building, worker: User, other_worker: User
) -> None:
    client, wanted = caller(worker), "households residents heads"
    gate.save(
        Resident(community=community, name="李四", building=building, unit="2", room="502"),
        by=SYSTEM,
    )
    given = {"community": "xinhe", "estate": building.estate.code}
    tried = carried_out(client, "formHouseholds", wanted, **given, dryRun=True)
    assert tried == {"errors": [], "households": 2, "residents": 2, "heads": 0}
    assert not Household.objects.exists()
    nowhere = carried_out(client, "formHouseholds", wanted, community="xinhe", estate="none")
    assert nowhere["errors"] == ["not_found"]
    theirs = carried_out(caller(other_worker), "formHouseholds", wanted, **given)
    assert theirs["errors"] == ["not_found"]
    assert carried_out(client, "formHouseholds", wanted, **given) == tried
    again = carried_out(client, "formHouseholds", wanted, community="xinhe")
    assert (again["households"], again["residents"]) == (0, 0)
    Household.objects.filter(room="502").update(head=zhang)
    for dry_run in (True, False):
        stray = carried_out(client, "formHouseholds", wanted, community="xinhe", dryRun=dry_run)
        assert (stray["households"], stray["heads"]) == (0, 1)
    assert not Household.objects.filter(head__isnull=False).exists()
    zhang.refresh_from_db()
    house, today = zhang.household, timezone.localdate()
    left = "household { occupied members { id } }"
    ahead = {"householdId": id_of(house), "on": str(today + timedelta(days=1))}
    refused = carried_out(client, "moveOutHousehold", left, **ahead)
    assert (refused["errors"], refused["household"]) == (["day_in_future"], None)
    gone = carried_out(client, "moveOutHousehold", left, **ahead | {"on": str(today)})
    assert gone["household"] == {"occupied": False, "members": []}
    zhang.refresh_from_db()
    assert (zhang.moved_out_on, zhang.household) == (today, None)
