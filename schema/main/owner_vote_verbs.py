"""业主共同决定 in the main API: what is done."""

from typing import Any

import strawberry
from strawberry.types import Info

from backend.core import gate
from backend.core.errors import not_found
from backend.meetings import models as meetings
from backend.owner_votes import actions, models
from backend.owner_votes.areas import area_of
from backend.people import models as people
from backend.places.models import Building, Estate
from schema.main import owner_vote_inputs as inputs
from schema.main.base import InputError, actor, answer, chosen, reread, viewer
from schema.main.idempotency import once
from schema.main.owner_vote_types import OwnedRoom, OwnerBallot, OwnerVote
from schema.main.verb_shapes import changed
from schema.main.verbs import Verbs


@strawberry.type
class OwnedRoomAnswer:
    """The room as it now stands, or what was wrong."""

    errors: list[InputError]
    room: OwnedRoom | None = None


@strawberry.type
class OwnerVoteAnswer:
    """The vote as it now stands, or what was wrong."""

    errors: list[InputError]
    vote: OwnerVote | None = None


@strawberry.type
class OwnerBallotAnswer:
    """The ballot, or what was wrong; null once it is taken out."""

    errors: list[InputError]
    ballot: OwnerBallot | None = None


def _estate(code: str, info: Info) -> Estate:
    found = Estate.objects.visible_to(viewer(info)).filter(code=code).first()
    if found is None:
        raise not_found("小区")
    return found


def _room(given: inputs.EnterOwnedRoomInput, info: Info) -> models.OwnedRoom:
    estate = _estate(given.estate, info)
    building = Building.objects.filter(estate=estate, name=given.building).first()
    if building is None:
        raise not_found("楼栋")
    door = {"building": building, "unit": given.unit, "room": given.room}
    rows = models.OwnedRoom.objects.visible_to(viewer(info))
    room = rows.filter(**door).first() or models.OwnedRoom(community_id=estate.community_id, **door)
    room.size = area_of(given.size)
    owners = [
        chosen(models.PropertyOwner, one.owner_id, info)
        if one.owner_id is not None
        else models.PropertyOwner(community_id=estate.community_id, name=one.name, phone=one.phone)
        for one in given.owners
    ]
    return actions.enter_room(room, owners, by=actor(info))


def _vote(given: inputs.CreateOwnerVoteInput, info: Info) -> models.OwnerVote:
    estate = _estate(given.estate, info)
    organizer = (
        chosen(people.Organization, given.organizer_id, info) if given.organizer_id else None
    )
    recommendation = (
        chosen(meetings.Resolution, given.recommendation_id, info)
        if given.recommendation_id
        else None
    )
    row = models.OwnerVote(
        community_id=estate.community_id,
        estate=estate,
        organizer=organizer,
        recommendation=recommendation,
        title=given.title,
        question=given.question,
        matter=given.matter,
        starts_on=given.starts_on,
        ends_on=given.ends_on,
    )
    return gate.save(row, by=actor(info))


def _move(info: Info, given: inputs.MoveOwnerVoteInput, verb: str) -> OwnerVoteAnswer:
    def do() -> dict[str, Any]:
        row = chosen(models.OwnerVote, given.vote_id, info)
        actions.VOTE_VERBS[verb](row, by=actor(info), reason=given.reason)
        return {"vote": reread(row, info, "vote")}

    return answer(OwnerVoteAnswer, do)


VOTES = Verbs(models.OwnerVote, OwnerVoteAnswer, "vote")


