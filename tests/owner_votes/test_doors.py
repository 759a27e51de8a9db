"""The same bad ballot, and the same bad room, is refused by the same rule at every door."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from strawberry.relay import to_base64

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.owner_votes import actions
from backend.owner_votes.models import OwnedRoom, OwnerBallot, OwnerVote
from backend.people.models import User
from tests.imports.doors import command
from tests.owner_votes.conftest import DAY, Block
from tests.owner_votes.sheets import as_csv
from tests.owner_votes.test_votes import everybody, over
from tests.schema.asking import OPEN, data

pytestmark = pytest.mark.django_db(databases="__all__")
CAST = """mutation ($input: CastOwnerBallotInput!) { castOwnerBallot(input: $input) {
  ballot { place rooms area opinion } errors { code } } }"""
ENTER = """mutation ($input: EnterOwnedRoomInput!) { enterOwnedRoom(input: $input) {
  room { building room size ownerships { owner { name } } } errors { code } } }"""
# What is wrong: room, paper number, days before today on which it came; and the rule's code.
BAD = {
    "no such room": (("1-1-999", "", 0), "room_unknown"),
    "several units": (("1-101", "", 0), "room_ambiguous"),
    "the same buyer by another room": (("1-2-102", "", 0), "owner_ballot_taken"),
    "a number that is used": (("2-1-101", "A1", 0), "paper_number_taken"),
    "before it opened": (("2-1-101", "", 5), "ballot_outside_period"),
}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def by_gate(vote: OwnerVote, user: User, given: tuple[str, str, datetime.date]) -> set[str]:
    room, paper, day = given
    try:
        actions.cast(
            vote, room, "against", by=Actor.of(user, "test"), paper_number=paper, given_on=day
        )
    except RuleViolation as violation:
        return {violation.code}
    return set()


def by_page(vote: OwnerVote, user: User, given: tuple[str, str, datetime.date]) -> set[str]:
    room, paper, day = given
    form = {"do": "cast", "room": room, "opinion": "against"}
    form |= {"paper_number": paper, "given_on": day.isoformat()}
    page = signed_in(user).post(f"/owner-votes/{vote.code}/ballots/", form)
    return {page.context["refused"].code} if page.status_code == 200 else set()


def by_api(vote: OwnerVote, user: User, given: tuple[str, str, datetime.date]) -> set[str]:
    room, paper, day = given
    values = {
        "voteId": to_base64("OwnerVote", vote.pk),
        "room": room,
        "opinion": "AGAINST",
        "paperNumber": paper,
        "givenOn": day.isoformat(),
        "idempotencyKey": room,
    }
    body = {"query": CAST, "variables": {"input": values}}
    answer = signed_in(user).post("/graphql/", body, content_type="application/json").json()
    return {error["code"] for error in answer["data"]["castOwnerBallot"]["errors"]}


def by_sheet(
    vote: OwnerVote, user: User, given: tuple[str, str, datetime.date], folder: Path
) -> set[str]:
    room, paper, day = given
    path = folder / "选票.csv"
    path.write_bytes(
        as_csv([["房号", "意见", "选票编号", "收到日期"], [room, "反对", paper, day.isoformat()]])
    )
    _, answer = command("owner_ballots", str(path), "--event", vote.code)
    return {problem["code"] for problem in answer["problems"] if problem["level"] != "note"}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_ballot_is_refused_alike_by_every_door(
    running: OwnerVote, worker: User, tmp_path: Path, what: str
) -> None:
    (room, paper, days), code = BAD[what]
    given = (room, paper, timezone.localdate() - days * DAY)
    actions.cast(running, "1-1-101", "for", by=SYSTEM, paper_number="A1")
    # A sheet may say it again, so that it asks: is the paper right, or what was entered?
    of_sheet = "ballot_differs" if code == "owner_ballot_taken" else code
    assert by_gate(running, worker, given) == {code}
    assert by_page(running, worker, given) == {code}
    assert by_api(running, worker, given) == {code}
    assert by_sheet(running, worker, given, tmp_path) == {of_sheet}
    assert list(OwnerBallot.objects.values_list("opinion", flat=True)) == ["for"]


def test_a_good_ballot_goes_in_by_every_door(
    running: OwnerVote, worker: User, tmp_path: Path
) -> None:
    today = timezone.localdate()
    assert by_gate(running, worker, ("1-1-101", "1", today)) == set()
    assert by_page(running, worker, ("1-1-102", "2", today)) == set()
    assert by_api(running, worker, ("1-2-101", "3", today)) == set()
    assert by_sheet(running, worker, ("2-1-101", "4", today), tmp_path) == set()
    assert OwnerBallot.objects.filter(opinion="against").count() == 4


@pytest.mark.parametrize(
    ("size", "code"),
    [("0", "area_invalid"), ("89.505", "area_too_fine"), ("大", "area_unreadable")],
)
def test_a_bad_area_is_refused_alike_by_every_door(
    block: Block, worker: User, tmp_path: Path, size: str, code: str
) -> None:
    rooms = OwnedRoom.objects.count()
    client = signed_in(worker)
    building = block.rooms["1-1-101"].building
    form = {"building": building.pk, "unit": "9", "room": "901", "size": size}
    form |= {"ownerships-TOTAL_FORMS": "0", "ownerships-INITIAL_FORMS": "0"}
    page = client.post("/admin/owner_votes/ownedroom/add/", form)
    found = page.context["adminform"].form.errors.as_data()["size"]
    assert {error.code for error in found} == {code}
    values = {"estate": "wanda", "building": "1", "unit": "9", "room": "901", "size": size}
    values |= {"owners": [{"name": "业主新"}], "idempotencyKey": size}
    body: dict[str, Any] = {"query": ENTER, "variables": {"input": values}}
    answer = client.post("/graphql/", body, content_type="application/json").json()
    assert answer["data"]["enterOwnedRoom"]["errors"] == [{"code": code}]
    path = tmp_path / "房屋.csv"
    path.write_bytes(
        as_csv([["楼栋", "单元", "室", "面积", "业主姓名"], ["1", "9", "901", size, "业主新"]])
    )
    _, said = command("owned_rooms", str(path))
    assert {problem["code"] for problem in said["problems"]} == {code}
    assert OwnedRoom.objects.count() == rooms


def test_a_room_with_its_owners_goes_in_by_the_api(block: Block, worker: User) -> None:
    owner = to_base64("PropertyOwner", block.owners["甲"].pk)
    values = {
        "estate": "wanda",
        "building": "1",
        "unit": "9",
        "room": "901",
        "size": "88.8㎡",
        "owners": [{"ownerId": owner}, {"name": "业主新", "phone": "13900000088"}],
        "idempotencyKey": "room",
    }
    body: dict[str, Any] = {"query": ENTER, "variables": {"input": values}}
    client = signed_in(worker)
    for _ in range(2):
        answer = client.post("/graphql/", body, content_type="application/json").json()
        room = answer["data"]["enterOwnedRoom"]["room"]
        assert room["size"] == 8880
        assert [one["owner"]["name"] for one in room["ownerships"]] == ["业*", "业*"]
    assert OwnedRoom.objects.filter(unit="9").count() == 1


def test_only_published_results_are_open_data_and_they_name_nobody(running: OwnerVote) -> None:
    query = """{ ownerVotes(first: 10) { totalCount edges { node { code estate outcome areaAll areaTaking
      areaFor headsAll headsTaking headsFor takeNumerator agreeStrict } } } }"""
    everybody(running, jia="for", yi="for", bingding="for", wu="for", bing="against")
    counted = actions.count(over(running), by=SYSTEM)
    assert data(Client(), query, OPEN)["ownerVotes"]["totalCount"] == 0
    published = actions.publish(counted, by=SYSTEM)
    (edge,) = data(Client(), query, OPEN)["ownerVotes"]["edges"]
    assert edge["node"] == {
        "code": published.code,
        "estate": "万达华府",
        "outcome": "CARRIED",
        "areaAll": 55925,
        "areaTaking": 55925,
        "areaFor": 45925,
        "headsAll": 5,
        "headsTaking": 5,
        "headsFor": 4,
        "takeNumerator": 2,
        "agreeStrict": True,
    }
    actions.withdraw(published, by=SYSTEM, reason="核对")
    assert data(Client(), query, OPEN)["ownerVotes"]["totalCount"] == 0
    # How few said no is nobody's business but theirs.
    types = '{ __type(name: "OwnerVote") { fields { name } } }'
    names = {field["name"] for field in data(Client(), types, OPEN)["__type"]["fields"]}
    assert not names & {"areaAgainst", "headsAgainst", "headsAbstain", "heads", "rooms", "ballots"}


def test_the_gate_itself_takes_no_ballot_of_another_votes_head(
    running: OwnerVote, block: Block
) -> None:
    from tests.owner_votes.conftest import new_vote

    other = actions.open_vote(new_vote(block), by=SYSTEM)
    head = other.heads.first()
    assert head is not None
    ballot = OwnerBallot(
        community=block.community,
        vote=running,
        head=head,
        opinion="for",
        given_on=timezone.localdate(),
    )
    with pytest.raises(RuleViolation) as refused:
        gate.save(ballot, by=SYSTEM)
    assert refused.value.code == "ballot_unknown"
