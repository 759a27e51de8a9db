"""Demands as the main API shows them. Personal fields come masked."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
import strawberry_django
from django.db.models import BooleanField, Case, CharField, Q, Value, When
from strawberry import relay
from strawberry.types import Info

from backend.core.access import Actor, may_within, scope
from backend.core.personal import masked
from backend.demands import choices, models
from backend.demands.choices import OPEN
from backend.demands.models import holds, late, own_rows, unanswered
from backend.demands.rights import OWN_VERBS
from schema.main.base import (
    DOOR,
    AvailableAction,
    Language,
    Seen,
    label_of,
    may_as_contact,
    of_organization,
    offered,
    viewer,
)
from schema.main.demand_enums import Channel, DemandKind, DemandStatus, Urgency
from schema.main.files import HasAttachments
from schema.main.filters import code_of, of_community, updated_since
from schema.main.organizations import Organization
from schema.main.people import Resident
from schema.main.personal import in_full
from schema.main.place_types import Building, Estate, Grid, ResidentGroup
from schema.main.places import Community

_HERE = "schema.main.demand_types"


@strawberry_django.filter_type(models.DemandCategory)
class DemandCategoryFilter:
    """Filters of categories."""

    community = of_community()

    updated_since = updated_since()


@strawberry_django.order_type(models.DemandCategory)
class DemandCategoryOrder:
    """Orders of categories."""

    position: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.DemandCategory,
    filters=DemandCategoryFilter,
    ordering=DemandCategoryOrder,
    description="诉求类别: what demands are about; a community names its own.",
)
class DemandCategory(Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    revision: int
    name: str
    position: int = strawberry_django.field(description="The lowest stands first.")
    updated_at: datetime
    community: Community


@strawberry_django.filter_type(models.Demand)
class DemandFilter:
    """Filters of demands; nothing personal can be asked for."""

    @strawberry_django.filter_field(description="In one of these states.")
    def status(self, value: list[DemandStatus], prefix: str) -> Q:
        return Q(**{f"{prefix}status__in": value})

    @strawberry_django.filter_field(description="Still to be solved, or (false) not.")
    def open(self, value: bool, prefix: str) -> Q:
        found = Q(**{f"{prefix}status__in": OPEN})
        return found if value else ~found

    @strawberry_django.filter_field(
        description="Should have been solved by now, or (false) need not have been."
    )
    def overdue(self, value: bool, prefix: str) -> Q:
        found = late(prefix=prefix)
        return found if value else ~found

    @strawberry_django.filter_field(
        description="Should have had a first answer by now, or (false) need not have had."
    )
    def unanswered(self, value: bool, prefix: str) -> Q:
        found = unanswered(prefix=prefix)
        return found if value else ~found

    @strawberry_django.filter_field(description="Of one of these kinds.")
    def kind(self, value: list[DemandKind], prefix: str) -> Q:
        return Q(**{f"{prefix}kind__in": value})

    @strawberry_django.filter_field(description="Came in by one of these ways.")
    def channel(self, value: list[Channel], prefix: str) -> Q:
        return Q(**{f"{prefix}channel__in": value})

    @strawberry_django.filter_field(description="Urgent, or ordinary.")
    def urgency(self, value: Urgency, prefix: str) -> Q:
        return Q(**{f"{prefix}urgency": value})

    category = code_of("category", "Of the category with this code.")

    estate = code_of("estate", "In the estate with this code.")

    assigned_to = code_of("assigned_to", "Assigned to the organization with this code.")

    community = of_community()

    @strawberry_django.filter_field(description="Received at or after this moment.")
    def received_from(self, value: datetime, prefix: str) -> Q:
        return Q(**{f"{prefix}received_at__gte": value})

    @strawberry_django.filter_field(description="Received before this moment.")
    def received_before(self, value: datetime, prefix: str) -> Q:
        return Q(**{f"{prefix}received_at__lt": value})

    @strawberry_django.filter_field(description="What is said contains this text.")
    def search(self, value: str, prefix: str) -> Q:
        return Q(**{f"{prefix}content__icontains": value})

    updated_since = updated_since()


@strawberry_django.order_type(models.Demand)
class DemandOrder:
    """Orders of demands."""

    received_at: strawberry.auto
    due_at: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


def _told(kind: str, name: str) -> Any:
    """A mask, and not even that where the reporter asked the handler not to know."""

    def shown(info: Info) -> Any:
        found = models.Demand.untold(viewer(info))
        assert found is not None
        _, rows = found
        return Case(
            When(rows, then=Value("")), default=masked(kind, name), output_field=CharField()
        )

    return shown


def _mine(info: Info) -> Case:
    return Case(
        When(own_rows(viewer(info)), then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )


@strawberry_django.type(
    models.Demand,
    filters=DemandFilter,
    ordering=DemandOrder,
    description="诉求: one matter that somebody has brought forward, with two clocks: the first "
    "answer (`respondBy`) and the solution (`dueAt`).",
)
class Demand(HasAttachments, Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    revision: int
    received_at: datetime
    channel: Channel
    kind: DemandKind
    urgency: Urgency
    content: str
    status: DemandStatus
    respond_by: datetime | None = strawberry_django.field(
        description="By when the reporter is to have a first answer."
    )
    first_response_at: datetime | None
    response: str = strawberry_django.field(description="The first answer.")
    due_at: datetime | None = strawberry_django.field(description="By when it is to be solved.")
    extended_days: int = strawberry_django.field(
        description="Working days by which it was put off; 0 if it was not."
    )
    assigned_at: datetime | None
    resolved_at: datetime | None
    result: str = strawberry_django.field(description="What was done, or why nothing can be done.")
    satisfied: bool | None = strawberry_django.field(
        description="What the reporter says; null if nobody has asked, or no answer."
    )
    closed_at: datetime | None
    reporter_hidden: bool = strawberry_django.field(
        description="Whoever handles it does not learn who brought it forward."
    )
    from_ledger: bool = strawberry_django.field(description="Entered later, from a ledger.")
    created_at: datetime
    updated_at: datetime
    community: Community
    category: DemandCategory | None
    estate: Estate | None
    building: Building | None
    grid: Grid | None
    group: ResidentGroup | None
    resident: Resident | None
    assigned_to: Organization | None = strawberry_django.field(
        description="Who handles it; null too for who may not see organizations."
    )
    duplicate_of: Annotated["Demand", strawberry.lazy(_HERE)] | None = strawberry_django.field(
        description="The original, of a duplicate."
    )
    overdue: bool = strawberry_django.field(
        annotate=lambda info: holds(late()), description="It should have been solved by now."
    )
    unanswered: bool = strawberry_django.field(
        annotate=lambda info: holds(unanswered()),
        description="Its reporter should have had a first answer by now.",
    )

    @strawberry_django.field(
        annotate={"told_name": _told("name", "reporter_name")},
        description="Masked: 张*; empty if nobody is named, or the caller is not to know.",
    )
    def reporter_name(self) -> str:
        return self.told_name  # type: ignore[attr-defined,no-any-return]

    @strawberry_django.field(
        annotate={"told_phone": _told("phone", "reporter_phone")},
        description="Masked: 138****5678; empty as reporterName is.",
    )
    def reporter_phone(self) -> str:
        return self.told_phone  # type: ignore[attr-defined,no-any-return]

    @strawberry_django.field(
        annotate={"masked_contact": masked("name", "first_contact")},
        description="首接人: who took it down first. Masked: 张*",
    )
    def first_contact(self) -> str:
        return self.masked_contact  # type: ignore[attr-defined,no-any-return]

    reporter_name_in_full = in_full(models.Demand, "reporter_name")
    reporter_phone_in_full = in_full(models.Demand, "reporter_phone")
    unit_in_full = in_full(models.Demand, "unit")
    room_in_full = in_full(models.Demand, "room")
    address_in_full = in_full(models.Demand, "address")
    first_contact_in_full = in_full(models.Demand, "first_contact")
    remark_in_full = in_full(models.Demand, "remark")

    @strawberry_django.field(only=["status"], description="The state in words.")
    def status_label(self, lang: Language = Language.ZH) -> str:
        return label_of(choices.DemandStatus, self.status, lang)

    @strawberry_django.field(
        only=[
            *("status", "community_id", "estate_id", "assigned_at", "resolved_by_id"),
            *("registered_by_id", "account_id", "resident_id", "first_response_at"),
            "extended_days",
        ],
        annotate={"is_mine": _mine, **of_organization(models.Demand)},
        description="What the caller may do with the demand now; `respond` and `extend` are no "
        "moves through the states and stand beside them.",
    )
    def available_actions(self, info: Info) -> list[AvailableAction]:
        return _actions(self, info)


def _actions(row: Any, info: Info) -> list[AvailableAction]:
    user = viewer(info)
    if not user.is_authenticated:
        return []
    by = Actor.of(user, DOOR)

    def may(right: str) -> bool:
        where = scope(user, f"demands.{right}")
        inside = where.covers(row.community_id) or row.estate_id in where.estates
        return inside or may_as_contact(row, right, user)

    own = row.is_mine and may_within(by, "demands.bring", row.community_id)
    found = [
        offered(row, move, by)
        for move in models.Demand.machine.available(row.status)
        if may(move.right) or (own and move.name in OWN_VERBS)
    ]
    beside = (
        ("respond", "登记首次回复", row.first_response_at is None and may("handle")),
        ("extend", "延期", not row.extended_days and may("move")),
    )
    if row.status in OPEN:
        found += [
            AvailableAction.of("Demand", name, label) for name, label, offers in beside if offers
        ]
    return found
