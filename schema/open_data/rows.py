"""The rows of open data: those that everybody may see, narrowed by a caller's filters."""

from collections.abc import Mapping
from typing import Any

import graphene
from django.db import models
from django.db.models import Prefetch
from graphql import GraphQLError

from backend.core.facets import Facets, all_facets, facets_of
from backend.education.models import LegalEducationEvent
from backend.meetings.models import ActionItem
from backend.notices.models import PublicNotice
from backend.services.models import Slot
from schema.open_data import festivals, meetings, notices, owner_votes
from schema.open_data.names import camel
from schema.open_data.selecting import Chosen
from schema.open_data.types import moments_fit

MAX_CODES = 100


def relations_of(facets: Facets) -> list[str]:
    """The public fields that point at something of which something is public, too."""
    known = {one.model for one in all_facets() if one.public}
    fields = {name: facets.model._meta.get_field(name) for name in facets.public}
    return [n for n, field in fields.items() if field.is_relation and field.related_model in known]


def public_rows(facets: Facets, chosen: Chosen) -> models.QuerySet[Any]:
    """The public rows with what was chosen of them, in a fixed number of statements."""
    model = facets.model
    rows: Any = facets.rows_for_everybody()
    for name in relations_of(facets):
        if camel(name) in chosen:
            # Not a join: what a public row points at is shown only if it is public itself.
            target: Any = model._meta.get_field(name).related_model
            pointed = public_rows(facets_of(target), chosen[camel(name)])
            rows = rows.prefetch_related(Prefetch(name, pointed))
    if model is LegalEducationEvent:
        rows = rows.with_heads().with_places()
    if model is Slot:
        rows = rows.with_places()
    for register in (meetings, owner_votes, notices, festivals):
        rows = register.beside(facets, rows)
    return rows


def filters_of(facets: Facets, type_: Any) -> dict[str, Any]:
    """The arguments by which a list is narrowed, by their names in Python."""
    names = {field.name for field in facets.model._meta.concrete_fields}
    found: dict[str, Any] = {}
    if "community" in names:
        found["community"] = graphene.String(description="Code of the community.")
    if "starts_at" in names:
        found["starts_from"] = graphene.DateTime(description="Begins at or after.")
        found["starts_before"] = graphene.DateTime(description="Begins before.")
    if "year" in names:
        found["year"] = graphene.Int(description="Numbered in this year.")
    if facets.model is ActionItem:
        found["overdue"] = graphene.Boolean(description="Not done, and its day is over; or not.")
    if facets.model is PublicNotice:
        found["current"] = graphene.Boolean(description="On the board today; or not.")
    if "code" in facets.public:
        found["codes"] = graphene.List(
            graphene.NonNull(graphene.String), description=f"Of these codes, at most {MAX_CODES}."
        )
    for name in facets.public:
        if facets.model._meta.get_field(name).choices:  # type: ignore[union-attr]
            kind = type_._meta.fields[name].type
            kind = getattr(kind, "of_type", kind)
            found[name] = graphene.List(graphene.NonNull(kind), description="One of these.")
    for name in relations_of(facets):
        found[name] = graphene.String(description="Code of what it points at.")
    return found


def narrowed(
    facets: Facets, rows: models.QuerySet[Any], given: Mapping[str, Any]
) -> models.QuerySet[Any]:
    """The rows that a caller's filters leave.

    Raises a GraphQLError with the code bad_request for a moment or a list out of all bounds.
    """
    asked = {name: value for name, value in given.items() if value is not None}
    moments_fit(asked.get("starts_from"), asked.get("starts_before"))
    if len(asked.get("codes", ())) > MAX_CODES:
        raise GraphQLError(f"codes 最多 {MAX_CODES} 个。", extensions={"code": "bad_request"})
    relations = relations_of(facets)
    for name, value in asked.items():
        if name in _NARROW:
            rows = rows.filter(**{_NARROW[name]: value})
        elif name in relations:
            target: Any = facets.model._meta.get_field(name).related_model
            pointed = facets_of(target).rows_for_everybody().filter(code=value)
            rows = rows.filter(**{f"{name}__in": pointed})
        elif name in facets.public:
            rows = rows.filter(**{f"{name}__in": [getattr(one, "value", one) for one in value]})
    return rows


_NARROW = {
    "community": "community__code",
    "starts_from": "starts_at__gte",
    "starts_before": "starts_at__lt",
    "year": "year",
    "overdue": "overdue_now",
    "current": "current_now",
    "codes": "code__in",
}
