"""The lists of open data, told from the schema itself: for the dictionary and for CSV."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    get_named_type,
    get_nullable_type,
    is_enum_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)

from backend.core.exporting.kinds import harmless
from backend.core.facets import Facets
from backend.core.words import in_chinese
from schema.open_data.names import camel, lower_first, plural, snake
from schema.open_data.rows import public_rows, relations_of
from schema.open_data.schema import schema
from schema.open_data.selecting import Chosen
from schema.open_data.types import LocalDateTime, open_facets
from schema.open_data.words import Meaning, meaning_of

_GRAPHQL: Any = schema.graphql_schema


@dataclass(frozen=True)
class Column:
    """One field of a list: a column of its CSV unless it is a list itself."""

    name: str
    label: str
    meaning: Meaning | None
    field: GraphQLField

    @property
    def kind(self) -> str:
        """What its values are, for people: Int, Date, code of Venue."""
        inner = get_named_type(self.field.type)
        plain = f"code of {inner.name}" if is_object_type(inner) else inner.name
        return f"[{plain}]" if self.many else plain

    @property
    def many(self) -> bool:
        declared: Any = self.field.type
        return is_list_type(get_nullable_type(declared))

    @property
    def may_be_empty(self) -> bool:
        return not is_non_null_type(self.field.type)

    @property
    def values(self) -> list[tuple[str, str]]:
        """Of an enum: what there is, with its Chinese label."""
        inner = get_named_type(self.field.type)
        if not isinstance(inner, GraphQLEnumType):
            return []
        return [(name, value.description or "") for name, value in inner.values.items()]

    def text(self, row: Any, in_words: bool = False) -> str:
        """The value in a row, as CSV has it."""
        value = self._value(row)
        inner: Any = get_named_type(self.field.type)
        if value is None or value == "":
            return ""
        if is_enum_type(inner):
            name = next((n for n, one in inner.values.items() if _raw(one.value) == value), "")
            return dict(self.values)[name] if in_words and name else name
        if is_object_type(inner):
            return harmless(str(value.code))
        if isinstance(value, bool):
            return ("是" if value else "否") if in_words else str(value).lower()
        if isinstance(value, datetime):
            return LocalDateTime.serialize(value)
        if isinstance(value, date):
            return value.isoformat()
        return str(value) if isinstance(value, int) else harmless(str(value))

    def _value(self, row: Any) -> Any:
        resolver = schema.graphql_schema.type_map[type(row).__name__].graphene_type  # type: ignore[attr-defined]
        own = getattr(resolver._meta.fields.get(snake(self.name)), "resolver", None)
        return own(row, None) if own is not None else getattr(row, snake(self.name))


def _raw(value: Any) -> Any:
    return getattr(value, "value", value)


@dataclass(frozen=True)
class OpenList:
    """One list: its name in the schema and in addresses, what it is of, and its fields."""

    name: str
    facets: Facets

    @property
    def type_name(self) -> str:
        return self.facets.model.__name__

    @property
    def label(self) -> str:
        return in_chinese(self.facets.model._meta.verbose_name)

    @property
    def about(self) -> str:
        """The first sentence of what the model says of itself, in English."""
        head = (self.facets.model.__doc__ or "").strip().split("\n")[0]
        return head.split(": ", 1)[-1]

    @property
    def filters(self) -> list[str]:
        """The arguments by which the list is narrowed."""
        paging = {"first", "last", "after", "before"}
        return [n for n in _GRAPHQL.query_type.fields[self.name].args if n not in paging]

    @property
    def fields(self) -> list[Column]:
        """Every field, in the schema's order; the id is none of them."""
        fields = _GRAPHQL.type_map[self.type_name].fields
        return [self._column(name, field) for name, field in fields.items() if name != "id"]

    @property
    def columns(self) -> list[Column]:
        """Those that a line of CSV can hold."""
        return [column for column in self.fields if not column.many]

    def rows(self) -> QuerySet[Any]:
        """The public rows, with what the columns need."""
        chosen: Chosen = {camel(name): {} for name in relations_of(self.facets)}
        return public_rows(self.facets, chosen)

    def _column(self, name: str, field: GraphQLField) -> Column:
        meta = self.facets.model._meta
        known = {one.name: one for one in meta.concrete_fields}.get(snake(name))
        label = in_chinese(known.verbose_name) if known is not None else _LABELS.get(name, name)
        return Column(name, label, meaning_of(self.type_name, name), field)


# Of what is no column of a table.
_LABELS = {
    "headsTotal": "人次",
    "placesLeft": "剩余名额",
    "minutes": "会议纪要",
    "overdue": "是否逾期",
    "current": "是否公布中",
    "actionItems": "落实事项",
}


def open_lists() -> Iterator[OpenList]:
    """Every list, by label of its model."""
    for facets in open_facets():
        yield OpenList(lower_first(plural(facets.model.__name__)), facets)


def list_called(name: str) -> OpenList | None:
    """The list of that name."""
    return next((one for one in open_lists() if one.name == name), None)