@strawberry.type
class OwnerVotesMutation:
    @strawberry.mutation(description="Registers a room with its owners, or changes them.")
    def enter_owned_room(self, info: Info, input: inputs.EnterOwnedRoomInput) -> OwnedRoomAnswer:
        def do() -> dict[str, Any]:
            by = actor(info)
            row = once(
                "enterOwnedRoom",
                input.idempotency_key,
                by,
                models.OwnedRoom,
                lambda: _room(input, info),
            )
            return {"room": reread(row, info, "room")}

        return answer(OwnedRoomAnswer, do)

    @strawberry.mutation(description="Makes a draft of a vote.")
    def create_owner_vote(self, info: Info, input: inputs.CreateOwnerVoteInput) -> OwnerVoteAnswer:
        def do() -> dict[str, Any]:
            by = actor(info)
            row = once(
                "createOwnerVote",
                input.idempotency_key,
                by,
                models.OwnerVote,
                lambda: _vote(input, info),
            )
            return {"vote": reread(row, info, "vote")}

        return answer(OwnerVoteAnswer, do)

    @strawberry.mutation(description="Changes a draft, or moves the last day of a vote on.")
    def update_owner_vote(self, info: Info, input: inputs.UpdateOwnerVoteInput) -> OwnerVoteAnswer:
        names = ("title", "question", "matter", "starts_on", "ends_on")
        links = {"recommendation_id": meetings.Resolution}
        return changed(VOTES, info, input.vote_id, input, names, links)

    @strawberry.mutation(description="Opens a draft: the register of this moment is its basis.")
    def open_owner_vote(self, info: Info, input: inputs.MoveOwnerVoteInput) -> OwnerVoteAnswer:
        return _move(info, input, "open")

    @strawberry.mutation(description="Closes and counts a vote whose last day is over.")
    def count_owner_vote(self, info: Info, input: inputs.MoveOwnerVoteInput) -> OwnerVoteAnswer:
        return _move(info, input, "count")

    @strawberry.mutation(description="Takes a count back: ballots come in again; needs a reason.")
    def recount_owner_vote(self, info: Info, input: inputs.MoveOwnerVoteInput) -> OwnerVoteAnswer:
        return _move(info, input, "recount")

    @strawberry.mutation(description="Makes the result public.")
    def publish_owner_vote(self, info: Info, input: inputs.MoveOwnerVoteInput) -> OwnerVoteAnswer:
        return _move(info, input, "publish")

    @strawberry.mutation(description="Takes a published result down; needs a reason.")
    def withdraw_owner_vote(self, info: Info, input: inputs.MoveOwnerVoteInput) -> OwnerVoteAnswer:
        return _move(info, input, "withdraw")

    @strawberry.mutation(description="Calls a vote off; needs a reason.")
    def cancel_owner_vote(self, info: Info, input: inputs.MoveOwnerVoteInput) -> OwnerVoteAnswer:
        return _move(info, input, "cancel")

    @strawberry.mutation(description="Enters a ballot, on paper in most cases.")
    def cast_owner_ballot(
        self, info: Info, input: inputs.CastOwnerBallotInput
    ) -> OwnerBallotAnswer:
        def do() -> dict[str, Any]:
            by = actor(info)
            vote = chosen(models.OwnerVote, input.vote_id, info)
            row = once(
                "castOwnerBallot",
                input.idempotency_key,
                by,
                models.OwnerBallot,
                lambda: actions.cast(
                    vote,
                    input.room,
                    input.opinion,
                    by=by,
                    paper_number=input.paper_number,
                    given_on=input.given_on,
                ),
            )
            return {"ballot": reread(row, info, "ballot")}

        return answer(OwnerBallotAnswer, do)

    @strawberry.mutation(description="Corrects a ballot to what the paper says; needs a reason.")
    def correct_owner_ballot(
        self, info: Info, input: inputs.CorrectOwnerBallotInput
    ) -> OwnerBallotAnswer:
        def do() -> dict[str, Any]:
            row = chosen(models.OwnerBallot, input.ballot_id, info)
            actions.correct(row, input.opinion, by=actor(info), reason=input.reason)
            return {"ballot": reread(row, info, "ballot")}

        return answer(OwnerBallotAnswer, do)

    @strawberry.mutation(description="Takes out a ballot entered by mistake; needs a reason.")
    def take_out_owner_ballot(
        self, info: Info, input: inputs.TakeOutOwnerBallotInput
    ) -> OwnerBallotAnswer:
        def do() -> dict[str, Any]:
            row = chosen(models.OwnerBallot, input.ballot_id, info)
            actions.take_out(row, by=actor(info), reason=input.reason)
            return {"ballot": None}

        return answer(OwnerBallotAnswer, do)
