"""What the mutations of legal education take, and the choices that its types share."""

from datetime import datetime

import strawberry
from strawberry import relay

from backend.education.choices import EventFormat, EventStatus, HeadcountKind, VenueKind

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
