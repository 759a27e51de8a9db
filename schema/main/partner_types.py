"""Red partners in the main API: what is shown. Personal fields come masked."""

from datetime import date, datetime, time
from typing import Annotated, Any

import strawberry
import strawberry_django
from django.db.models import Q
from django.utils import timezone
from strawberry import relay
from strawberry.types import Info

from backend.core.personal import masked
from backend.partners import models, rules
from schema.main.base import (
    AvailableAction,
    Seen,
    moves_of,
    of_organization,
)
from schema.main.files import HasAttachments
from schema.main.filters import code_of, of_community, one_of, updated_since
from schema.main.labels import in_words
from schema.main.organizations import Organization
from schema.main.partner_enums import AgreementStatus, DutySide, Escalation, IssueKind, IssueStatus
from schema.main.personal import in_full
from schema.main.places import Community
from schema.main.twins import nested_list

MOVES = ["status", "community_id"]
_HERE = "schema.main.partner_types"


@strawberry_django.type(
    models.AgreementDuty, description="共建职责: one duty of an agreement, in its place."
)
class AgreementDuty(Seen, relay.Node):
    id: relay.NodeID[int]
    position: int
    side: DutySide
    text: str


# --- the rota ------------------------------------------------------------------------------------


@strawberry_django.filter_type(models.DutyShift)
class DutyShiftFilter:
    """Filters of shifts; by nobody's name."""

    post = code_of("post", "At the post with this code.")

    @strawberry_django.filter_field(description="On this day or later.")
    def from_day(self, value: date, prefix: str) -> Q:
        return Q(**{f"{prefix}day__gte": value})

    @strawberry_django.filter_field(description="On this day or earlier.")
    def to_day(self, value: date, prefix: str) -> Q:
        return Q(**{f"{prefix}day__lte": value})

    updated_since = updated_since()


@strawberry_django.order_type(models.DutyShift)
class DutyShiftOrder:
    """Orders of shifts."""

    day: strawberry.auto
    starts_at: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.DutyShift,
    filters=DutyShiftFilter,
    ordering=DutyShiftOrder,
    description="值班: one person at one post, from `startsAt` until, but not at, `endsAt`.",
)
class DutyShift(Seen, relay.Node):
    id: relay.NodeID[int]
    day: date
    starts_at: time
    ends_at: time
    created_at: datetime
    updated_at: datetime
    post: Annotated["VanguardPost", strawberry.lazy(_HERE)]

    @strawberry_django.field(
        annotate={"masked_name": masked("name", "name")}, description="Masked: 张*"
    )
    def name(self) -> str:
        return self.masked_name  # type: ignore[attr-defined]

    name_in_full = in_full(models.DutyShift, "name")


# --- posts ---------------------------------------------------------------------------------------


@strawberry_django.filter_type(models.VanguardPost)
class VanguardPostFilter:
    """Filters of posts."""

    @strawberry_django.filter_field(description="Standing on this day.")
    def standing_on(self, value: date, prefix: str) -> Q:
        ended = Q(**{f"{prefix}until__lt": value})
        return Q(**{f"{prefix}since__lte": value}) & ~ended

    community = of_community()
    updated_since = updated_since()


@strawberry_django.order_type(models.VanguardPost)
class VanguardPostOrder:
    """Orders of posts."""

    name: strawberry.auto
    since: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.VanguardPost,
    filters=VanguardPostFilter,
    ordering=VanguardPostOrder,
    description="党员先锋岗: a post that a partner keeps where people pass.",
)
class VanguardPost(HasAttachments, Seen, relay.Node):
    id: relay.NodeID[int]
    revision: int
    code: str
    name: str
    place: str
    since: date
    until: date | None
    created_at: datetime
    updated_at: datetime
    community: Community
    agreement: Annotated["CoBuildingAgreement", strawberry.lazy(_HERE)]


# --- agreements ----------------------------------------------------------------------------------


@strawberry_django.filter_type(models.CoBuildingAgreement)
class CoBuildingAgreementFilter:
    """Filters of agreements."""

    status = one_of(AgreementStatus, "status", "In one of these states.")

    @strawberry_django.filter_field(
        description="In force, and on this day near enough to the end to talk about renewing."
    )
    def near_end_on(self, value: date, prefix: str) -> Q:
        return Q(**{f"{prefix}status": AgreementStatus.ACTIVE, f"{prefix}remind_from__lte": value})

    community = of_community()
    updated_since = updated_since()


