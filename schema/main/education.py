"""Legal education in the main API."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
import strawberry_django
from django.db.models import Q, QuerySet
from strawberry import relay
from strawberry.types import Info
from strawberry_django.optimizer import optimize

from backend.core import gate
from backend.core.personal import masked
from backend.education import actions, choices, models, queries
from backend.education.choices import EventFormat, EventStatus, HeadcountKind, VenueKind
from backend.people.models import Resident as ResidentRecord
from schema.main.base import (
    AvailableAction,
    Connection,
    InputError,
    Language,
    Seen,
    actor,
    answer,
    chosen,
    label_of,
    moves_of,
    since,
    visible,
)
from schema.main.education_inputs import (
    CreateLegalEducationEventInput,
    MoveLegalEducationEventInput,
    RecordAttendanceInput,
    UpdateLegalEducationEventInput,
)
from schema.main.files import HasAttachments
from schema.main.idempotency import once
from schema.main.people import Resident
from schema.main.personal import in_full
from schema.main.places import Community


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

    @strawberry_django.filter_field(description="Changed at or after this moment.")
    def updated_since(self, value: datetime, prefix: str) -> Q:
        return since(value, prefix)

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
    kind: HeadcountKind
    count: int = strawberry_django.field(description="Heads (人次), never distinct people.")
    includes_signed_in: bool
    evidence: str


@strawberry_django.filter_type(models.LegalEducationEvent)
class LegalEducationEventFilter:
    """Filters of events."""

    @strawberry_django.filter_field(description="In one of these states.")
    def status(self, value: list[EventStatus], prefix: str) -> Q:
        return Q(**{f"{prefix}status__in": value})

    @strawberry_django.filter_field(description="Of the community with this code.")
    def community(self, value: str, prefix: str) -> Q:
        return Q(**{f"{prefix}community__code": value})

    @strawberry_django.filter_field(description="At the venue with this code.")
    def venue(self, value: str, prefix: str) -> Q:
        return Q(**{f"{prefix}venue__code": value})

    @strawberry_django.filter_field(description="Begins at or after this moment.")
    def starts_from(self, value: datetime, prefix: str) -> Q:
        return Q(**{f"{prefix}starts_at__gte": value})

    @strawberry_django.filter_field(description="Begins before this moment.")
    def starts_before(self, value: datetime, prefix: str) -> Q:
        return Q(**{f"{prefix}starts_at__lt": value})

    @strawberry_django.filter_field(description="Title or topic contains this text.")
    def search(self, value: str, prefix: str) -> Q:
        return Q(**{f"{prefix}title__icontains": value}) | Q(**{f"{prefix}topic__icontains": value})

    @strawberry_django.filter_field(description="Changed at or after this moment.")
    def updated_since(self, value: datetime, prefix: str) -> Q:
        return since(value, prefix)


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
    created_at: datetime
    updated_at: datetime
    community: Community
    venue: Venue
    attendances: Connection[Attendance] = strawberry_django.connection(
        description="Who came, masked; empty for callers who may not see sign-in lists."
    )
    headcounts: list[HeadcountEntry]

    @strawberry_django.field(only=["status"], description="The state in words.")
    def status_label(self, lang: Language = Language.ZH) -> str:
        return label_of(choices.EventStatus, self.status, lang)

    attendance_count: int = strawberry_django.field(
        annotate=models.attendance_count(), description="Signed in: heads (人次)."
    )
    heads_total: int = strawberry_django.field(
        annotate=models.heads_total(),
        description="Attendance and head-counts together: heads (人次), none counted twice.",
    )

    @strawberry_django.field(
        only=["status", "community_id"],
        description="What the caller may do with the event now.",
    )
    def available_actions(self, info: Info) -> list[AvailableAction]:
        asked = queries.why_event_cannot if getattr(self, "is_single", False) else None
        return moves_of(self, info, asked)


@strawberry.type
class EducationQuery:
    legal_education_events: Connection[LegalEducationEvent] = strawberry_django.connection(
        description="Events, newest first unless ordered; a page is at most 100."
    )
    attendances: Connection[Attendance] = strawberry_django.connection(
        description="Sign-in rows over all events that the caller may see."
    )

    @strawberry_django.field(description="One event by its code; null if it is not the caller's.")
    def legal_education_event(self, info: Info, code: str) -> LegalEducationEvent | None:
        return _single(visible(models.LegalEducationEvent, info).filter(code=code), info)


def _single(rows: QuerySet[models.LegalEducationEvent], info: Info) -> Any:
    """One object, which also answers what the counting rules allow."""
    event: Any = optimize(rows, info).first()
    if event is not None:
        event.is_single = True
    return event


@strawberry.type
class EventAnswer:
    """The event as it now stands, or what was wrong."""

    errors: list[InputError]
    event: LegalEducationEvent | None = None


@strawberry.type
class AttendanceAnswer:
    """The sign-in row, or what was wrong."""

    errors: list[InputError]
    attendance: Attendance | None = None


_PLAIN = ("title", "topic", "format", "speaker", "starts_at", "ends_at", "capacity", "summary")


def _reread(event: models.LegalEducationEvent, info: Info) -> dict[str, object]:
    rows: Any = visible(models.LegalEducationEvent, info)
    return {"event": rows.with_heads().get(pk=event.pk)}


@strawberry.type
class EducationMutation:
    @strawberry.mutation(description="Plans an event.")
    def create_legal_education_event(
        self, info: Info, input: CreateLegalEducationEventInput
    ) -> EventAnswer:
        def do() -> dict[str, object]:
            by = actor(info)
            community = queries.community_by_code(input.community, info.context.request.user)
            event = once(
                "createLegalEducationEvent",
                input.idempotency_key,
                by,
                models.LegalEducationEvent,
                lambda: gate.save(
                    models.LegalEducationEvent(
                        community=community,
                        venue=chosen(models.Venue, input.venue_id, info),
                        **{name: getattr(input, name) for name in _PLAIN},
                    ),
                    by=by,
                ),
            )
            return _reread(event, info)

        return answer(EventAnswer, do)

    @strawberry.mutation(description="Changes an event's details, never its state.")
    def update_legal_education_event(
        self, info: Info, input: UpdateLegalEducationEventInput
    ) -> EventAnswer:
        def do() -> dict[str, object]:
            event = chosen(models.LegalEducationEvent, input.event_id, info)
            for name in _PLAIN:
                value = getattr(input, name)
                if value is not strawberry.UNSET:
                    setattr(event, name, value)
            if input.venue_id not in (strawberry.UNSET, None):
                event.venue = chosen(models.Venue, input.venue_id, info)
            return _reread(gate.save(event, by=actor(info)), info)

        return answer(EventAnswer, do)

    @strawberry.mutation(description="Opens a planned event for registration.")
    def open_legal_education_event(
        self, info: Info, input: MoveLegalEducationEventInput
    ) -> EventAnswer:
        return _move(info, input, "open")

    @strawberry.mutation(description="Marks an event as held.")
    def hold_legal_education_event(
        self, info: Info, input: MoveLegalEducationEventInput
    ) -> EventAnswer:
        return _move(info, input, "hold")

    @strawberry.mutation(description="Archives a held event.")
    def archive_legal_education_event(
        self, info: Info, input: MoveLegalEducationEventInput
    ) -> EventAnswer:
        return _move(info, input, "archive")

    @strawberry.mutation(description="Takes an event back out of the archive; needs a reason.")
    def reopen_legal_education_event(
        self, info: Info, input: MoveLegalEducationEventInput
    ) -> EventAnswer:
        return _move(info, input, "reopen")

    @strawberry.mutation(description="Cancels an event; needs a reason.")
    def cancel_legal_education_event(
        self, info: Info, input: MoveLegalEducationEventInput
    ) -> EventAnswer:
        return _move(info, input, "cancel")

    @strawberry.mutation(description="Records that one person came.")
    def record_attendance(self, info: Info, input: RecordAttendanceInput) -> AttendanceAnswer:
        def do() -> dict[str, object]:
            by = actor(info)
            event = chosen(models.LegalEducationEvent, input.event_id, info)
            resident = (
                chosen(ResidentRecord, input.resident_id, info) if input.resident_id else None
            )
            record = once(
                "recordAttendance",
                input.idempotency_key,
                by,
                models.Attendance,
                lambda: gate.save(
                    models.Attendance(
                        community_id=event.community_id,
                        event=event,
                        resident=resident,
                        name=input.name or (resident.name if resident else ""),
                        signed_in_at=input.signed_in_at,
                        remark=input.remark,
                    ),
                    by=by,
                ),
            )
            rows = visible(models.Attendance, info).annotate(masked_name=masked("name", "name"))
            return {"attendance": rows.get(pk=record.pk)}

        return answer(AttendanceAnswer, do)


def _move(info: Info, given: MoveLegalEducationEventInput, verb: str) -> EventAnswer:
    def do() -> dict[str, object]:
        event = chosen(models.LegalEducationEvent, given.event_id, info)
        moved = actions.EVENT_VERBS[verb](event, by=actor(info), reason=given.reason)
        return _reread(moved, info)

    return answer(EventAnswer, do)
