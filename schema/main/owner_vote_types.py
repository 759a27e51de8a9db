"""业主共同决定 in the main API: votes, rooms with their owners (masked), ballots."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
import strawberry_django
from django.db.models import Count, F, Q
from strawberry import relay
from strawberry.types import Info

from backend.core.personal import masked
from backend.owner_votes import models
from schema.main.base import (
    AvailableAction,
    Seen,
    moves_of,
    of_organization,
)
from schema.main.files import HasAttachments
from schema.main.filters import code_of, of_community, one_of, updated_since
from schema.main.labels import in_words
from schema.main.organizations import Organization
from schema.main.owner_vote_choices import Opinion, OwnerMatter, OwnerVoteStatus, VoteOutcome
from schema.main.personal import in_full
from schema.main.places import Community

if TYPE_CHECKING:
    from schema.main.meetings import Resolution

_Resolution = Annotated["Resolution", strawberry.lazy("schema.main.meetings")]
HUNDREDTHS = "Whole hundredths of a square metre."


def _area(name: str) -> Any:
    return strawberry_django.field(field_name=name, description=HUNDREDTHS)


@strawberry_django.type(models.PropertyOwner, description="业主: an owner of rooms, masked.")
class PropertyOwner(Seen, relay.Node):
    id: relay.NodeID[int]
    organization: Organization | None

    @strawberry_django.field(
        annotate={"masked_name": masked("name", "name")}, description="Masked: 张*"
    )
    def name(self) -> str:
        return self.masked_name  # type: ignore[attr-defined]

    @strawberry_django.field(
        annotate={"masked_phone": masked("phone", "phone")},
        description="Masked: 138****5678; empty if unknown.",
    )
    def phone(self) -> str:
        return self.masked_phone  # type: ignore[attr-defined]

    name_in_full = in_full(models.PropertyOwner, "name")
    phone_in_full = in_full(models.PropertyOwner, "phone")


@strawberry_django.type(models.Ownership, description="That somebody owns a room now.")
class Ownership(Seen, relay.Node):
    id: relay.NodeID[int]
    owner: PropertyOwner


@strawberry_django.filter_type(models.OwnedRoom)
class OwnedRoomFilter:
    """Filters of rooms."""

    estate = code_of("building__estate", "In the estate with this code.")

    @strawberry_django.filter_field(description="In the building of this number.")
    def building(self, value: str, prefix: str) -> Q:
        return Q(**{f"{prefix}building__name": value})

    @strawberry_django.filter_field(description="Of this number.")
    def room(self, value: str, prefix: str) -> Q:
        return Q(**{f"{prefix}room": value})

    @strawberry_django.filter_field(description="Of which nobody is registered as an owner.")
    def without_owner(self, value: bool, prefix: str) -> Q:
        return Q(**{f"{prefix}ownerships__isnull": value})

    updated_since = updated_since()


@strawberry_django.order_type(models.OwnedRoom)
class OwnedRoomOrder:
    """Orders of rooms."""

    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.OwnedRoom,
    filters=OwnedRoomFilter,
    ordering=OwnedRoomOrder,
    description="房屋: an exclusive part with its area and its owners.",
)
class OwnedRoom(Seen, relay.Node):
    id: relay.NodeID[int]
    community: Community
    unit: str
    room: str
    size: int = _area("size")
    ownerships: list[Ownership] = strawberry_django.field(
        description="Its owners; several own it together, and are one head."
    )
    created_at: datetime
    updated_at: datetime

    @strawberry_django.field(
        annotate={"building_name": F("building__name")}, description="The building's number."
    )
    def building(self) -> str:
        return self.building_name  # type: ignore[attr-defined]

    @strawberry_django.field(annotate={"estate_name": F("building__estate__name")})
    def estate(self) -> str:
        return self.estate_name  # type: ignore[attr-defined]


@strawberry_django.filter_type(models.OwnerVote)
class OwnerVoteFilter:
    """Filters of votes."""

    status = one_of(OwnerVoteStatus, "status", "In one of these states.")
    matter = one_of(OwnerMatter, "matter", "On one of these matters.")
    estate = code_of("estate", "In the estate with this code.")
    recommendation = code_of("recommendation", "Started from the resolution with this code.")
    community = of_community()
    updated_since = updated_since()


@strawberry_django.order_type(models.OwnerVote)
class OwnerVoteOrder:
    """Orders of votes."""

    starts_on: strawberry.auto
    ends_on: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.OwnerVote,
    filters=OwnerVoteFilter,
    ordering=OwnerVoteOrder,
    description="业主共同决定: one question to the owners of one estate. Until it is counted, what was "
    "counted is 0.",
)
class OwnerVote(HasAttachments, Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    revision: int
    title: str
    question: str
    matter: OwnerMatter
    starts_on: date
    ends_on: date = strawberry_django.field(description="The last day; part of the period.")
    status: OwnerVoteStatus
    opened_at: datetime | None = strawberry_django.field(
        description="When rooms, areas, owners and thresholds were fixed."
    )
    counted_at: datetime | None
    take_numerator: int
    take_denominator: int
    agree_numerator: int
    agree_denominator: int
    agree_strict: bool = strawberry_django.field(description="More than it, not at least it.")
    rooms_all: int
    heads_all: int = strawberry_django.field(
        description="户: the owners of some rooms together are one."
    )
    heads_taking: int
    heads_for: int
    heads_against: int
    heads_abstain: int
    area_all: int = _area("area_all")
    area_taking: int = _area("area_taking")
    area_for: int = _area("area_for")
    area_against: int = _area("area_against")
    area_abstain: int = _area("area_abstain")
    created_at: datetime
    updated_at: datetime
    community: Community
    organizer: Organization | None
    recommendation: _Resolution | None = strawberry_django.field(
        description="The joint meeting's recommendation that it was started from. Null without one, "
        "and for callers who may not see meetings."
    )

    @strawberry_django.field(annotate={"estate_name": F("estate__name")})
    def estate(self) -> str:
        return self.estate_name  # type: ignore[attr-defined]

    @strawberry_django.field(
        annotate={"ballots_in": Count("ballots")}, description="How many ballots are in."
    )
    def ballot_count(self) -> int:
        return self.ballots_in  # type: ignore[attr-defined]

    @strawberry_django.field(only=["outcome"], description="Null until it is counted.")
    def outcome(self) -> VoteOutcome | None:
        found: Any = self
        return VoteOutcome(found.__dict__["outcome"]) if found.__dict__["outcome"] else None

    status_label = in_words(OwnerVoteStatus, "status", "The state in words.")

    @strawberry_django.field(
        only=["status", "community_id"],
        annotate=of_organization(models.OwnerVote),
        description="What the caller may do with the vote now.",
    )
    def available_actions(self, info: Info) -> list[AvailableAction]:
        found: Any = moves_of(self, info)
        return found  # type: ignore[no-any-return]


@strawberry_django.filter_type(models.OwnerBallot)
class OwnerBallotFilter:
    """Filters of ballots."""

    vote = code_of("vote", "Of the vote with this code.")
    opinion = one_of(Opinion, "opinion", "That say one of these.")
    updated_since = updated_since()


@strawberry_django.order_type(models.OwnerBallot)
class OwnerBallotOrder:
    """Orders of ballots."""

    given_on: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.OwnerBallot,
    filters=OwnerBallotFilter,
    ordering=OwnerBallotOrder,
    description="选票: what the owners of some rooms together said; one a head and vote.",
)
class OwnerBallot(HasAttachments, Seen, relay.Node):
    id: relay.NodeID[int]
    opinion: Opinion
    paper_number: str
    given_on: date
    vote: OwnerVote
    created_at: datetime
    updated_at: datetime

    @strawberry_django.field(
        annotate={"head_place": F("head__place")},
        description="The first room of the head: 3-2-501.",
    )
    def place(self) -> str:
        return self.head_place  # type: ignore[attr-defined]

    @strawberry_django.field(annotate={"head_rooms": F("head__rooms_count")})
    def rooms(self) -> int:
        return self.head_rooms  # type: ignore[attr-defined]

    @strawberry_django.field(annotate={"head_size": F("head__size")}, description=HUNDREDTHS)
    def area(self) -> int:
        return self.head_size  # type: ignore[attr-defined]


@strawberry.type(
    description="One threshold in one measure: hundredths of a square metre, or heads."
)
class OwnerVoteThreshold:
    name: str = strawberry.field(
        description="take_part_area, take_part_heads, agree_area, agree_heads"
    )
    part: int
    whole: int
    least: int = strawberry.field(description="The least that is enough.")
    short_of: int = strawberry.field(description="What is missing; 0 if it is enough.")
    reached: bool


@strawberry.type(description="How a vote stands with the ballots that are in, by its own basis.")
class OwnerVoteStanding:
    carried: bool = strawberry.field(description="What it would come to if it were counted now.")
    sentence: str = strawberry.field(description="Chinese, for people.")
    thresholds: list[OwnerVoteThreshold]
