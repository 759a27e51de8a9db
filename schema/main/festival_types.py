"""Festivals as the main API shows them: what is announced for everybody, plans and supplies for staff."""

from datetime import date, datetime
from typing import Any

import strawberry
import strawberry_django
from django.db.models import Case, F, IntegerField, Q, Value, When
from strawberry import relay
from strawberry.types import Info

from backend.core.access import scope
from backend.core.small_cells import SMALLEST_CELL
from backend.festivals import models
from backend.festivals.choices import FestivalStatus as Status
from schema.main.base import (
    AvailableAction,
    Seen,
    moves_of,
    viewer,
)
from schema.main.festival_enums import CountingMethod, FestivalStatus
from schema.main.files import HasAttachments
from schema.main.filters import of_community, one_of, starts_before, starts_from, updated_since
from schema.main.labels import in_words
from schema.main.places import Community
from schema.main.service_types import ServiceCategory, ServiceItem


@strawberry_django.type(models.Stall, description="摊位: one kind of service at one festival.")
class Stall(Seen, relay.Node):
    id: relay.NodeID[int]
    number: int
    name: str
    planned_helpers: int = strawberry_django.field(description="People.")
    absent: bool = strawberry_django.field(description="It stayed away: no figure counts it.")
    revision: int
    updated_at: datetime
    item: ServiceItem | None
    category: ServiceCategory | None
    provider_name: str | None = strawberry_django.field(
        annotate=F("provider__name"), description="Who runs it; null: the community itself."
    )


@strawberry_django.type(models.FestivalSupply, description="物资: for staff.")
class FestivalSupply(Seen, relay.Node):
    id: relay.NodeID[int]
    name: str
    unit: str
    planned: int
    brought: int | None
    used: int | None = strawberry_django.field(description="Never more than was brought.")
    revision: int
    bringer_name: str | None = strawberry_django.field(
        annotate=F("bringer__name"), description="Who brings it; null: the community itself."
    )


@strawberry_django.type(models.FestivalHeads, description="人次登记: for staff.")
class FestivalHeads(Seen, relay.Node):
    id: relay.NodeID[int]
    count: int = strawberry_django.field(description="人次 (heads), never distinct people.")
    method: CountingMethod
    evidence: str
    correction: str = strawberry_django.field(description="Why it was last corrected.")
    revision: int
    stall: Stall | None = strawberry_django.field(
        description="Null: of the whole festival. A festival is counted in one of the two ways."
    )


@strawberry_django.filter_type(models.NeighborFestival)
class NeighborFestivalFilter:
    """Filters of festivals."""

    status = one_of(FestivalStatus, "status", "In one of these states.")
    community = of_community()
    starts_from = starts_from()
    starts_before = starts_before()
    updated_since = updated_since()


@strawberry_django.order_type(models.NeighborFestival)
class NeighborFestivalOrder:
    """Orders of festivals."""

    starts_at: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


def _heads(info: Info) -> Case:
    """All of them for staff; for others none where so few came that one could name them."""
    staff = models.Stall.rows_in(scope(viewer(info), "stalls.see"))
    total: Any = models.heads_total()
    few = Q(heads_counted__gt=0, heads_counted__lt=SMALLEST_CELL)
    return Case(
        When(staff, then=total),
        When(few, then=Value(None)),
        default=total,
        output_field=IntegerField(null=True),
    )


@strawberry_django.type(
    models.NeighborFestival,
    filters=NeighborFestivalFilter,
    ordering=NeighborFestivalOrder,
    description="红色邻里节: once a month, neighbours meet at stalls, [startsAt, endsAt).",
)
class NeighborFestival(HasAttachments, Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    summary: str
    month: date = strawberry_django.field(description="The first day of its month.")
    extra: bool = strawberry_django.field(description="A second one in its month.")
    status: FestivalStatus
    revision: int
    updated_at: datetime
    community: Community
    stalls: list[Stall] = strawberry_django.field(description="By number.")
    supplies: list[FestivalSupply] = strawberry_django.field(description="For staff, else empty.")
    heads: list[FestivalHeads] = strawberry_django.field(description="For staff, else empty.")
    stall_count: int = strawberry_django.field(
        annotate=models.stall_count(), description="Stalls that were there, or are planned."
    )
    kind_count: int = strawberry_django.field(
        annotate=models.kind_count(), description="Distinct kinds of service among them."
    )
    heads_total: int | None = strawberry_django.field(
        annotate={"heads_counted": models.heads_total(), "heads_total": _heads},
        description=f"人次 (heads), never distinct people; null below {SMALLEST_CELL} but for staff.",
    )

    status_label = in_words(Status, "status", "The state in words.")

    @strawberry_django.field(
        only=["status", "community_id", "starts_at"],
        description="What the caller may do with the festival now.",
    )
    def available_actions(self, info: Info) -> list[AvailableAction]:
        return moves_of(self, info)  # type: ignore[no-any-return]
