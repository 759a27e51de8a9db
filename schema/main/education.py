"""Legal education in the main API."""

from datetime import datetime
from typing import Annotated

import strawberry
import strawberry_django
from django.db.models import Q
from strawberry import relay
from strawberry.types import Info

from backend.core.personal import masked
from backend.education import choices, models, queries
from backend.education.choices import EventFormat, EventStatus, HeadcountKind, VenueKind
from backend.education.registrations import places_left, places_taken, waitlist_count
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
from schema.main.filters import (
    code_of,
    of_community,
    one_of,
    starts_before,
    starts_from,
    updated_since,
)
from schema.main.labels import in_words
from schema.main.nested import nested
from schema.main.people import Resident
from schema.main.personal import in_full
from schema.main.places import Community
from schema.main.registration_types import MyRegistration, my_registration


@strawberry_django.type(models.Venue, description="阵地: where law is taught.")
class Venue(Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    name: str
    kind: VenueKind
    place: str


@strawberry_django.filter_type(models.Attendance)
class AttendanceFilter:
    """Filters of attendance; nothing personal can be asked for."""

    updated_since = updated_since()

    @strawberry_django.filter_field(description="Tied to a resident of the roster, or not.")
    def linked(self, value: bool, prefix: str) -> Q:
        return Q(**{f"{prefix}resident__isnull": not value})


@strawberry_django.order_type(models.Attendance)
class AttendanceOrder:
    """Orders of attendance."""

    created_at: strawberry.auto
    signed_in_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.Attendance,
    filters=AttendanceFilter,
    ordering=AttendanceOrder,
    description="签到: somebody came to an event; null resident if nobody could say who they are.",
)
class Attendance(HasAttachments, Seen, relay.Node):
    id: relay.NodeID[int]
    age: int | None = strawberry_django.field(description="Years, on the day of the event.")
    signed_in_at: datetime | None
    signed: bool | None
    created_at: datetime
    updated_at: datetime
    resident: Resident | None
    event: Annotated["LegalEducationEvent", strawberry.lazy("schema.main.education")]

    @strawberry_django.field(
        annotate={"masked_name": masked("name", "name")}, description="Masked: 张*"
    )
    def name(self) -> str:
        return self.masked_name  # type: ignore[attr-defined]

    name_in_full = in_full(models.Attendance, "name")


@strawberry_django.type(
    models.HeadcountEntry, description="人次登记: heads that signed no list, with evidence."
)
class HeadcountEntry(HasAttachments, Seen, relay.Node):
    id: relay.NodeID[int]
    revision: int
    kind: HeadcountKind
    count: int = strawberry_django.field(description="Heads (人次), never distinct people.")
    includes_signed_in: bool
    evidence: str
    remark: str


@strawberry_django.filter_type(models.LegalEducationEvent)
class LegalEducationEventFilter:
    """Filters of events."""

    status = one_of(EventStatus, "status", "In one of these states.")
    community = of_community()
    venue = code_of("venue", "At the venue with this code.")
    starts_from = starts_from()
    starts_before = starts_before()

    @strawberry_django.filter_field(description="Title or topic contains this text.")
    def search(self, value: str, prefix: str) -> Q:
        return Q(**{f"{prefix}title__icontains": value}) | Q(**{f"{prefix}topic__icontains": value})

    updated_since = updated_since()


@strawberry_django.order_type(models.LegalEducationEvent)
class LegalEducationEventOrder:
    """Orders of events."""

    starts_at: strawberry.auto
    title: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.LegalEducationEvent,
    filters=LegalEducationEventFilter,
    ordering=LegalEducationEventOrder,
    description="普法活动: one talk, play, class or broadcast on the law.",
)
class LegalEducationEvent(HasAttachments, Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    revision: int
    title: str
    topic: str
    format: EventFormat
    speaker: str
    starts_at: datetime
    ends_at: datetime
    capacity: int | None = strawberry_django.field(
        description="Places for registration; null for no limit."
    )
    summary: str
    status: EventStatus
    registration_opens_at: datetime | None
    registration_closes_at: datetime | None
    withdraw_until: datetime | None
    max_group_size: int
    needs_approval: bool
    waitlist_on: bool
    small_groups_pass: bool
    created_at: datetime
    updated_at: datetime
    community: Community
    venue: Venue
    attendances: Connection[Attendance] = nested(
        description="Who came, masked; empty for callers who may not see sign-in lists."
    )
    headcounts: list[HeadcountEntry]

    status_label = in_words(choices.EventStatus, "status", "The state in words.")

    attendance_count: int = strawberry_django.field(
        annotate=models.attendance_count(),
        description="Signed in, with those who came along: heads (人次).",
    )
    heads_total: int = strawberry_django.field(
        annotate=models.heads_total(),
        description="Attendance and head-counts together: heads (人次), none counted twice.",
    )

    registration_count: int = strawberry_django.field(
        annotate=places_taken(),
        description="People for whom places are taken (pending and confirmed); nobody who waits.",
    )
    places_left: int | None = strawberry_django.field(
        annotate=places_left(), description="Places still free; null for no limit."
    )
    waitlist_count: int = strawberry_django.field(
        annotate=waitlist_count(), description="Registrations that wait."
    )

    @strawberry_django.field(
        prefetch_related=[lambda info: queries.own_registrations(viewer(info), "mine")],
        description="The caller's own active registration, null if there is none.",
    )
    def my_registration(self, info: Info) -> MyRegistration | None:
        mine = getattr(self, "mine", [])
        return my_registration(mine[0]) if mine else None

    @strawberry_django.field(
        only=["status", "community_id"],
        description="What the caller may do with the event now.",
    )
    def available_actions(self, info: Info) -> list[AvailableAction]:
        return moves_of(self, info)


@strawberry.type
class EducationQuery:
    legal_education_events: Connection[LegalEducationEvent] = strawberry_django.connection(
        description="Events, newest first unless ordered; a page is at most 100."
    )
    attendances: Connection[Attendance] = strawberry_django.connection(
        description="Sign-in rows over all events that the caller may see."
    )

    @strawberry_django.field(description="One event by its code; null if it is not the caller's.")
    @one_row(is_single=True)
    def legal_education_event(self, info: Info, code: str) -> LegalEducationEvent | None:
        rows = visible(models.LegalEducationEvent, info).filter(code=code)
        return rows  # type: ignore[return-value]
