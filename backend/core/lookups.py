"""What the address of a list may ask for: what the list offers as a filter, and nothing else.

Django lets an address filter by every field of a table: by what a mask hides, or a search withholds,
it would be spelled out letter by letter.
"""

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models.constants import LOOKUP_SEP


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
