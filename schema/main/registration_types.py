"""Registrations and check-ins as the main API shows them."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
import strawberry_django
from django.db.models import BooleanField, Case, F, Q, Value, When
from strawberry import relay
from strawberry.types import Info

from backend.core.access import Actor, may_within
from backend.core.personal import masked
from backend.education import choices, models, queries, registering
from backend.education.registrations import position
from backend.education.tickets import ticket_token
from schema.main.base import (
    DOOR,
    AvailableAction,
    Seen,
    offered,
    viewer,
)
from schema.main.filters import code_of, one_of, updated_since
from schema.main.labels import in_words, state_in_words
from schema.main.people import Resident
from schema.main.personal import in_full
from schema.main.registration_choices import (
    CheckInKind,
    CheckInSource,
    RegistrationSource,
    RegistrationStatus,
)

Event = Annotated["LegalEducationEvent", strawberry.lazy("schema.main.education")]  # type: ignore[name-defined]  # noqa: F821


def _mine(info: Info) -> Case:
    return Case(
        When(queries.is_ones_own(viewer(info)), then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )


@strawberry_django.filter_type(models.Registration)
class RegistrationFilter:
    """Filters of registrations; nothing personal can be asked for."""

    event = code_of("event", "For the event with this code.")
    status = one_of(RegistrationStatus, "status", "In one of these states.")
    updated_since = updated_since()


@strawberry_django.order_type(models.Registration)
class RegistrationOrder:
    """Orders of registrations."""

    registered_at: strawberry.auto
    queue_number: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.Registration,
    filters=RegistrationFilter,
    ordering=RegistrationOrder,
    description="活动报名: somebody wants to come to an event; personal fields are masked.",
)
class Registration(Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    revision: int
    size: int = strawberry_django.field(description="People, the registered one included.")
    source: RegistrationSource
    status: RegistrationStatus
    registered_at: datetime
    updated_at: datetime
    resident: Resident | None
    event: Event | None = strawberry_django.field(
        description="Null where the caller may not see the event any more (it was cancelled)."
    )
    event_title: str = strawberry_django.field(annotate=F("event__title"))
    event_starts_at: datetime = strawberry_django.field(annotate=F("event__starts_at"))
    position: int | None = strawberry_django.field(
        annotate=position(), description="The place in line, 1 is next; null unless WAITLISTED."
    )

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

    name_in_full = in_full(models.Registration, "name")
    phone_in_full = in_full(models.Registration, "phone")

    status_label = in_words(choices.RegistrationStatus, "status", "The state in words.")

    @strawberry_django.field(
        only=["code"],
        description="The token of the ticket: show it as a QR code; nothing personal is in it.",
    )
    def ticket(self) -> str:
        return ticket_token(self)  # type: ignore[arg-type]

    @strawberry_django.field(
        only=["status", "community_id", "event_id", "size"],
        annotate={"is_mine": _mine},
        description="What the caller may do with the registration now.",
    )
    def available_actions(self, info: Info) -> list[AvailableAction]:
        return _actions(self, info)


def _actions(row: Any, info: Info) -> list[AvailableAction]:
    user = viewer(info)
    if not user.is_authenticated:
        return []
    by = Actor.of(user, DOOR)
    staff = may_within(by, "registrations.move", row.community_id)
    oneself = row.is_mine and may_within(by, "registrations.register", row.community_id)
    found = []
    for move in models.Registration.machine.available(row.status):
        if move.name not in registering.REGISTRATION_VERBS:
            continue
        if not (staff or (oneself and move.name == "withdraw")):
            continue
        found.append(offered(row, move, by))
    return found


@strawberry.type(description="The caller's own registration for an event.")
class MyRegistration:
    id: relay.GlobalID = strawberry.field(description="Of the Registration, for the mutations.")
    code: str
    status: RegistrationStatus
    size: int
    position: int | None = strawberry.field(
        description="The place in line; null unless WAITLISTED."
    )
    ticket: str = strawberry.field(description="The token of the ticket: show it as a QR code.")
    row: strawberry.Private[Any]

    status_label = state_in_words(choices.RegistrationStatus)

    @strawberry.field(description="What the caller may do with it now.")
    def available_actions(self, info: Info) -> list[AvailableAction]:
        return _actions(self.row, info)


def my_registration(row: Any) -> MyRegistration:
    """The short form of a registration, for the event's own field."""
    row.is_mine = True
    return MyRegistration(
        id=relay.GlobalID("Registration", str(row.pk)),
        code=row.code,
        status=RegistrationStatus(row.status),
        size=row.size,
        position=row.position,
        ticket=ticket_token(row),
        row=row,
    )


@strawberry_django.filter_type(models.CheckIn)
class CheckInFilter:
    """Filters of check-ins; nothing personal can be asked for."""

    event = code_of("event", "At the event with this code.")

    @strawberry_django.filter_field(description="Let in, or not.")
    def success(self, value: bool, prefix: str) -> Q:
        return Q(**{f"{prefix}success": value})

    updated_since = updated_since()


@strawberry_django.order_type(models.CheckIn)
class CheckInOrder:
    """Orders of check-ins."""

    occurred_at: strawberry.auto
    recorded_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.CheckIn,
    filters=CheckInFilter,
    ordering=CheckInOrder,
    description="签到台账: one scan at the door, let in or not.",
)
class CheckIn(Seen, relay.Node):
    id: relay.NodeID[int]
    kind: CheckInKind
    source: CheckInSource
    device: str
    idempotency_key: str
    occurred_at: datetime
    recorded_at: datetime
    success: bool
    refusal: str = strawberry_django.field(
        description="Why not: a code of the rules table; empty if it succeeded."
    )
    forced: bool
    reason: str
    companions: int = strawberry_django.field(description="People beside the named one.")
    registration: Registration | None
    resident: Resident | None

    @strawberry_django.field(
        annotate={"masked_name": masked("name", "name")},
        description="Masked: 张*; empty for a ticket that nobody knows.",
    )
    def name(self) -> str:
        return self.masked_name  # type: ignore[attr-defined]
