"""The open-data API: anonymous, read-only, derived from Facets.public alone."""

from typing import Any

import graphene
from graphene_django.fields import DjangoConnectionField
from graphene_django.registry import Registry
from graphql import GraphQLError
from graphql_relay import from_global_id

from backend.core.facets import Facets
from backend.core.numbers import whole_number
from backend.core.small_cells import SMALLEST_CELL, shown_cell
from backend.core.words import in_chinese
from backend.education.models import LegalEducationEvent
from backend.services.models import Slot
from schema.open_data import festivals, meetings, notices, owner_votes
from schema.open_data.certificates import CertificateCheck, certificate
from schema.open_data.names import plural, snake
from schema.open_data.paging import uncounted
from schema.open_data.partner_summary import IncipientSummary, incipient_summary
from schema.open_data.rows import filters_of, narrowed, public_rows
from schema.open_data.selecting import chosen_of
from schema.open_data.summaries import EducationSummary, education_summary
from schema.open_data.types import (
    MAX_PAGE,
    cursors_are_ours,
    explain,
    open_facets,
    open_type,
    page_fits,
)
from schema.open_data.volunteers import VolunteerSummary, volunteer_summary


class Rows(graphene.relay.ConnectionField):
    """A list of public rows, at most a page at a time."""

    @classmethod
    def connection_resolver(
        cls, resolver: Any, connection_type: Any, root: Any, info: Any, **args: Any
    ) -> Any:
        page_fits(args.get("first"), args.get("last"))
        cursors_are_ours(args.get("after"), args.get("before"))
        rows = resolver(root, info, **args)
        inner = getattr(connection_type, "of_type", connection_type)
        # From the end of a list nobody reads without knowing where it is.
        if args.get("last") is None and "totalCount" not in chosen_of(info, paged=False):
            return uncounted(inner, args, rows)
        # graphene-django's way cuts the page in the database; graphene's own would load every row.
        return DjangoConnectionField.resolve_connection(inner, args, rows, max_limit=MAX_PAGE)


def _rows(facets: Facets, info: Any, *, paged: bool = False, **given: Any) -> Any:
    return narrowed(facets, public_rows(facets, chosen_of(info, paged=paged)), given)


def _by_key(facets: Facets) -> Any:
    # By id too, a row must be one that everybody may see.
    return lambda cls, info, id: _rows(facets, info).filter(pk=whole_number(id) or 0).first()


def _node(root: Any, info: Any, id: str) -> Any:
    """What an id names, if everybody may see it. Raises a GraphQLError with the code bad_id."""
    try:
        named, key = from_global_id(id)
    except (ValueError, UnicodeError):
        named = key = ""
    known = info.schema.get_type(named) if named.isidentifier() else None
    type_ = getattr(known, "graphene_type", None)
    if type_ is None or not hasattr(type_, "get_node"):
        raise GraphQLError("id 的格式不对，请使用接口返回的 id。", extensions={"code": "bad_id"})
    return type_.get_node(info, key)


def build() -> graphene.Schema:
    """The schema. Raises PublishedPersonalField if somebody published a personal field."""
    registry = Registry()
    fields: dict[str, Any] = {
        "node": graphene.Field(
            graphene.relay.Node,
            id=graphene.ID(required=True, description="The ID of the object"),
            resolver=_node,
        )
    }
    for facets in open_facets():
        name = facets.model.__name__
        type_ = open_type(facets, registry, _by_key(facets))
        if facets.model is LegalEducationEvent:
            _add_heads(type_)
        if facets.model in (LegalEducationEvent, Slot):
            _add_places_left(type_)
        meetings.add_fields(facets.model, type_, registry)
        owner_votes.add_fields(facets.model, type_)
        notices.add_fields(facets.model, type_)
        festivals.add_fields(facets.model, type_, registry)
        fields[snake(plural(name))] = Rows(
            type_._meta.connection,
            description=in_chinese(facets.model._meta.verbose_name),
            **filters_of(facets, type_),
        )
        fields[f"resolve_{snake(plural(name))}"] = _list_resolver(facets)
        if "code" in facets.public:
            fields[snake(name)] = graphene.Field(type_, code=graphene.String(required=True))
            fields[f"resolve_{snake(name)}"] = _one_resolver(facets)
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
    fields["certificate"] = graphene.Field(
        CertificateCheck,
        number=graphene.String(required=True, description="As it stands on the paper."),
        description="志愿服务证明: whether a number was issued, for which hours, and whether it stands.",
    )
    fields["resolve_certificate"] = certificate
    fields["volunteer_summary"] = graphene.Field(
        VolunteerSummary,
        community=graphene.String(required=True, description="Code of the community."),
        description="志愿服务: volunteers, teams and verified hours, as they are now.",
    )
    fields["resolve_volunteer_summary"] = volunteer_summary
    made = graphene.Schema(query=type("Query", (graphene.ObjectType,), fields))
    explain(made)
    return made


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
    def resolve(root: Any, info: Any, **given: Any) -> Any:
        for of_the_page in ("first", "last", "after", "before"):
            given.pop(of_the_page, None)
        return _rows(facets, info, paged=True, **given)

    return resolve


def _one_resolver(facets: Facets) -> Any:
    return lambda root, info, code: _rows(facets, info).filter(code=code).first()


schema = build()
