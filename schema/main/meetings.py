"""Joint meetings in the main API: meetings, resolutions, action items."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
import strawberry_django
from django.db.models import Q
from strawberry import relay
from strawberry.types import Info

from backend.core.access import Actor, may
from backend.core.door import DOOR
from backend.core.personal import masked
from backend.meetings import choices, models, queries
from backend.meetings.choices import (
    MeetingStatus,
    PresenceKind,
    ResolutionKind,
    SeatHolder,
    SeatTier,
)
from backend.meetings.presence import room_of
from schema.main import meeting_choices  # noqa: F401  the enums, before they are used
from schema.main.action_items import ActionItem
from schema.main.agenda import AgendaItem, AgendaQuery
from schema.main.base import (
    AvailableAction,
    Connection,
    Seen,
    moves_of,
    one_row,
    viewer,
    visible,
)
from schema.main.files import HasAttachments
from schema.main.filters import of_community, one_of, starts_before, starts_from, updated_since
from schema.main.labels import in_words
from schema.main.organizations import Organization
from schema.main.owner_vote_choices import OwnerMatter
from schema.main.personal import in_full
from schema.main.places import Community
from schema.main.twins import nested_list

if TYPE_CHECKING:
    from schema.main.owner_vote_types import OwnerVote

_Meeting = Annotated["JointMeeting", strawberry.lazy("schema.main.meetings")]
_OwnerVote = Annotated["OwnerVote", strawberry.lazy("schema.main.owner_vote_types")]


@strawberry_django.type(models.Seat, description="席位: a dated mandate in the joint meeting.")
class Seat(Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    revision: int
    tier: SeatTier
    holder: SeatHolder
    valid_from: date
    valid_to: date | None
    organization: Organization | None = strawberry_django.field(
        description="The body; null where a person holds it, or where the caller does not see the body."
    )

    @strawberry_django.field(
        annotate={"masked_person": masked("name", "person_name")},
        description="Masked: 张*; empty where a body holds it.",
    )
    def person_name(self) -> str:
        return self.masked_person  # type: ignore[attr-defined]

    person_name_in_full = in_full(models.Seat, "person_name")


@strawberry_django.type(models.RollSeat, description="A seat that belongs to a meeting.")
class RollSeat(Seen, relay.Node):
    id: relay.NodeID[int]
    tier: SeatTier
    name: str = strawberry_django.field(description="The body; a person masked.")
    seat: Seat | None = strawberry_django.field(description="The mandate itself: for `callRoll`.")


@strawberry_django.filter_type(models.Resolution)
class ResolutionFilter:
    """Filters of resolutions."""

    community = of_community()

    @strawberry_django.filter_field(description="Numbered in this year.")
    def year(self, value: int, prefix: str) -> Q:
        return Q(**{f"{prefix}year": value})

    @strawberry_django.filter_field(description="Of meetings whose minutes are published, or not.")
    def published(self, value: bool, prefix: str) -> Q:
        public = Q(**{f"{prefix}meeting__status": MeetingStatus.PUBLISHED})
        return public if value else ~public

    updated_since = updated_since()


@strawberry_django.order_type(models.Resolution)
class ResolutionOrder:
    """Orders of resolutions."""

    year: strawberry.auto
    number: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.Resolution,
    filters=ResolutionFilter,
    ordering=ResolutionOrder,
    description="决议: what a meeting decided or recommended; counts and rule as they were then.",
)
class Resolution(HasAttachments, Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    year: int
    number: int
    kind: ResolutionKind
    text: str
    votes_for: int
    votes_against: int
    votes_abstain: int
    seats_present: int
    seats_all: int
    majority: str = strawberry_django.field(description="The rule of then; empty without a vote.")
    denominator: str
    updated_at: datetime
    meeting: _Meeting
    action_items: list[ActionItem] = nested_list()
    owner_votes: list[_OwnerVote] = nested_list(
        description="The owners' votes that were started from it; those that the caller may see."
    )

    @strawberry_django.field(
        only=["owner_matter"],
        description="What of art. 278 it recommends on; null for what the meeting decides itself.",
    )
    def owner_matter(self) -> OwnerMatter | None:
        found: Any = self
        return (
            OwnerMatter(found.__dict__["owner_matter"]) if found.__dict__["owner_matter"] else None
        )


@strawberry_django.filter_type(models.JointMeeting)
class JointMeetingFilter:
    """Filters of joint meetings."""

    status = one_of(MeetingStatus, "status", "In one of these states.")
    community = of_community()

    @strawberry_django.filter_field(description="Numbered in this year.")
    def year(self, value: int, prefix: str) -> Q:
        return Q(**{f"{prefix}year": value})

    starts_from = starts_from()
    starts_before = starts_before()
    updated_since = updated_since()


@strawberry_django.order_type(models.JointMeeting)
class JointMeetingOrder:
    """Orders of joint meetings."""

    starts_at: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry.type(description="Whether a meeting can decide, and what it lacks.")
class Quorum:
    reached: bool
    here: int = strawberry.field(description="Seats, proxies among them.")
    seats: int
    least: int = strawberry.field(description="The least number of seats that is enough.")
    missing: list[str]
    words: str


@strawberry.type(description="What the roll says of one seat now, or when the meeting closed.")
class SeatPresence:
    seat_id: relay.GlobalID
    name: str = strawberry.field(description="The body; a person masked.")
    kind: PresenceKind | None = strawberry.field(description="Null until it is called.")
    here: bool = strawberry.field(description="Whether its vote counts: in person or by proxy.")
    since: datetime | None
    attendee: str = strawberry.field(description="Who came for the body, masked; or empty.")
    online: bool
    proxy_name: str = strawberry.field(description="Of PROXY: the seat that casts its vote.")


@strawberry_django.type(
    models.JointMeeting,
    filters=JointMeetingFilter,
    ordering=JointMeetingOrder,
    description="联席会议 1+3+N: deliberates and decides together.",
)
class JointMeeting(HasAttachments, Seen, relay.Node):
    id: relay.NodeID[int]
    revision: int
    code: str
    title: str
    year: int | None
    number: int | None
    starts_at: datetime
    place: str
    chair: str
    status: MeetingStatus
    noticed_at: datetime | None
    opened_at: datetime | None
    closed_at: datetime | None
    quorum_words: str
    from_ledger: bool = strawberry_django.field(
        description="Entered afterwards from a ledger; steps nobody wrote down are inferred."
    )
    minutes_number: int = strawberry_django.field(
        field_name="current_minutes",
        description="The current revision of the minutes; name it in `reviseMinutes`. 0: none.",
    )
    # Under another name in Python: the revisions hang on the model as `minutes`.
    minutes_text: str | None = strawberry_django.field(
        name="minutes", annotate=queries.minutes_text(), description="The current minutes."
    )
    created_at: datetime
    updated_at: datetime
    community: Community
    items: list[AgendaItem] = nested_list()
    roll: list[RollSeat]
    resolutions: list[Resolution] = nested_list()

    status_label = in_words(choices.MeetingStatus, "status", "The state in words.")

    @strawberry_django.field(
        only=["status", "community_id"],
        description="What the caller may do with the meeting now.",
    )
    def available_actions(self, info: Info) -> list[AvailableAction]:
        moves: list[AvailableAction] = moves_of(self, info)
        user = viewer(info)
        convenes = user.is_authenticated and may(
            Actor.of(user, DOOR),
            "meetings.convene",
            self.community_id,  # type: ignore[attr-defined]
        )
        return [m for m in moves if convenes or m.name not in queries.CONVENING_MOVES]

    @strawberry_django.field(
        only=["pk"], description="Of a single meeting, once it is convened; null in lists."
    )
    def quorum(self, info: Info) -> Quorum | None:
        if not getattr(self, "is_single", False):
            return None
        found = room_of(models.JointMeeting.objects.get(pk=self.pk)).quorum  # type: ignore[attr-defined]
        return Quorum(
            reached=found.reached,
            here=found.here,
            seats=found.seats,
            least=found.least,
            missing=list(found.missing),
            words=found.words,
        )

    @strawberry_django.field(
        only=["pk"], description="Of a single meeting, once it is convened; null in lists."
    )
    def presence(self, info: Info) -> list[SeatPresence] | None:
        if not getattr(self, "is_single", False):
            return None
        meeting = models.JointMeeting.objects.get(pk=self.pk)  # type: ignore[attr-defined]
        return [
            SeatPresence(
                seat_id=relay.GlobalID("Seat", str(seat.row.seat_id)),
                name=seat.row.name,
                kind=PresenceKind(seat.state) if seat.state else None,
                here=seat.here,
                since=seat.since,
                attendee=seat.who,
                online=seat.online,
                proxy_name=seat.proxy_name,
            )
            for seat in queries.seats_on_board(meeting, room_of(meeting))
        ]

    @strawberry_django.field(
        only=["pk"], description="Who sits in without a seat; persons masked. Null in lists."
    )
    def observers(self, info: Info) -> list[str] | None:
        if not getattr(self, "is_single", False):
            return None
        return queries.observers_of(models.JointMeeting.objects.get(pk=self.pk))  # type: ignore[attr-defined]


@strawberry.type
class MeetingsQuery(AgendaQuery):
    joint_meetings: Connection[JointMeeting] = strawberry_django.connection(
        description="Joint meetings, newest first unless ordered; a page is at most 100."
    )
    resolutions: Connection[Resolution] = strawberry_django.connection(
        description="Resolutions over all meetings that the caller may see."
    )
    action_items: Connection[ActionItem] = strawberry_django.connection(
        description="What bodies answer for; a body's contact sees the own ones."
    )

    @strawberry_django.field(description="One meeting by its code; null if it is not the caller's.")
    @one_row(is_single=True)
    def joint_meeting(self, info: Info, code: str) -> JointMeeting | None:
        rows = visible(models.JointMeeting, info).filter(code=code)
        return rows  # type: ignore[return-value]

    @strawberry_django.field(
        description="One action item by its code; null if it is not the caller's."
    )
    @one_row()
    def action_item(self, info: Info, code: str) -> ActionItem | None:
        rows = visible(models.ActionItem, info).filter(code=code)
        return rows  # type: ignore[return-value]
