"""Which rows a field reads: by the very hooks that ordinary execution asks."""

import sys
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from strawberry import UNSET
from strawberry.relay.utils import SliceMetadata
from strawberry.types.info import Info
from strawberry_django.filters import process_filters
from strawberry_django.ordering import Ordering, apply_ordering
from strawberry_django.queryset import run_type_get_queryset

from schema.cursors import is_ours
from schema.main.base import Seen, settled
from schema.main.compiled.refusal import Uncompilable

_PAGING = ("first", "last", "after", "before")


@dataclass(frozen=True)
class Place:
    """Where a page begins and ends in its list; `whole` is how long it may be."""

    start: int
    end: int

    @property
    def whole(self) -> int:
        return self.end - self.start


def place_of(given: dict[str, Any], info: Info, max_results: int | None) -> Place:
    """The page that a connection's arguments ask for, taken out of them. Raises Uncompilable."""
    paging = {name: given.pop(name, None) for name in _PAGING}
    if paging["last"] is not None:
        raise Uncompilable("a page from the end")
    for end in ("after", "before"):
        if paging[end] is not None and not is_ours(paging[end]):
            raise Uncompilable("no cursor of ours")
    found = SliceMetadata.from_arguments(info, max_results=max_results, **paging)
    if found.end < found.start or found.end == sys.maxsize:
        raise Uncompilable("a page that ends before it begins")
    return Place(found.start, found.end)


class Rows:
    """The rows of a field: those the caller may see, filtered and ordered as asked.

    What they depend on is asked for at once, and is cheap; the query is made when somebody wants it.
    `key` is the same for the same query, None where nobody can tell.
    """

    def __init__(
        self,
        base: QuerySet[Any],
        origin: Any,
        field: Any,
        given: dict[str, Any],
        info: Info,
        *,
        base_key: Hashable | None = (),
    ) -> None:
        self.base, self.origin, self.field, self.info = base, origin, field, info
        self.base_key = base_key
        self.ordering = given.get("ordering") or []
        self.filters = given.get("filters")
        self.narrowed = base
        self.condition: Any = None
        if self.filters is not None and self.filters is not UNSET:
            self.narrowed, self.condition = process_filters(self.filters, base, info)
        self.seen: Any = None
        if issubclass(origin, Seen) and _plain(origin):
            self.seen = origin.rows_seen(base.model, info)

    @property
    def key(self) -> Hashable:
        """What tells this query from another of the same field; None if nothing does."""
        if self.base_key is None or self.seen is None or self.narrowed is not self.base:
            return None
        asked = [pair for one in self.ordering for pair in vars(one).items()]
        order = tuple((name, value) for name, value in asked if value not in (None, UNSET))
        if not all(isinstance(value, Ordering) for _, value in order):
            return None
        return (self.base_key, self.seen, self.condition, order)

    def query(self, *, ordered: bool = True) -> Any:
        """The queryset. Raises whatever the field's hooks raise."""
        found: Any = self.narrowed
        if self.seen is not None:
            found = found.filter(self.seen)
        else:
            found = run_type_get_queryset(found, self.origin, self.info)
        if self.condition:
            found = found.filter(self.condition)
        if not ordered:
            return found.order_by()
        sorting = self.field.get_ordering()
        if sorting is not None and self.ordering:
            found = apply_ordering(sorting, self.ordering, self.info, found)
        if not found.ordered:
            found = found.order_by("pk")
        return settled(found)


def _plain(origin: Any) -> bool:
    """Whether a type has no row rule but its model's own."""
    own: Any = Seen.get_queryset
    return bool(origin.get_queryset.__func__ is own.__func__)
