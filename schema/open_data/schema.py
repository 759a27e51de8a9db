"""The open-data API: anonymous, read-only, derived from Facets.public alone."""

from typing import Any

import graphene
from django.db import models
from django.db.models import Prefetch
from graphene_django.fields import DjangoConnectionField
from graphene_django.registry import Registry

from backend.core.facets import Facets, facets_of
from backend.core.small_cells import SMALLEST_CELL, shown_cell
from backend.core.words import in_chinese
from backend.education.models import LegalEducationEvent
from backend.meetings.models import ActionItem
from backend.services.models import Slot
from schema.open_data import festivals, meetings, owner_votes
from schema.open_data.partner_summary import IncipientSummary, incipient_summary
from schema.open_data.summaries import EducationSummary, education_summary
from schema.open_data.types import MAX_PAGE, cursors_are_ours, open_facets, open_type, page_fits
from schema.open_data.volunteers import VolunteerSummary, volunteer_summary


def _plural(name: str) -> str:
    return name[:-1] + "ies" if name.endswith("y") else name + "s"


def _camel(name: str) -> str:
    return name[0].lower() + name[1:]


def _snake(name: str) -> str:
    return "".join("_" + c.lower() if c.isupper() else c for c in _camel(name))


class Rows(graphene.relay.ConnectionField):
    """A list of public rows, at most a page at a time."""

    @classmethod
    def connection_resolver(
        cls, resolver: Any, connection_type: Any, root: Any, info: Any, **args: Any
    ) -> Any:
        page_fits(args.get("first"), args.get("last"))
        cursors_are_ours(args.get("after"), args.get("before"))
        return super().connection_resolver(resolver, connection_type, root, info, **args)

    @classmethod
    def resolve_connection(cls, connection_type: Any, args: Any, resolved: Any) -> Any:
        # graphene-django's way cuts the page in the database; graphene's own would load every row.
        return DjangoConnectionField.resolve_connection(
            connection_type, args, resolved, max_limit=MAX_PAGE
        )


def _everybodys(model: type[models.Model], name: str) -> models.QuerySet[Any]:
    target: Any = model._meta.get_field(name).related_model
    facets = facets_of(target)
    return meetings.beside(facets, facets.rows_for_everybody())


def _rows(facets: Facets, community: str | None = None, **filters: Any) -> models.QuerySet[Any]:
    model = facets.model
    related = [n for n in facets.public if model._meta.get_field(n).is_relation]
    rows = facets.rows_for_everybody().prefetch_related(
        # Not a join: what a public row points at is shown only if it is public itself.
        *(Prefetch(name, _everybodys(model, name)) for name in related)
    )
    if model is LegalEducationEvent:
        rows = rows.with_heads().with_places()  # type: ignore[attr-defined]
    if model is Slot:
        rows = rows.with_places()  # type: ignore[attr-defined]
    rows = owner_votes.beside(facets, meetings.beside(facets, rows))
    rows = festivals.beside(facets, rows)
    if community is not None:
        rows = rows.filter(community__code=community)
    if filters.get("starts_from") is not None:
        rows = rows.filter(starts_at__gte=filters["starts_from"])
    if filters.get("starts_before") is not None:
        rows = rows.filter(starts_at__lt=filters["starts_before"])
    if filters.get("year") is not None:
        rows = rows.filter(year=filters["year"])
    if filters.get("overdue") is not None:
        rows = rows.filter(overdue_now=filters["overdue"])
    return rows


def _arguments(model: type[models.Model]) -> dict[str, Any]:
    names = {field.name for field in model._meta.concrete_fields}
    found: dict[str, Any] = {}
    if "community" in names:
        found["community"] = graphene.String(description="Code of the community.")
    if "starts_at" in names:
        found["starts_from"] = graphene.DateTime(description="Begins at or after.")
        found["starts_before"] = graphene.DateTime(description="Begins before.")
    if "year" in names:
        found["year"] = graphene.Int(description="Numbered in this year.")
    if model is ActionItem:
        found["overdue"] = graphene.Boolean(description="Not done, and its day is over; or not.")
    return found


def build() -> graphene.Schema:
    """The schema. Raises PublishedPersonalField if somebody published a personal field."""
    registry = Registry()
    fields: dict[str, Any] = {"node": graphene.relay.Node.Field()}
    for facets in open_facets():
        name = facets.model.__name__
        type_ = open_type(facets, registry)
        if facets.model is LegalEducationEvent:
            _add_heads(type_)
        if facets.model in (LegalEducationEvent, Slot):
            _add_places_left(type_)
        meetings.add_fields(facets.model, type_, registry)
        owner_votes.add_fields(facets.model, type_)
        festivals.add_fields(facets.model, type_, registry)
        fields[_snake(_plural(name))] = Rows(
            type_._meta.connection,
            description=in_chinese(facets.model._meta.verbose_name),
            **_arguments(facets.model),
        )
        fields[f"resolve_{_snake(_plural(name))}"] = _list_resolver(facets)
        if "code" in facets.public:
            fields[_snake(name)] = graphene.Field(type_, code=graphene.String(required=True))
            fields[f"resolve_{_snake(name)}"] = _one_resolver(facets)
    fields["education_summary"] = graphene.Field(
        EducationSummary,
        community=graphene.String(required=True, description="Code of the community."),
        year=graphene.Int(required=True),
        description="普法活动 held in a year: events and heads, by topic and by format.",
    )
    fields["resolve_education_summary"] = education_summary
    fields["incipient_summary"] = graphene.Field(
        IncipientSummary,
        community=graphene.String(required=True, description="Code of the community."),
        year=graphene.Int(required=True),
        description="苗头性问题 found in a year, by kind.",
    )
    fields["resolve_incipient_summary"] = incipient_summary
    fields["volunteer_summary"] = graphene.Field(
        VolunteerSummary,
        community=graphene.String(required=True, description="Code of the community."),
        description="志愿服务: volunteers, teams and verified hours, as they are now.",
    )
    fields["resolve_volunteer_summary"] = volunteer_summary
    return graphene.Schema(query=type("Query", (graphene.ObjectType,), fields))


def _add_heads(type_: Any) -> None:
    def resolve(root: Any, info: Any) -> int | None:
        heads = getattr(root, "heads_total", None)
        return None if heads is None else shown_cell(heads)

    type_._meta.fields["heads_total"] = graphene.Field(
        graphene.Int,
        resolver=resolve,
        description=f"人次 (heads, never distinct people); null below {SMALLEST_CELL}.",
    )


def _add_places_left(type_: Any) -> None:
    type_._meta.fields["places_left"] = graphene.Field(
        graphene.Int,
        resolver=lambda root, info: getattr(root, "places_left", None),
        description="Places still free, never below 0; null for no limit.",
    )


def _list_resolver(facets: Facets) -> Any:
    return lambda root, info, community=None, **args: _rows(facets, community, **args)


def _one_resolver(facets: Facets) -> Any:
    return lambda root, info, code: _rows(facets).filter(code=code).first()


schema = build()
