"""Organizations and their representatives in the main API. Personal fields come masked."""

from datetime import date, datetime

import strawberry
import strawberry_django
from django.db.models import Q
from django.utils import timezone
from strawberry import relay
from strawberry.types import Info

from backend.core.personal import masked
from backend.people import models
from backend.people.choices import OrganizationKind
from schema.main.base import Connection, Seen, one_row, visible
from schema.main.filters import of_community, one_of, updated_since
from schema.main.labels import in_words
from schema.main.personal import in_full
from schema.main.places import Community

strawberry.enum(OrganizationKind, description="What a body is.")


@strawberry_django.type(
    models.Representative,
    description="单位代表: who speaks for an organization, for a term; masked.",
)
class Representative(Seen, relay.Node):
    id: relay.NodeID[int]
    revision: int
    title: str
    valid_from: date
    valid_to: date | None

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

    name_in_full = in_full(models.Representative, "name")
    phone_in_full = in_full(models.Representative, "phone")

    @strawberry_django.field(
        only=["valid_from", "valid_to"], description="Whether the term holds today."
    )
    def in_office(self) -> bool:
        today = timezone.localdate()
        return self.valid_from <= today and (self.valid_to is None or today <= self.valid_to)


@strawberry_django.filter_type(models.Organization)
class OrganizationFilter:
    """Filters of organizations."""

    kind = one_of(OrganizationKind, "kind", "Of one of these kinds.")
    community = of_community()

    @strawberry_django.filter_field(description="There on this day.")
    def active_on(self, value: date, prefix: str) -> Q:
        ended = Q(**{f"{prefix}active_until__lt": value})
        return ~(Q(**{f"{prefix}active_from__gt": value}) | ended)

    @strawberry_django.filter_field(description="Name or short name contains this text.")
    def search(self, value: str, prefix: str) -> Q:
        named = Q(**{f"{prefix}name__icontains": value})
        return named | Q(**{f"{prefix}short_name__icontains": value})

    updated_since = updated_since()


@strawberry_django.order_type(models.Organization)
class OrganizationOrder:
    """Orders of organizations."""

    name: strawberry.auto
    created_at: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.Organization,
    filters=OrganizationFilter,
    ordering=OrganizationOrder,
    description="单位: a body that takes part in the community's work, by its representatives.",
)
class Organization(Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    revision: int
    name: str
    short_name: str
    kind: OrganizationKind
    active_from: date | None
    active_until: date | None
    created_at: datetime
    updated_at: datetime
    community: Community
    representatives: list[Representative] = strawberry_django.field(
        description="All of them, also those whose term is over; masked."
    )

    kind_label = in_words(OrganizationKind, "kind", "The kind in words.")


@strawberry.type
class OrganizationsQuery:
    organizations: Connection[Organization] = strawberry_django.connection(
        description="The community's bodies; a contact of one sees that one."
    )

    @strawberry_django.field(
        description="One organization by its code; null if it is not the caller's."
    )
    @one_row()
    def organization(self, info: Info, code: str) -> Organization | None:
        rows = visible(models.Organization, info).filter(code=code)
        return rows  # type: ignore[return-value]
