"""业主共同决定 in the open data: in which estate."""

from typing import Any

import graphene
from django.db.models import QuerySet

from backend.core.facets import Facets
from backend.owner_votes.models import OwnerVote


def beside(facets: Facets, rows: QuerySet[Any]) -> QuerySet[Any]:
    """What the further field needs, in the same statement."""
    return rows.select_related("estate") if facets.model is OwnerVote else rows


def add_fields(model: type[Any], type_: Any) -> None:
    """The further field of the type."""
    if model is OwnerVote:
        type_._meta.fields["estate"] = graphene.Field(
            graphene.String,
            resolver=lambda root, info: root.estate.name,
            description="小区: whose owners decided.",
        )
