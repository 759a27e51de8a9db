"""What the mutations of legal education take, and the choices that its types share."""

from datetime import datetime

import strawberry
from strawberry import relay

from backend.education.choices import EventFormat, EventStatus, HeadcountKind, VenueKind
from schema.main.changes import SEEN

strawberry.enum(EventStatus, description="The states of an event.")
strawberry.enum(EventFormat, description="线下 / 线上")
strawberry.enum(VenueKind, description="Kinds of venue.")
strawberry.enum(HeadcountKind, description="Whose heads were counted.")


@strawberry.input
class CreateLegalEducationEventInput:
    """A new event; it begins as PLANNED."""

    community: str = strawberry.field(description="Code of the community.")
    title: str
    venue_id: relay.GlobalID
    starts_at: datetime
    ends_at: datetime
    idempotency_key: str = strawberry.field(description="The same key twice: the first result.")
    topic: str = ""
    format: EventFormat = EventFormat.ONSITE
    speaker: str = ""
    capacity: int | None = None
    summary: str = ""
    registration_opens_at: datetime | None = None
    registration_closes_at: datetime | None = None
    withdraw_until: datetime | None = None
    max_group_size: int = 10
    needs_approval: bool = False
    waitlist_on: bool = True
    small_groups_pass: bool = False


@strawberry.input
class UpdateLegalEducationEventInput:
    """What changes; a field left out stays."""

    event_id: relay.GlobalID
    title: str | None = strawberry.UNSET
    venue_id: relay.GlobalID | None = strawberry.UNSET
    starts_at: datetime | None = strawberry.UNSET
    ends_at: datetime | None = strawberry.UNSET
    topic: str | None = strawberry.UNSET
    format: EventFormat | None = strawberry.UNSET
    speaker: str | None = strawberry.UNSET
    capacity: int | None = strawberry.UNSET
    summary: str | None = strawberry.UNSET
    registration_opens_at: datetime | None = strawberry.UNSET
    registration_closes_at: datetime | None = strawberry.UNSET
    withdraw_until: datetime | None = strawberry.UNSET
    max_group_size: int | None = strawberry.UNSET
    needs_approval: bool | None = strawberry.UNSET
    waitlist_on: bool | None = strawberry.UNSET
    small_groups_pass: bool | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class RenewEventPosterInput:
    """An event whose poster gets another code: the one that hangs outside is void."""

    event_id: relay.GlobalID
    idempotency_key: str = strawberry.field(description="The same key twice: the first result.")


@strawberry.input
class MoveLegalEducationEventInput:
    """An event to move to its next state."""

    event_id: relay.GlobalID
    reason: str = ""


@strawberry.input
class RecordAttendanceInput:
    """One person who came: a resident of the roster, or a bare name."""

    event_id: relay.GlobalID
    idempotency_key: str = strawberry.field(description="The same key twice: the first result.")
    resident_id: relay.GlobalID | None = None
    name: str = strawberry.field(
        default="", description="The name on the list; the resident's if left out."
    )
    signed_in_at: datetime | None = None
    remark: str = ""