@strawberry_django.order_type(models.CoBuildingAgreement)
class CoBuildingAgreementOrder:
    """Orders of agreements."""

    starts_on: strawberry.auto
    ends_on: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.CoBuildingAgreement,
    filters=CoBuildingAgreementFilter,
    ordering=CoBuildingAgreementOrder,
    description="共建协议: what a partner and the community promise each other, for a term.",
)
class CoBuildingAgreement(HasAttachments, Seen, relay.Node):
    id: relay.NodeID[int]
    revision: int
    code: str
    title: str
    signed_on: date | None
    starts_on: date
    ends_on: date = strawberry_django.field(description="The last day, part of the term.")
    remind_days: int
    remark: str
    status: AgreementStatus
    created_at: datetime
    updated_at: datetime
    community: Community
    partner: Annotated["RedPartner", strawberry.lazy(_HERE)]
    duties: list[AgreementDuty]
    posts: list[VanguardPost] = nested_list()

    status_label = in_words(AgreementStatus, "status", "The state in words.")

    @strawberry_django.field(
        only=["status", "ends_on"], description="Days to the last one; null if not in force."
    )
    def days_left(self) -> int | None:
        if self.status != AgreementStatus.ACTIVE:
            return None
        return (self.ends_on - timezone.localdate()).days

    @strawberry_django.field(
        only=["status", "ends_on"],
        description="Its last day has passed and nobody has ended it; a routine does, once a day.",
    )
    def overdue(self) -> bool:
        return rules.is_overdue(self.status, self.ends_on, timezone.localdate())

    @strawberry_django.field(
        only=[*MOVES, "signed_on", "starts_on", "ends_on"],
        annotate=of_organization(models.CoBuildingAgreement),
        description="What the caller may do with the agreement now.",
    )
    def available_actions(self, info: Info) -> list[AvailableAction]:
        found: Any = moves_of(self, info)
        return found  # type: ignore[no-any-return]


# --- partners ------------------------------------------------------------------------------------


@strawberry_django.filter_type(models.RedPartner)
class RedPartnerFilter:
    """Filters of partners."""

    @strawberry_django.filter_field(description="Partners on this day.")
    def standing_on(self, value: date, prefix: str) -> Q:
        ended = Q(**{f"{prefix}until__lt": value})
        return Q(**{f"{prefix}since__lte": value}) & ~ended

    community = of_community()

    @strawberry_django.filter_field(description="The organization's name contains this text.")
    def search(self, value: str, prefix: str) -> Q:
        return Q(**{f"{prefix}organization__name__icontains": value})

    updated_since = updated_since()


@strawberry_django.order_type(models.RedPartner)
class RedPartnerOrder:
    """Orders of partners."""

    since: strawberry.auto
    created_at: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.RedPartner,
    filters=RedPartnerFilter,
    ordering=RedPartnerOrder,
    description="红色合伙人: a body's standing as a partner of the community.",
)
class RedPartner(HasAttachments, Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    since: date
    until: date | None
    summary: str
    created_at: datetime
    updated_at: datetime
    community: Community
    organization: Organization | None = strawberry_django.field(
        description="Null for who may see the partner and not the organization."
    )
    agreements: list[CoBuildingAgreement] = nested_list()

    @strawberry_django.field(
        select_related=["organization"],
        only=["organization__name"],
        description="The organization's name.",
    )
    def name(self) -> str:
        return str(self.organization.name)  # type: ignore[union-attr]


# --- issues --------------------------------------------------------------------------------------


@strawberry_django.filter_type(models.IncipientIssue)
class IncipientIssueFilter:
    """Filters of issues."""

    status = one_of(IssueStatus, "status", "In one of these states.")
    kind = one_of(IssueKind, "kind", "Of one of these kinds.")

    @strawberry_django.filter_field(description="Found at a vanguard post, or elsewhere.")
    def at_post(self, value: bool, prefix: str) -> Q:
        return Q(**{f"{prefix}post__isnull": not value})

    @strawberry_django.filter_field(description="Found on this day or later.")
    def found_from(self, value: date, prefix: str) -> Q:
        return Q(**{f"{prefix}found_on__gte": value})

    community = of_community()
    updated_since = updated_since()


@strawberry_django.order_type(models.IncipientIssue)
class IncipientIssueOrder:
    """Orders of issues."""

    found_on: strawberry.auto
    settled_on: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.IncipientIssue,
    filters=IncipientIssueFilter,
    ordering=IncipientIssueOrder,
    description="苗头性问题: something that may grow into a dispute; its texts name nobody.",
)
class IncipientIssue(HasAttachments, Seen, relay.Node):
    id: relay.NodeID[int]
    revision: int
    code: str
    kind: IssueKind
    place: str
    description: str
    found_on: date
    settled_on: date | None
    how_defused: str
    escalated_code: str
    status: IssueStatus
    created_at: datetime
    updated_at: datetime
    community: Community
    post: VanguardPost | None

    @strawberry_django.field(only=["escalated_to"], description="Where it goes on, if it does.")
    def escalated_to(self) -> Escalation | None:
        return Escalation(self.escalated_to) if self.escalated_to else None

    @strawberry_django.field(
        annotate={"masked_found_by": masked("name", "found_by")}, description="Masked: 张*"
    )
    def found_by(self) -> str:
        return self.masked_found_by  # type: ignore[attr-defined]

    found_by_in_full = in_full(models.IncipientIssue, "found_by")

    status_label = in_words(IssueStatus, "status", "The state in words.")

    @strawberry_django.field(
        only=MOVES,
        annotate=of_organization(models.IncipientIssue),
        description="What the caller may do with the issue now.",
    )
    def available_actions(self, info: Info) -> list[AvailableAction]:
        found: Any = moves_of(self, info)
        return found  # type: ignore[no-any-return]
