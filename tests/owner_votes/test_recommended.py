"""A joint meeting recommends, the owners vote: one leads to the other, and both say so."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from strawberry.relay import to_base64

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.errors import RuleViolation
from backend.meetings import actions as meetings
from backend.meetings.models import JointMeeting, Resolution
from backend.owner_votes import actions
from backend.owner_votes.models import OwnerVote
from backend.people.models import User
from backend.places.models import Community
from tests.meetings.world import Town, build_town, decided, in_session
from tests.owner_votes.conftest import DAY, Block, new_vote
from tests.owner_votes.test_doors import signed_in
from tests.schema.asking import OPEN, data

pytestmark = pytest.mark.django_db(databases="__all__")
CREATE = """mutation ($input: CreateOwnerVoteInput!) { createOwnerVote(input: $input) {
  vote { code matter recommendation { number text ownerVotes { code } } } errors { field code } } }"""
UPDATE = """mutation ($input: UpdateOwnerVoteInput!) { updateOwnerVote(input: $input) {
  vote { recommendation { number } } errors { field code } } }"""


def recommended(town: Town, *, matter: str = "common_use", confirmed: bool = True) -> Resolution:
    """What a meeting recommends on the first item of its agenda."""
    meeting = in_session(town)
    item = meeting.items.get()
    type(item).objects.filter(pk=item.pk).update(owner_matter=matter, title="架空层设阅读角")
    vote = decided(meeting, town)
    made = meetings.resolve(item, "建议由业主就架空层设阅读角进行表决。", by=SYSTEM, vote=vote)
    meetings.add_action(made, town.bodies["业委会"], "拟订方案", by=SYSTEM)
    meeting = meetings.close(JointMeeting.objects.get(pk=meeting.pk), by=SYSTEM)
    if confirmed:
        meetings.confirm(meeting, by=SYSTEM)
    return Resolution.objects.get(pk=made.pk)


@pytest.fixture
def town(community: Community) -> Town:
    return build_town(community)


@pytest.fixture
def recommendation(town: Town) -> Resolution:
    return recommended(town)


def reading_corner(block: Block, resolution: Resolution | None) -> OwnerVote:
    return new_vote(block, matter="common_use", recommendation=resolution)


def test_a_vote_started_from_a_recommendation_goes_its_way(
    block: Block, recommendation: Resolution
) -> None:
    vote = actions.open_vote(reading_corner(block, recommendation), by=SYSTEM)
    assert list(recommendation.owner_votes.all()) == [vote]
    vote.recommendation = None
    with pytest.raises(RuleViolation) as refused:
        gate.save(vote, by=SYSTEM)
    assert refused.value.code == "owner_vote_begun"


def test_minutes_that_go_back_to_the_draft_stop_no_vote_that_has_its_recommendation(
    block: Block, recommendation: Resolution
) -> None:
    vote = reading_corner(block, recommendation)
    meetings.MEETING_VERBS["reopen_minutes"](recommendation.meeting, by=SYSTEM, reason="写错了")
    vote = OwnerVote.objects.get(pk=vote.pk)
    vote.ends_on += DAY
    assert gate.save(vote, by=SYSTEM).recommendation == recommendation


@pytest.mark.parametrize(
    ("matter", "confirmed", "code"),
    [
        ("fund_use", True, "recommendation_differs"),
        ("", True, "not_a_recommendation"),
        ("common_use", False, "recommendation_not_confirmed"),
    ],
)
def test_refuses_what_the_meeting_did_not_recommend(
    block: Block, town: Town, worker: User, matter: str, confirmed: bool, code: str
) -> None:
    resolution = recommended(town, matter=matter, confirmed=confirmed)
    with pytest.raises(RuleViolation) as refused:
        reading_corner(block, resolution)
    assert refused.value.code == code
    answer = by_api(worker, block, resolution)
    assert [error["code"] for error in answer["errors"]] == [code]
    page = signed_in(worker).post("/admin/owner_votes/ownervote/add/", form(block, resolution))
    assert page.status_code == 200
    assert not OwnerVote.objects.exists()


def test_refuses_the_recommendation_of_another_community(
    block: Block, other_community: Community
) -> None:
    resolution = recommended(build_town(other_community))
    with pytest.raises(RuleViolation) as refused:
        reading_corner(block, resolution)
    assert refused.value.code == "not_found"


def by_api(user: User, block: Block, resolution: Resolution, key: str = "1") -> Any:
    today = timezone.localdate()
    given = {
        "estate": block.estate.code,
        "title": "架空层设阅读角",
        "question": "是否同意？",
        "matter": "COMMON_USE",
        "startsOn": today.isoformat(),
        "endsOn": (today + 9 * DAY).isoformat(),
        "recommendationId": to_base64("Resolution", resolution.pk),
        "idempotencyKey": key,
    }
    return data(signed_in(user), CREATE, input=given)["createOwnerVote"]


def form(block: Block, resolution: Resolution) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "community": block.community.pk,
        "estate": block.estate.pk,
        "recommendation": resolution.pk,
        "title": "架空层设阅读角",
        "matter": "common_use",
        "question": "是否同意？",
        "starts_on": today.isoformat(),
        "ends_on": (today + 9 * DAY).isoformat(),
    }


def test_the_main_api_starts_one_and_shows_it_on_both_records(
    block: Block, recommendation: Resolution, worker: User, contact: User
) -> None:
    answer = by_api(worker, block, recommendation)
    assert answer["errors"] == []
    made = answer["vote"]
    assert made["recommendation"]["number"] == recommendation.number
    assert made["recommendation"]["ownerVotes"] == [{"code": made["code"]}]
    assert by_api(worker, block, recommendation)["vote"]["code"] == made["code"]

    # The organizer's contact sees the vote, and no meeting.
    vote = OwnerVote.objects.get()
    vote.organizer = block.committee
    gate.save(vote, by=SYSTEM)
    question = "{ ownerVotes(first: 5) { edges { node { code recommendation { text } } } } }"
    seen = data(signed_in(contact), question)["ownerVotes"]["edges"]
    assert seen == [{"node": {"code": made["code"], "recommendation": None}}]

    by_code = """query ($code: String!) { ownerVotes(first: 5, filters: {recommendation: $code}) {
      totalCount } }"""
    for code, count in ((recommendation.code, 1), ("jy-andere", 0)):
        found = data(signed_in(worker), by_code, code=code)
        assert found["ownerVotes"]["totalCount"] == count

    given = {"voteId": to_base64("OwnerVote", vote.pk), "recommendationId": None}
    changed = data(signed_in(worker), UPDATE, input=given)["updateOwnerVote"]
    assert changed == {"vote": {"recommendation": None}, "errors": []}


def test_the_pages_lead_from_one_to_the_other(
    block: Block, recommendation: Resolution, worker: User, secretary: User
) -> None:
    staff = signed_in(worker)
    resolution_page = f"/admin/meetings/resolution/{recommendation.pk}/change/"
    start = f"/admin/owner_votes/ownervote/add/?recommendation={recommendation.pk}"
    assert start in staff.get(resolution_page).content.decode()
    meeting_page = f"/admin/meetings/jointmeeting/{recommendation.meeting_id}/change/"
    assert start in staff.get(meeting_page).content.decode()

    # What the meeting said stands in the form; of two committees none is chosen.
    initial = staff.get(start).context["adminform"].form.initial
    assert initial["matter"] == "common_use"
    assert initial["title"] == "架空层设阅读角"
    assert initial["question"] == "是否同意：架空层设阅读角？"
    assert "organizer" not in initial

    assert (
        staff.post("/admin/owner_votes/ownervote/add/", form(block, recommendation)).status_code
        == 302
    )
    vote = OwnerVote.objects.get()
    assert vote.recommendation == recommendation
    vote_page = f"/admin/owner_votes/ownervote/{vote.pk}/change/"
    assert vote_page in staff.get(resolution_page).content.decode()
    assert recommendation.numbered in staff.get(f"/owner-votes/{vote.code}/").content.decode()


def test_until_the_minutes_are_confirmed_no_page_offers_a_vote(
    town: Town, block: Block, worker: User
) -> None:
    resolution = recommended(town, confirmed=False)
    page = signed_in(worker).get(f"/admin/meetings/resolution/{resolution.pk}/change/")
    assert "/admin/owner_votes/ownervote/add/?recommendation" not in page.content.decode()


def test_open_data_names_the_recommendation_once_its_minutes_are_published(
    block: Block, recommendation: Resolution, publish: Callable[[OwnerVote], OwnerVote]
) -> None:
    publish(reading_corner(block, recommendation))
    question = "{ ownerVotes(first: 5) { edges { node { title recommendation { number } } } } }"

    def asked() -> Any:
        return data(Client(), question, OPEN)["ownerVotes"]["edges"][0]["node"]["recommendation"]

    assert asked() is None
    meetings.publish(recommendation.meeting, by=SYSTEM)
    assert asked() == {"number": recommendation.number}


@pytest.fixture
def publish() -> Callable[[OwnerVote], OwnerVote]:
    """Opens a vote, lets everybody vote, and publishes what came of it."""

    def done(vote: OwnerVote) -> OwnerVote:
        vote = actions.open_vote(vote, by=SYSTEM)
        for head in vote.heads.all():
            actions.cast_of(head, "for", by=SYSTEM)
        return actions.publish(actions.count(vote, by=SYSTEM), by=SYSTEM)

    return done
