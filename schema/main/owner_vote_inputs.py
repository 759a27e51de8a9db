"""What the mutations on owners' votes take."""

from datetime import date

import strawberry
from strawberry import relay

from schema.main.changes import SEEN
from schema.main.owner_vote_choices import Opinion, OwnerMatter

KEY = "The same key twice: the first result."


@strawberry.input
class RoomOwnerInput:
    """An owner: one that is registered, or a new one by name."""

    owner_id: relay.GlobalID | None = None
    name: str = ""
    phone: str = ""


@strawberry.input
class EnterOwnedRoomInput:
    """A room of an estate with its owners: new, or as it now is. These are its owners, nobody else."""

    estate: str = strawberry.field(description="Code of the estate.")
    building: str = strawberry.field(description="Number of the building.")
    room: str
    size: str = strawberry.field(description="Square metres, at most two decimals: 89.50")
    owners: list[RoomOwnerInput]
    idempotency_key: str = strawberry.field(description=KEY)
    unit: str = ""


@strawberry.input
class CreateOwnerVoteInput:
    """A draft."""

    estate: str = strawberry.field(description="Code of the estate.")
    title: str
    question: str = strawberry.field(description="Public in the end; names nobody.")
    matter: OwnerMatter
    starts_on: date
    ends_on: date
    idempotency_key: str = strawberry.field(description=KEY)
    organizer_id: relay.GlobalID | None = None
    recommendation_id: relay.GlobalID | None = strawberry.field(
        default=None,
        description="The resolution of a joint meeting that it is started from: a recommendation on "
        "the same matter, of a meeting whose minutes are confirmed.",
    )


@strawberry.input
class UpdateOwnerVoteInput:
    """What is left out stays. Once it is open, only the last day may move on."""

    vote_id: relay.GlobalID
    title: str | None = strawberry.UNSET
    question: str | None = strawberry.UNSET
    matter: OwnerMatter | None = strawberry.UNSET
    starts_on: date | None = strawberry.UNSET
    ends_on: date | None = strawberry.UNSET
    recommendation_id: relay.GlobalID | None = strawberry.field(
        default=strawberry.UNSET, description="As for `createOwnerVote`; null takes it off."
    )
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class MoveOwnerVoteInput:
    """A vote to move to its next state."""

    vote_id: relay.GlobalID
    reason: str = ""


@strawberry.input
class CastOwnerBallotInput:
    """The ballot of the owners of a room; it carries all that the same owners have."""

    vote_id: relay.GlobalID
    room: str = strawberry.field(description="As people write it: 3-2-501, 3号楼2单元501室.")
    opinion: Opinion
    idempotency_key: str = strawberry.field(description=KEY)
    paper_number: str = ""
    given_on: date | None = strawberry.field(
        default=None, description="Today while the vote runs; afterwards it has to be said."
    )


@strawberry.input
class CorrectOwnerBallotInput:
    """What the paper says."""

    ballot_id: relay.GlobalID
    opinion: Opinion
    reason: str


@strawberry.input
class TakeOutOwnerBallotInput:
    """A ballot that was entered by mistake."""

    ballot_id: relay.GlobalID
    reason: str
