"""Connections within rows: the pages of all rows at once, by whatever arguments and aliases.

The library reads them together only where one field has no arguments of its own and no alias beside it.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, overload

import strawberry_django
from django.db.models import Count, F, Model, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from strawberry.relay.types import PREFIX
from strawberry.relay.utils import (
    SliceMetadata,
    should_resolve_list_connection_edges,
    to_base64,
)
from strawberry.types import Info
from strawberry.types.field import StrawberryField
from strawberry_django.fields.field import StrawberryDjangoConnectionExtension
from strawberry_django.optimizer import DjangoOptimizerExtension, optimizer
from strawberry_django.resolvers import django_resolver

from schema.main.acquainting import acquaint, place_in_answer, shown_with
from schema.main.base import check_cursors, settled


class PartOf(Sequence[Any]):
    """A list of `length` rows of which only some are loaded, each by its place."""

    def __init__(self, length: int, rows: dict[int, Any]) -> None:
        self._length, self._rows = length, rows

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, wanted: int) -> Any: ...
    @overload
    def __getitem__(self, wanted: slice) -> Sequence[Any]: ...
    def __getitem__(self, wanted: Any) -> Any:
        if not isinstance(wanted, slice):
            raise TypeError("it is read by pages")
        return [row for place, row in self._rows.items() if wanted.start <= place < wanted.stop]


class NestedPages(StrawberryDjangoConnectionExtension):
    """Resolves a connection for one row, having read it for all that are shown with that row."""

    def apply(self, field: StrawberryField) -> None:
        super().apply(field)
        self.field: Any = field
        # The library is not to read it beforehand: it would take all that hangs there.
        field.base_resolver.wrapped_func.can_optimize = False  # type: ignore[union-attr]

    def resolve(
        self,
        next_: Any,
        source: Any,
        info: Info,
        *,
        before: str | None = None,
        after: str | None = None,
        first: int | None = None,
        last: int | None = None,
        **given: Any,
    ) -> Any:
        check_cursors(before, after)
        if last == 0:
            first, last = 0, None
        paging = {"before": before, "after": after, "first": first, "last": last}
        return django_resolver(self.page)(source, info, paging, given)

    def page(self, source: Any, info: Info, paging: dict[str, Any], given: dict[str, Any]) -> Any:
        """The page of one row. Raises ValueError for one that is too long."""
        place = SliceMetadata.from_arguments(info, max_results=self.max_results, **paging)
        # Before its length is known nobody knows where the last ones begin.
        from_end = bool(paging["last"]) and paging["before"] is None
        if from_end and paging["first"] is not None:
            place = SliceMetadata.from_arguments(
                info, max_results=self.max_results, **(paging | {"last": None})
            )
        name = place_in_answer(info)
        shown: dict[str, PartOf] = vars(source).setdefault("nested_pages", {})
        if name not in shown:
            self._read(shown_with(source), name, place, paging["last"], info, given)
        rows = shown[name]
        if from_end:
            paging = paging | {"before": to_base64(PREFIX, len(rows))}
        return self.connection_type.resolve_connection(
            rows, info=info, max_results=self.max_results, **paging
        )

    def _read(
        self,
        parents: Iterable[Model],
        name: str,
        place: SliceMetadata,
        last: int | None,
        info: Info,
        given: dict[str, Any],
    ) -> None:
        """Reads the page of each parent, and lays it there: where its rows are, and then the rows.

        In one statement Django would mix up its columns where a window is compared and the order
        leads to another table.
        """
        parents = list(parents)
        link: Any = parents[0]._meta.get_field(self._relation(parents[0]))
        key: str = link.field.attname
        pks = {parent.pk for parent in parents}
        rows = link.related_model._default_manager.filter(**{f"{key}__in": pks})
        with DjangoOptimizerExtension.disabled():
            rows = settled(self.field.get_queryset(rows, info, **given))
        pages, lengths = _places(rows, key, place, last)
        loaded = {}
        if should_resolve_list_connection_edges(info):
            extension: Any = optimizer.get()
            wanted = rows.filter(pk__in={pk for page in pages.values() for pk in page.values()})
            loaded = {row.pk: row for row in extension.optimize(wanted, info=info)}
        acquaint(list(loaded.values()))
        for parent in parents:
            page = {at: loaded[pk] for at, pk in pages.get(parent.pk, {}).items() if pk in loaded}
            vars(parent).setdefault("nested_pages", {})[name] = PartOf(lengths[parent.pk], page)

    def _relation(self, parent: Model) -> str:
        name = self.field.django_name or self.field.python_name
        return next(
            one.name for one in parent._meta.related_objects if one.get_accessor_name() == name
        )


def _places(
    rows: QuerySet[Any], key: str, place: SliceMetadata, last: int | None
) -> tuple[dict[Any, dict[int, Any]], Counter[Any]]:
    """Which rows stand on the page of each parent, by their places in order, and how many each has."""
    apart = {"partition_by": [F(key)]}
    order: Any = rows.query.order_by
    told = rows.annotate(
        nested_place=Window(RowNumber(), order_by=order, **apart) - 1,  # type: ignore[arg-type]
        nested_length=Window(Count("pk"), **apart),  # type: ignore[arg-type]
    )
    if place.end == sys.maxsize:
        within = Q(nested_place__gte=F("nested_length") - last)
    else:
        within = Q(nested_place__lt=place.overfetch)
    # The first one is always asked for: it tells how many there are where the page holds none.
    told = told.filter(Q(nested_place__gte=place.start) & within | Q(nested_place=0)).order_by()
    pages: dict[Any, dict[int, Any]] = defaultdict(dict)
    lengths: Counter[Any] = Counter()
    for parent, pk, at, length in told.values_list(key, "pk", "nested_place", "nested_length"):
        lengths[parent] = length
        pages[parent][at] = pk
    return {parent: dict(sorted(page.items())) for parent, page in pages.items()}, lengths


def nested(*, description: str) -> Any:
    """A connection of a row: all that hangs on it by a foreign key, as far as the caller sees it."""
    field = strawberry_django.connection(description=description)
    field.extensions = [NestedPages(max_results=None)]
    return field
