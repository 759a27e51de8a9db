"""The pages of a vote: who gets in, what is refused there, and what a notice does not say."""

import pytest
from django.test import Client

from backend.core.access import SYSTEM
from backend.owner_votes import actions
from backend.owner_votes.models import OwnerBallot, OwnerVote
from backend.people.models import User
from tests.conftest import user_with_role
from tests.owner_votes.conftest import Block, new_vote
from tests.owner_votes.test_votes import everybody, over

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def entry(vote: OwnerVote) -> str:
    return f"/owner-votes/{vote.code}/ballots/"


def paper(room: str = "1-1-101", opinion: str = "for", **more: str) -> dict[str, str]:
    return {"do": "cast", "room": room, "opinion": opinion, "given_on": "", **more}


def test_the_contact_enters_ballots_without_the_admin(running: OwnerVote, contact: User) -> None:
    client = client_of(contact)
    assert client.get("/owner-votes/").status_code == 200
    page = client.get(entry(running))
    assert "1-2-101" in page.content.decode()
    done = client.post(entry(running), paper())
    assert done.status_code == 302
    assert OwnerBallot.objects.get().opinion == "for"
    # What is refused is said, and what was typed stays.
    again = client.post(entry(running), paper(opinion="against", paper_number="A7"))
    assert "一户一票" in again.content.decode()
    assert "A7" in again.content.decode()
    assert OwnerBallot.objects.get().opinion == "for"


def test_the_contact_opens_and_counts_the_own_vote_on_its_page(
    draft: OwnerVote, contact: User, other_worker: User
) -> None:
    client, url = client_of(contact), f"/owner-votes/{draft.code}/"
    assert draft.title in client.get("/owner-votes/").content.decode()
    assert "开始投票" in client.get(url).content.decode()
    assert client_of(other_worker).post(url, {"do": "open"}).status_code == 404
    client.post(url, {"do": "open"})
    running = OwnerVote.objects.get()
    assert running.status == "open"
    assert "截止并计票" not in client.get(url).content.decode()
    # Too early, whoever asks.
    client.post(url, {"do": "count"})
    assert OwnerVote.objects.get().status == "open"
    over(running)
    assert "截止并计票" in client.get(url).content.decode()
    client.post(url, {"do": "count"})
    assert OwnerVote.objects.get().status == "counted"


def test_who_only_sees_a_vote_opens_and_counts_none(draft: OwnerVote, block: Block) -> None:
    steward = client_of(user_with_role("some-steward", "steward", community=block.community))
    url = f"/owner-votes/{draft.code}/"
    assert steward.post(url, {"do": "open"}).status_code == 404
    running = over(actions.open_vote(draft, by=SYSTEM))
    assert "截止并计票" not in steward.get(url).content.decode()
    steward.post(url, {"do": "count"})
    assert OwnerVote.objects.get().status == running.status == "open"


@pytest.mark.parametrize("role", ["steward", "office", "resident", "partner", "mediator"])
def test_nobody_else_enters_ballots(running: OwnerVote, block: Block, role: str) -> None:
    place = (
        {"subdistrict": block.community.subdistrict}
        if role == "office"
        else {"community": block.community}
    )
    client = client_of(user_with_role(f"some-{role}", role, **place))
    assert client.get(entry(running)).status_code == 404
    assert client.post(entry(running), paper()).status_code == 404
    assert not OwnerBallot.objects.exists()


def test_a_vote_of_another_community_is_not_there(running: OwnerVote, other_worker: User) -> None:
    client = client_of(other_worker)
    for end in ("", "ballots/", "notice/"):
        assert client.get(f"/owner-votes/{running.code}/{end}").status_code == 404
    assert "电梯" not in client.get("/owner-votes/").content.decode()


def test_a_ballot_of_another_vote_is_not_corrected_here(
    running: OwnerVote, block: Block, worker: User
) -> None:
    other = actions.open_vote(new_vote(block), by=SYSTEM)
    ballot = actions.cast(other, "1-1-101", "for", by=SYSTEM)
    given = {"do": "correct", "ballot": str(ballot.pk), "opinion": "against", "reason": "录错了"}
    assert client_of(worker).post(entry(running), given).status_code == 200
    assert OwnerBallot.objects.get().opinion == "for"


def test_the_progress_says_what_is_missing(running: OwnerVote, worker: User) -> None:
    everybody(running, jia="for")
    page = client_of(worker).get(f"/owner-votes/{running.code}/").content.decode()
    # 149.75 of 559.25 m²: at least 372.84; one head of five, at least four.
    assert "还差 223.09 平方米" in page
    assert "还差 3 户" in page
    assert "26.77%" in page


def test_the_notice_names_nobody_and_no_room(running: OwnerVote, worker: User) -> None:
    client = client_of(worker)
    assert client.get(f"/owner-votes/{running.code}/notice/").status_code == 404
    everybody(running, jia="for", yi="for", bingding="for", wu="for", bing="against")
    actions.count(over(running), by=SYSTEM)
    page = client.get(f"/owner-votes/{running.code}/notice/").content.decode()
    assert "459.25 平方米" in page
    for told in ("业主甲", "13900", "1-1-101", "2-1-102", "反对"):
        assert told not in page, told


def test_a_draft_takes_no_ballots_and_is_opened_in_the_admin(
    draft: OwnerVote, worker: User
) -> None:
    client = client_of(worker)
    assert client.get(f"/owner-votes/{draft.code}/ballots/").status_code == 404
    page = client.get(f"/admin/owner_votes/ownervote/{draft.pk}/change/").content.decode()
    assert "开始投票" in page
    done = client.post(f"/admin/owner_votes/ownervote/{draft.pk}/move/open/", {})
    assert done.status_code == 302
    assert OwnerVote.objects.get().status == "open"


def test_a_room_is_entered_in_the_admin_in_square_metres(block: Block, worker: User) -> None:
    room = block.rooms["1-1-101"]
    url = f"/admin/owner_votes/ownedroom/{room.pk}/change/"
    client = client_of(worker)
    page = client.get(url).content.decode()
    assert 'value="89.50"' in page
    rows = {
        "ownerships-TOTAL_FORMS": "1",
        "ownerships-INITIAL_FORMS": "1",
        "ownerships-0-id": str(room.ownerships.get().pk),
        "ownerships-0-room": str(room.pk),
        "ownerships-0-owner": str(block.owners["乙"].pk),
    }
    form = {"building": room.building_id, "unit": "1", "room": "101", **rows}
    bad = client.post(url, form | {"size": "89.505"})
    assert "最多两位小数" in bad.content.decode()
    good = client.post(url, form | {"size": "90.5㎡"})
    assert good.status_code == 302, good.content.decode()[-3000:]
    room.refresh_from_db()
    assert room.size == 9050
    assert room.ownerships.get().owner == block.owners["乙"]
