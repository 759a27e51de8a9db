"""公示公告 in the open data: for which estate, and whether a notice still hangs on the board."""

from typing import Any

import graphene
from django.db.models import QuerySet

from backend.core.facets import Facets
from backend.notices.models import PublicNotice


def beside(facets: Facets, rows: QuerySet[Any]) -> QuerySet[Any]:
    """What the further fields need, in the same statement."""
    if facets.model is not PublicNotice:
        return rows
    found: QuerySet[Any] = rows.with_current().select_related("estate")  # type: ignore[attr-defined]
    return found


def add_fields(model: type[Any], type_: Any) -> None:
    """The further fields of the type."""
    if model is not PublicNotice:
        return
    type_._meta.fields["current"] = graphene.Field(
        graphene.Boolean,
        resolver=lambda root, info: getattr(root, "current_now", None),
        description="Whether it hangs on the board today.",
    )
    type_._meta.fields["estate"] = graphene.Field(
        graphene.String,
        resolver=lambda root, info: root.estate.name if root.estate is not None else None,
        description="小区: of which alone it speaks; null for the whole community.",
    )
