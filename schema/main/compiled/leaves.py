"""Values on their way out: from what the database wrote as JSON to what GraphQL shows.

The form is always that of the schema's own types: their `serialize` is called, once for each value of
an enum, and not at all where it would give back what it was given.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

from django.db import models
from graphql import (
    GraphQLBoolean,
    GraphQLInt,
    GraphQLNonNull,
    GraphQLString,
    get_named_type,
    is_enum_type,
    is_leaf_type,
    is_list_type,
)

from schema.main.compiled.refusal import Uncompilable

Convert = Callable[[Any], Any]
_LEAST, _MOST = -(2**31), 2**31
_MOST_TOLD = 2000


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    # SQLite keeps moments in UTC and does not say so.
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


_READ: tuple[tuple[type[models.Field[Any, Any]], Convert | None], ...] = (
    (models.DateTimeField, _moment),
    (models.DateField, date.fromisoformat),
    (models.TimeField, time.fromisoformat),
    (models.BooleanField, bool),
    (models.CharField, None),
    (models.TextField, None),
    (models.IntegerField, None),
    (models.AutoField, None),
)


def reader(field: models.Field[Any, Any]) -> Convert | None:
    """How a column's value is read from JSON; None: as it is. Raises Uncompilable."""
    if hasattr(field, "from_db_value"):
        raise Uncompilable(f"{type(field).__name__} reads by itself")
    if isinstance(field, models.ForeignKey):
        return reader(field.target_field)
    for kind, read in _READ:
        if isinstance(field, kind):
            return read
    raise Uncompilable(f"{type(field).__name__} is not written as JSON")


def nullable(read: Convert | None) -> Convert | None:
    """The same, for a column that may be null."""
    return None if read is None else lambda value: None if value is None else read(value)


def shown(
    declared: Any, read: Convert | None, field: models.Field[Any, Any] | None
) -> Convert | None:
    """How a value becomes what the answer holds; None: as it is.

    `field` is its column, None for an expression, of which nothing is known. Raises Uncompilable.
    """
    required, kind = isinstance(declared, GraphQLNonNull), get_named_type(declared)
    if is_list_type(getattr(declared, "of_type", declared)) or not is_leaf_type(kind):
        raise Uncompilable(f"{declared} is no leaf")
    never_null = field is not None and not field.null
    if kind is GraphQLString and read is None and field is None:
        return _required_text if required else _text
    show = _serialized(kind, read, field)
    if show is None:
        return None if never_null or not required else _refuse_null
    if never_null:
        return show
    if required:
        return _never_null(show)
    return lambda value: None if value is None else show(value)


def _never_null(show: Convert) -> Convert:
    def told(value: Any) -> Any:
        if value is None:
            raise Uncompilable("null where the schema has none")
        return show(value)

    return told


def _refuse_null(value: Any) -> Any:
    if value is None:
        raise Uncompilable("null where the schema has none")
    return value


def _serialized(
    kind: Any, read: Convert | None, field: models.Field[Any, Any] | None
) -> Convert | None:
    serialize = kind.serialize
    if is_enum_type(kind):
        return _Told(serialize).__getitem__
    if read is _moment:
        # The time zone is the installation's: what a moment is called does not change.
        return _Told(lambda text: serialize(_moment(text))).__getitem__
    if kind is GraphQLString and read is None:
        return None if isinstance(field, models.CharField | models.TextField) else _text
    if kind is GraphQLInt and read is None:
        return _whole(serialize)
    if kind is GraphQLBoolean and read is bool:
        return bool
    if read is None:
        return lambda value: serialize(value)
    return lambda value: serialize(read(value))


class _Told(dict[Any, Any]):
    """What values are called, by what the database wrote: each is asked for once, or seldom."""

    def __init__(self, serialize: Convert) -> None:
        self.serialize = serialize

    def __missing__(self, value: Any) -> Any:
        if len(self) >= _MOST_TOLD:
            self.clear()
        self[value] = self.serialize(value)
        return self[value]


def _text(value: Any) -> Any:
    return value if value is None or type(value) is str else GraphQLString.serialize(value)


def _required_text(value: Any) -> Any:
    if type(value) is str:
        return value
    if value is None:
        raise Uncompilable("null where the schema has none")
    return GraphQLString.serialize(value)


def _whole(serialize: Convert) -> Convert:
    return lambda value: (
        value if type(value) is int and _LEAST <= value < _MOST else serialize(value)
    )
