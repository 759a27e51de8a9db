"""One field of a row under several names, each with its own arguments: read for all rows at once.

The library's optimizer passes over such twins, so that each row would be asked for each of them anew.
"""

from typing import Any

import strawberry_django
from django.db.models import Model, Prefetch, QuerySet, prefetch_related_objects
from graphql import FieldNode
from strawberry.extensions import FieldExtension
from strawberry.types import Info
from strawberry_django import optimizer
from strawberry_django.optimizer import DjangoOptimizerExtension, is_optimized_by_prefetching
from strawberry_django.resolvers import django_resolver

from schema.main.acquainting import acquaint, place_in_answer, shown_with

_READ = "read_together"
_arguments_of = optimizer._get_field_arguments


def _arguments(node: FieldNode) -> tuple[Any, ...]:
    """What keeps twins apart. A leaf needs the same columns whatever it is asked (`statusLabel`)."""
    return () if node.selection_set is None else _arguments_of(node)


optimizer._get_field_arguments = _arguments


class ListsOfRows(FieldExtension):
    """Resolves a list for one row, having read it for all that are shown with that row."""

    def apply(self, field: Any) -> None:
        self.field = field

    def resolve(self, next_: Any, source: Any, info: Info, **given: Any) -> Any:
        name = self.field.django_name or self.field.python_name
        if not isinstance(source, Model) or is_optimized_by_prefetching(
            getattr(source, name).all()
        ):
            return next_(source, info, **given)
        return django_resolver(self.rows)(source, info, name, given)

    def rows(self, source: Any, info: Info, name: str, given: dict[str, Any]) -> list[Any]:
        """The list of one row."""
        key = place_in_answer(info)
        if key not in vars(source).setdefault("nested_lists", {}):
            parents = list({id(one): one for one in (*shown_with(source), source)}.values())
            wanted = Prefetch(name, self._wanted(getattr(source, name).model, info, given), _READ)
            prefetch_related_objects(parents, wanted)
            for parent in parents:
                found = vars(parent).pop(_READ)
                vars(parent).setdefault("nested_lists", {})[key] = found
            acquaint([row for parent in parents for row in vars(parent)["nested_lists"][key]])
        return vars(source)["nested_lists"][key]

    def _wanted(self, model: type[Model], info: Info, given: dict[str, Any]) -> QuerySet[Any]:
        extension: Any = optimizer.optimizer.get()
        with DjangoOptimizerExtension.disabled():
            rows = self.field.get_queryset(model._default_manager.all(), info, **given)
        return extension.optimize(rows, info=info)


def nested_list(**how: Any) -> Any:
    """A list of a row that takes filters and an order: all that hangs there, as the caller sees it."""
    return strawberry_django.field(extensions=[ListsOfRows()], **how)
