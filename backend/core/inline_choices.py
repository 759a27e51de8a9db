"""What a row of an inline may choose from, looked up once for all rows."""

from functools import cached_property
from typing import Any

from django.contrib.admin.widgets import AutocompleteMixin
from django.forms import Select


class SharedChoices:
    """One field's choices for every row of a form set.

    A field that searches as one types draws the chosen record alone: those of all rows come by one
    statement. Any other draws every choice: they come by one statement too, and not one a row.
    """

    def __init__(self, formset: Any, name: str, field: Any) -> None:
        self.formset = formset
        self.name = name
        self.offered = field.choices
        # What a searching widget asks of its choices: the field, and a queryset.
        self.field = field
        self.queryset = self

    def give(self, field: Any) -> None:
        """Makes a row's field take its choices from here."""
        widget = getattr(field.widget, "widget", field.widget)
        if isinstance(widget, AutocompleteMixin):
            widget.choices = self
        elif isinstance(widget, Select):
            field.choices = lambda: self._all

    @cached_property
    def _all(self) -> list[Any]:
        return list(self.offered)

    @cached_property
    def _chosen(self) -> dict[str, Any]:
        rows = self.formset.get_queryset()
        keys = {getattr(row, f"{self.name}_id", None) for row in rows} - {None}
        return {str(row.pk): row for row in self.offered.queryset.filter(pk__in=keys)}

    def using(self, _database: str | None) -> "SharedChoices":
        """Itself: the rows are those of one database."""
        return self

    def filter(self, **wanted: Any) -> list[Any]:
        """The records of these keys; what no saved row has chosen is looked up for itself."""
        ((_by, keys),) = wanted.items()
        strange = {key for key in keys if key not in self._chosen}
        found = [self._chosen[key] for key in keys if key in self._chosen]
        if strange:
            found += self.offered.queryset.filter(pk__in=strange)
        return found
