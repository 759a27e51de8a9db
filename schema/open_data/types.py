"""Open types, made from Facets: what `public` names, and not a field more."""

from datetime import datetime
from typing import Any

import graphene
from django.db import models
from django.utils import timezone
from graphene_django import DjangoObjectType
from graphene_django.registry import Registry
from graphql import GraphQLError

from backend.core.facets import Facets, all_facets
from backend.core.numbers import whole_number
from backend.core.words import in_chinese
from schema.cursors import BAD_CURSOR, is_ours

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


def open_type(facets: Facets, registry: Registry) -> type[DjangoObjectType]:
    """The open type of one model."""
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
    body: dict[str, Any] = {"Meta": meta, "get_node": classmethod(_only_public(facets))}
    for name in facets.public:
        if isinstance(model._meta.get_field(name), models.DateTimeField):
            field = model._meta.get_field(name)
            body[name] = LocalDateTime(
                required=not field.null,
                description=in_chinese(field.help_text or field.verbose_name),
            )
    return type(model.__name__, (DjangoObjectType,), body)


def _only_public(facets: Facets) -> Any:
    def get_node(cls: Any, info: Any, id: str) -> Any:
        # By id too, a row must be one that everybody may see.
        return facets.rows_for_everybody().filter(pk=whole_number(id) or 0).first()

    return get_node


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
