"""What the address of a list may ask for: what the list offers as a filter, and nothing else; and
what a form may do to what it points at.

Django lets an address filter by every field of a table: by what a mask hides, or a search withholds,
it would be spelled out letter by letter.
"""

from typing import Any

from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import FieldDoesNotExist
from django.db.models.constants import LOOKUP_SEP


class OwnPageDeletes:
    """For a ModelAdmin: no form offers to delete what it points at. An estate is deleted on its own
    page, by whoever has looked at it, and not with a slip beside a demand.
    """

    def formfield_for_dbfield(self: Any, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """The field, whose widget leads to what is chosen and to a new one."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = False
        return field


class OfferedLookups:
    """For a ModelAdmin: fields that `list_filter` or `date_hierarchy` do not name cannot be asked for."""

    def lookup_allowed(self: Any, lookup: str, value: Any, request: Any = None) -> bool:
        """Whether the list may be filtered so; a filter's own parameter is no field, and may."""
        first = lookup.split(LOOKUP_SEP)[0]
        try:
            field = self.model._meta.get_field(self.model._meta.pk.name if first == "pk" else first)
        except FieldDoesNotExist:
            return super().lookup_allowed(lookup, value, request)  # type: ignore[misc, no-any-return]
        if field.name not in self._offered():
            return False
        return super().lookup_allowed(lookup, value, request)  # type: ignore[misc, no-any-return]

    def _offered(self: Any) -> set[str]:
        paths = [f[0] if isinstance(f, tuple | list) else f for f in self.list_filter]
        if self.date_hierarchy:
            paths.append(self.date_hierarchy)
        return {path.split(LOOKUP_SEP)[0] for path in paths if isinstance(path, str)}
