"""What the mutations of joint meetings take."""

from datetime import date, datetime

import strawberry
from strawberry import relay

from backend.meetings.choices import (
    Capacity,
    Choice,
    Denominator,
    ItemKind,
    MajorityRule,
    PresenceKind,
    ResolutionKind,
    VoteMethod,
)
from schema.main import meeting_choices  # noqa: F401  the enums, before they are used
from schema.main.changes import SEEN


@strawberry.input
class CreateJointMeetingInput:
    """A new meeting; it begins as DRAFT."""

    community: str = strawberry.field(description="Code of the community.")
    title: str
    starts_at: datetime
    idempotency_key: str = strawberry.field(description="The same key twice: the first result.")
    place: str = ""
    chair: str = ""


@strawberry.input
class AddAgendaItemInput:
    """An item on the agenda of a meeting that has not been convened, or was put off."""

    meeting_id: relay.GlobalID
    title: str
    idempotency_key: str = strawberry.field(description="The same key twice: the first result.")
    kind: ItemKind = ItemKind.DELIBERATION
    presenter: str = ""
    owner_matter: str = strawberry.field(
        default="", description="A matter of Civil Code art. 278: common_use, company, …"
    )
    origin_label: str = strawberry.field(default="", description="Where it came from: 居民诉求 …")
    origin_code: str = ""
    origin_count: int | None = strawberry.field(
        default=None, description="A figure, such as a month's hotline calls."
    )
    background: str = ""


@strawberry.input
class AddAgendaItemFromInput:
    """An item made of a record that waits in a register: see `agendaCandidates`."""

    meeting_id: relay.GlobalID
    origin_kind: str
    origin_code: str
    idempotency_key: str = strawberry.field(description="The same key twice: the first result.")
    kind: ItemKind = ItemKind.DELIBERATION


@strawberry.input
class MoveJointMeetingInput:
    """A meeting, and why where a reason is needed."""

    meeting_id: relay.GlobalID
    reason: str = ""


@strawberry.input
class ReconveneJointMeetingInput:
    """A meeting that was put off or found inquorate, with its new time."""

    meeting_id: relay.GlobalID
    starts_at: datetime | None = None
    place: str | None = None


@strawberry.input
class RollCallInput:
    """One line of the roll: a seat, and what is so of it from now on."""

    seat_id: relay.GlobalID
    kind: PresenceKind
    proxy_seat_id: relay.GlobalID | None = strawberry.field(
        default=None, description="For PROXY: the seat that casts this one's vote."
    )
    capacity: Capacity = Capacity.VOTING
    online: bool = False
    representative_id: relay.GlobalID | None = strawberry.field(
        default=None, description="Who came for the body: one of its `representatives`."
    )
    attendee: str = strawberry.field(
        default="", description="The name of whoever else came; shown masked."
    )


@strawberry.input
class ObserverInput:
    """Who sits in without a seat and has no vote: a body, a person, or a person for a body."""

    organization_id: relay.GlobalID | None = None
    attendee: str = strawberry.field(default="", description="A name; shown masked.")
    online: bool = False


@strawberry.input
class CallRollInput:
    """Lines of the roll, all of one moment."""

    meeting_id: relay.GlobalID
    lines: list[RollCallInput]
    occurred_at: datetime | None = None
    observers: list[ObserverInput] = strawberry.field(default_factory=list)


@strawberry.input
class AgendaItemInput:
    """An item, and what was said about it."""

    item_id: relay.GlobalID
    note: str | None = None


@strawberry.input
class CallVoteInput:
    """A motion on the item that lies on the table; what is left out is as the settings say."""

    item_id: relay.GlobalID
    motion: str
    method: VoteMethod | None = None
    majority: MajorityRule | None = None
    denominator: Denominator | None = None
    idempotency_key: str | None = strawberry.field(
        default=None, description="The same key twice: the first result."
    )


@strawberry.input
class SeatVoteInput:
    """How one seat votes."""

    seat_id: relay.GlobalID
    choice: Choice


@strawberry.input
class CountVoteInput:
    """An open vote: how each seat voted. A secret one: the counts."""

    vote_id: relay.GlobalID
    votes: list[SeatVoteInput] = strawberry.field(default_factory=list)
    votes_for: int | None = None
    votes_against: int | None = None
    votes_abstain: int | None = None


@strawberry.input
class VoidVoteInput:
    """A vote, and why it is void."""

    vote_id: relay.GlobalID
    reason: str


@strawberry.input
class ResolveInput:
    """A resolution on an item: from its carried vote, or by consent where nobody voted."""

    item_id: relay.GlobalID
    text: str
    idempotency_key: str = strawberry.field(description="The same key twice: the first result.")
    kind: ResolutionKind | None = None


@strawberry.input
class AddActionItemInput:
    """What a body answers for: by a day, or within working days of the meeting."""

    resolution_id: relay.GlobalID
    organization_id: relay.GlobalID
    title: str
    idempotency_key: str = strawberry.field(description="The same key twice: the first result.")
    details: str = ""
    due_on: date | None = None
    working_days: int | None = None


@strawberry.input
class ReviseMinutesInput:
    """The whole text, and the revision from which it started."""

    meeting_id: relay.GlobalID
    text: str
    based_on: int = strawberry.field(description="`minutesNumber` as it was read.")


@strawberry.input
class RedraftMinutesInput:
    """Minutes to be drafted anew from what happened, and the revision that the caller has seen."""

    meeting_id: relay.GlobalID
    based_on: int = strawberry.field(description="`minutesNumber` as it was read.")


@strawberry.input
class NoteAgendaItemInput:
    """What was said about an item, whole; it goes into the minutes that are drafted."""

    item_id: relay.GlobalID
    note: str | None = strawberry.field(
        default=strawberry.UNSET, description="Null: nothing was said."
    )
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class MoveActionItemInput:
    """An action item, and why where a reason is needed."""

    action_item_id: relay.GlobalID
    reason: str = ""


@strawberry.input
class ReportActionItemInput:
    """What was done about an action item, and when; evidence is attached by `attachFile`."""

    action_item_id: relay.GlobalID
    text: str
    idempotency_key: str = strawberry.field(description="The same key twice: the first result.")
    occurred_on: date | None = None
