"""业主共同决定 in the main API: what is asked."""

from typing import Any

import strawberry
import strawberry_django
from strawberry.types import Info

from backend.owner_votes import actions, models, words
from backend.owner_votes.choices import OwnerVoteStatus
from backend.owner_votes.counting import Measured, OwnerCount
from schema.main.base import Connection, one_row, visible
from schema.main.owner_vote_types import (
    OwnedRoom,
    OwnerBallot,
    OwnerVote,
    OwnerVoteStanding,
    OwnerVoteThreshold,
)

_UNDER_WAY = (OwnerVoteStatus.OPEN, OwnerVoteStatus.COUNTED, OwnerVoteStatus.PUBLISHED)


@strawberry.type
class OwnerVotesQuery:
    owner_votes: Connection[OwnerVote] = strawberry_django.connection(
        description="Owners' votes, the latest first unless ordered; a contact sees those of the own body."
    )
    owned_rooms: Connection[OwnedRoom] = strawberry_django.connection(
        description="The register of rooms; owners come masked."
    )
    owner_ballots: Connection[OwnerBallot] = strawberry_django.connection(
        description="Ballots, for those who enter them alone."
    )

    @strawberry_django.field(description="One vote by its code; null if not the caller's.")
    @one_row()
    def owner_vote(self, info: Info, code: str) -> OwnerVote | None:
        rows = visible(models.OwnerVote, info).filter(code=code)
        return rows  # type: ignore[return-value]

    @strawberry.field(
        description="How one vote stands now, exactly; null if not the caller's, or not begun."
    )
    def owner_vote_standing(self, info: Info, code: str) -> OwnerVoteStanding | None:
        rows = visible(models.OwnerVote, info).filter(status__in=_UNDER_WAY)
        vote: Any = rows.filter(code=code).first()
        if vote is None:
            return None
        count = actions.count_now(vote) if vote.status == OwnerVoteStatus.OPEN else vote.count
        return _standing(count)


def _standing(count: OwnerCount) -> OwnerVoteStanding:
    measured = {
        "take_part_area": count.area_taking_part,
        "take_part_heads": count.heads_taking_part,
        "agree_area": count.area_agreeing,
        "agree_heads": count.heads_agreeing,
    }
    return OwnerVoteStanding(
        carried=count.carried,
        sentence=words.in_words(count),
        thresholds=[_threshold(name, one) for name, one in measured.items()],
    )


def _threshold(name: str, one: Measured) -> OwnerVoteThreshold:
    return OwnerVoteThreshold(
        name=name,
        part=one.part,
        whole=one.whole,
        least=one.least,
        short_of=one.short_of,
        reached=one.reached,
    )
