"""Action items in the main API: what one body answers for, by a day."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
import strawberry_django
from django.db.models import F, Q
from strawberry import relay
from strawberry.types import Info

from backend.meetings import choices, models, queries
from backend.meetings.choices import ActionStatus, MeetingStatus
from backend.meetings.outcomes import action_is_overdue, late
from backend.meetings.working import sent_back_because
from schema.main import meeting_choices  # noqa: F401  the enums, before they are used
from schema.main.base import AvailableAction, Seen, moves_of, viewer
from schema.main.files import HasAttachments
from schema.main.filters import code_of, of_community, one_of, updated_since
from schema.main.labels import in_words
from schema.main.organizations import Organization
from schema.main.places import Community

if TYPE_CHECKING:
    from schema.main.meetings import Resolution

_Resolution = Annotated["Resolution", strawberry.lazy("schema.main.meetings")]


@strawberry_django.filter_type(models.ActionItem)
class ActionItemFilter:
    """Filters of action items."""

    status = one_of(ActionStatus, "status", "In one of these states.")
    community = of_community()
    organization = code_of("organization", "The organization with this code answers for it.")

    @strawberry_django.filter_field(description="Overdue today, or not.")
    def overdue(self, value: bool, prefix: str) -> Q:
        overdue = late(prefix)
        return overdue if value else ~overdue

    @strawberry_django.filter_field(description="Of meetings whose minutes are published, or not.")
    def published(self, value: bool, prefix: str) -> Q:
        public = Q(**{f"{prefix}meeting__status": MeetingStatus.PUBLISHED})
        return public if value else ~public

    updated_since = updated_since()


@strawberry_django.order_type(models.ActionItem)
class ActionItemOrder:
    """Orders of action items."""

    due_on: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.ActionProgress, description="落实进展: what was done, with evidence."
)
class ActionProgress(HasAttachments, Seen, relay.Node):
    id: relay.NodeID[int]
    text: str
    occurred_on: date
    created_at: datetime


@strawberry_django.type(
    models.ActionItem,
    filters=ActionItemFilter,
    ordering=ActionItemOrder,
    description="落实事项: what one body answers for, by a day.",
)
class ActionItem(HasAttachments, Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    title: str
    details: str
    due_on: date
    status: ActionStatus
    done_at: datetime | None
    created_at: datetime
    updated_at: datetime
    community: Community
    organization: Organization | None = strawberry_django.field(
        description="Null for callers who may not see organizations."
    )
    organization_name: str = strawberry_django.field(
        annotate=F("organization__name"), description="责任单位"
    )
    meeting_title: str = strawberry_django.field(
        annotate=F("meeting__title"), description="The meeting that agreed on it."
    )
    overdue: bool = strawberry_django.field(
        annotate=lambda info: action_is_overdue(),
        description="Not done, and its day is over: derived, never stored.",
    )
    sent_back_because: str | None = strawberry_django.field(
        annotate=lambda info: sent_back_because(),
        description="Why it was reopened the last time; null if it never was.",
    )
    resolution: _Resolution | None = strawberry_django.field(
        description="Null for callers who may not see meetings."
    )
    progress: list[ActionProgress]

    status_label = in_words(choices.ActionStatus, "status", "The state in words.")

    @strawberry_django.field(
        only=["status", "community_id", "organization_id"],
        description="What the caller may do with it now.",
    )
    def available_actions(self, info: Info) -> list[AvailableAction]:
        return action_moves(self, info)


def action_moves(item: Any, info: Info) -> list[AvailableAction]:
    """Staff: what the diagram allows; the body's own contact: to begin, and to report it as done."""
    moves: list[AvailableAction] = moves_of(item, info)
    if moves or item.organization_id not in _own(info):
        return moves
    allowed = [
        m for m in models.ActionItem.machine.available(item.status) if m.name in _CONTACTS_DO
    ]  # type: ignore[union-attr]
    return [AvailableAction.of("ActionItem", m.name, m.label) for m in allowed]


_CONTACTS_DO = ("start", "finish")


def _own(info: Info) -> frozenset[int]:
    user = viewer(info)
    where = models.ActionItem.own_scope(user, "report")
    return queries.own_bodies(user) if where.anywhere else frozenset()
