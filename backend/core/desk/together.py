"""Many small reads as one statement: its parts are bounded, its columns alike."""

from collections.abc import Sequence
from typing import Any

from django.db.models import CharField, DateField, DateTimeField, IntegerField, QuerySet, Value
from django.db.models.functions import Cast, TruncDate

NO_TEXT = Value("", output_field=CharField())


def text(value: Any) -> Any:
    """A column or an expression as text."""
    return Cast(value, CharField())


def no_day() -> Any:
    """A day that nobody named; with its type, for PostgreSQL asks all parts for the same."""
    return Cast(Value(None), DateField())


def no_moment() -> Any:
    """As `no_day`, for a moment."""
    return Cast(Value(None), DateTimeField())


def word(value: str) -> Any:
    """A constant column of text."""
    return Value(value, output_field=CharField())


def number(value: int) -> Any:
    """A constant column of a whole number."""
    return Value(value, output_field=IntegerField())


def first_rows(rows: QuerySet[Any], order: Sequence[Any], most: int) -> QuerySet[Any]:
    """The first `most` of `rows`, without an order of their own: a part of a union has none."""
    keys = rows.order_by(*order, "pk").values("pk")[:most]
    return rows.model._base_manager.filter(pk__in=keys).order_by()


def in_one(parts: Sequence[Any]) -> list[Any]:
    """The rows of all parts, in no order, by one statement; none for no parts."""
    return list(united(parts)) if parts else []


def united(parts: Sequence[Any]) -> Any:
    """All parts as one queryset. Parts of which a role sees nothing are not even sent."""
    first, *others = parts
    return first.union(*others, all=True) if others else first


def local_day(path: str) -> Any:
    """The local day of a moment, as a column."""
    return TruncDate(path)
