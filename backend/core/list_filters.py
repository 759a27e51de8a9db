"""What a list may be narrowed down to: of another table, the rows that the reader may see."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import get_fields_from_path
from django.http import HttpRequest

from backend.core.models import Kept


class VisibleFilter(admin.RelatedFieldListFilter):
    """By a record of another table. Django offers the whole table, other communities' rows too."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        """The rows that the reader sees, in the order of their own list."""
        rows = field.related_model._default_manager.visible_to(request.user)
        order = self.field_admin_ordering(field, request, model_admin)
        return [(row.pk, str(row)) for row in (rows.order_by(*order) if order else rows)]


def within_sight(model: type[Kept], names: Iterable[str]) -> tuple[Any, ...]:
    """Filters for these fields of a model, each with the class that offers no more than it may."""
    return tuple(
        (name, VisibleFilter) if _leads_to_records(model, name) else name for name in names
    )


def _leads_to_records(model: type[Kept], name: str) -> bool:
    field = get_fields_from_path(model, name)[-1]
    to: Any = field.related_model if field.is_relation else None
    return to is not None and issubclass(to, Kept)
