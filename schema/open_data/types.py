"""Open types, made from Facets: what `public` names, and not a field more."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import graphene
from django.db import models
from django.utils import timezone
from graphene_django import DjangoObjectType
from graphene_django.registry import Registry
from graphql import GraphQLError, get_named_type, is_enum_type

from backend.core.facets import Facets, all_facets, facets_of
from backend.core.words import in_chinese
from schema.cursors import BAD_CURSOR, is_ours
from schema.open_data.names import snake
from schema.open_data.words import meaning_of

MAX_PAGE = 100
FIRST_YEAR, LAST_YEAR = 1900, 9000


class PublishedPersonalField(TypeError):
    """A personal field was named in Facets.public: the schema refuses to be built."""


class LocalDateTime(graphene.DateTime):
    """A moment, ISO-8601 with the offset of Asia/Shanghai."""

    class Meta:
        # Not "DateTime": graphene has one of that name, and would take its own.
        name = "LocalDateTime"

    @staticmethod
    def serialize(value: Any) -> str:
        return timezone.localtime(value).isoformat()


class Page(graphene.Connection):
    """A connection that counts."""

    class Meta:
        abstract = True

    total_count = graphene.Int(required=True, description="How many there are in all.")

    def resolve_total_count(self, info: graphene.ResolveInfo) -> int:
        return self.length  # type: ignore[attr-defined]


def check_nothing_personal(facets: Facets) -> None:
    """Raises PublishedPersonalField for a personal field in `public`."""
    personal = set(getattr(facets.model, "personal", {})) & set(facets.public)
    if personal:
        raise PublishedPersonalField(f"{facets.model._meta.label}: {', '.join(sorted(personal))}")


def open_facets() -> list[Facets]:
    """Every model of which something is public."""
    found = [facets for facets in all_facets() if facets.public]
    for facets in found:
        check_nothing_personal(facets)
    return found


def open_type(
    facets: Facets, registry: Registry, get_node: Callable[..., Any] | None = None
) -> type[DjangoObjectType]:
    """The open type of one model; `get_node` finds a row by its key, among those of everybody."""
    model = facets.model
    meta = type(
        "Meta",
        (),
        {
            "model": model,
            "fields": list(facets.public),
            "interfaces": (graphene.relay.Node,),
            "connection_class": Page,
            "registry": registry,
            "use_connection": True,
            "description": (model.__doc__ or "").strip(),
        },
    )
    body: dict[str, Any] = {"Meta": meta, "get_node": classmethod(get_node or _nothing)}
    for name in facets.public:
        field: Any = model._meta.get_field(name)
        if isinstance(field, models.DateTimeField):
            body[name] = LocalDateTime(required=not field.null)
        elif field.is_relation:
            body[name] = graphene.Field(
                _type_of(registry, field.related_model), required=not field.null
            )
            body[f"resolve_{name}"] = _pointed_at(name, field.attname, field.related_model)
    return type(model.__name__, (DjangoObjectType,), body)


def _nothing(cls: Any, info: Any, id: str) -> None:
    return None


def _type_of(registry: Registry, model: type[models.Model]) -> Any:
    # Later: the other type may not be made yet.
    return lambda: registry.get_type_for_model(model)


def _pointed_at(name: str, column: str, model: type[models.Model]) -> Any:
    def resolve(root: Any, info: Any) -> Any:
        # As it was fetched for all rows; else alone, and by the same rule.
        if name in root._state.fields_cache:
            return root._state.fields_cache[name]
        return facets_of(model).rows_for_everybody().filter(pk=getattr(root, column)).first()

    return resolve


def explain(schema: graphene.Schema) -> None:
    """Writes into the schema what its fields and enums mean."""
    for kind in schema.graphql_schema.type_map.values():
        graphene_type = getattr(kind, "graphene_type", None)
        model = getattr(getattr(graphene_type, "_meta", None), "model", None)
        if model is None:
            continue
        for name, field in kind.fields.items():  # type: ignore[attr-defined]
            meaning = meaning_of(kind.name, name)
            if meaning is not None and name != "id":
                field.description = str(meaning)
            inner = get_named_type(field.type)
            if is_enum_type(inner):
                whose, which = model._meta, model._meta.get_field(snake(name))
                inner.description = in_chinese(f"{whose.verbose_name}：{which.verbose_name}")


def moments_fit(*moments: datetime | None) -> None:
    """Raises a GraphQLError with the code bad_request for a moment at the end of time: no calendar
    turns it into another time zone.
    """
    for moment in moments:
        if moment is not None and not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise GraphQLError(
                f"年份应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间。", extensions={"code": "bad_request"}
            )


def cursors_are_ours(*cursors: str | None) -> None:
    """Raises a GraphQLError with the code bad_cursor for a cursor that this API did not give."""
    for cursor in cursors:
        if cursor is not None and not is_ours(cursor):
            raise GraphQLError(BAD_CURSOR, extensions={"code": "bad_cursor"})


def page_fits(first: int | None, last: int | None) -> None:
    """Raises a GraphQLError with the code bad_page for more than a page."""
    for name, asked in (("first", first), ("last", last)):
        if asked is not None and not 0 < asked <= MAX_PAGE:
            raise GraphQLError(
                f"{name} 应在 1 到 {MAX_PAGE} 之间，请分页读取。", extensions={"code": "bad_page"}
            )
