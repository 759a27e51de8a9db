"""联席会议 in the open data: who answers for what, and what is overdue."""

from typing import Any

import graphene
from django.db.models import Prefetch, QuerySet

from backend.core.facets import Facets, facets_of
from backend.meetings.models import ActionItem, JointMeeting, Resolution
from backend.meetings.queries import with_minutes


def beside(facets: Facets, rows: QuerySet[Any]) -> QuerySet[Any]:
    """What the further fields need, in a fixed number of statements."""
    if facets.model is JointMeeting:
        return with_minutes(rows)
    if facets.model is ActionItem:
        return rows.with_overdue().select_related("organization")  # type: ignore[attr-defined,no-any-return]
    if facets.model is Resolution:
        public: Any = facets_of(ActionItem).rows_for_everybody()
        meetings = with_minutes(facets_of(JointMeeting).rows_for_everybody())
        items = public.with_overdue().select_related("organization").order_by("due_on", "pk")
        items = items.prefetch_related(Prefetch("meeting", meetings))
        return rows.prefetch_related(Prefetch("action_items", items, to_attr="public_items"))
    return rows


def add_fields(model: type[Any], type_: Any, registry: Any) -> None:
    """The further fields of a type: only of rows that are public themselves."""
    if model is JointMeeting:
        type_._meta.fields["minutes"] = graphene.Field(
            graphene.String,
            resolver=lambda root, info: getattr(root, "minutes_text", None),
            description="The published minutes, as text.",
        )
    if model is ActionItem:
        type_._meta.fields["organization"] = graphene.Field(
            graphene.String,
            resolver=_organization,
            description="责任单位: the body that answers for it.",
        )
        type_._meta.fields["overdue"] = graphene.Field(
            graphene.Boolean,
            resolver=lambda root, info: getattr(root, "overdue_now", None),
            description="Not done, and its day is over.",
        )
    if model is Resolution:
        type_._meta.fields["action_items"] = graphene.Field(
            graphene.List(graphene.NonNull(lambda: registry.get_type_for_model(ActionItem))),
            resolver=lambda root, info: getattr(root, "public_items", None),
            description="What follows from it, and which body answers for it.",
        )


def _organization(root: Any, info: Any) -> str | None:
    return str(root.organization) if hasattr(root, "overdue_now") else None
