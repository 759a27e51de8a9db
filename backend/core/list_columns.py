"""The columns that a register's list can show beyond its usual ones, from its Facets.

Each costs no statement of its own: a field of the row, a mask made in the database, or the name of the
record that a foreign key points at, joined.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import label_for_field
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import F
from django.utils.html import format_html
from django.utils.text import Truncator
from unfold.decorators import display

from backend.core.exporting.columns import name_field_of, sheet_of
from backend.core.exporting.kinds import Words
from backend.core.facets import Facets
from backend.core.models import Kept

# Characters of a long text in a cell; the record's page has it whole.
TEXT = 60
# Of one that the list shows to everybody: there it stands beside many others.
TOLD = 40
_LONG = 200
_PREFIXES = ("masked_", "labelled_")
# Said in no cell: files, structures, secrets.
_UNSAID = (models.JSONField, models.FileField, models.BinaryField, models.AutoField)


@dataclass(frozen=True)
class ListColumn:
    """One column: the name by which it is kept, its heading, and what Django's list takes."""

    key: str
    heading: str
    shown: Any
    # How its values are masked; "" for what is not personal.
    personal: str = ""
    # The path that is read beside the row, under `alias`; "" for what the row has itself.
    path: str = ""
    # Whether only those who may export see it: no form shows it.
    exported_only: bool = False

    @property
    def alias(self) -> str:
        """Under which name the row has the joined value."""
        return f"listed_{self.key}"


def key_of(shown: Any) -> str:
    """The lasting name of what stands in `list_display`: a field's, or its function's."""
    name = shown if isinstance(shown, str) else shown.__name__
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    return str(name)


def usual_column(register: Any, shown: Any) -> ListColumn:
    """A column that the list shows unless somebody chose otherwise."""
    model: Any = register.model
    key = key_of(shown)
    personal = getattr(model, "personal", {}).get(key, "")
    return ListColumn(key, str(label_for_field(shown, model, register)), shown, personal)


def further_columns(
    model: type[Kept], facets: Facets, masked: Callable[[type[Kept], str], Any]
) -> list[ListColumn]:
    """What else can be shown: the fields of the form, then those that only leave in exports."""
    found = []
    for name in dict.fromkeys((*facets.form, *facets.exported)):
        if name in facets.listed or name in facets.unlisted:
            continue
        # The number stands on the record's page: it is offered to whoever sees the list.
        shown = name in facets.form or name == "code"
        column = _of_field(model, name, masked, exported_only=not shown)
        if column is not None:
            found.append(column)
    return found


def _of_field(
    model: type[Kept], name: str, masked: Callable[[type[Kept], str], Any], *, exported_only: bool
) -> ListColumn | None:
    try:
        field: Any = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    if not getattr(field, "concrete", False) or field.many_to_many or isinstance(field, _UNSAID):
        return None
    shown: Any = name
    path = ""
    if name in model.personal:
        shown = masked(model, name)
    elif field.is_relation:
        last = name_field_of(field)
        if last == "pk" or last in getattr(field.related_model, "personal", {}):
            # Known by no name, or by somebody's: that register's own list shows it, masked.
            return None
        path = f"{name}__{last}"
        shown = _joined(field, f"listed_{name}")
    elif isinstance(field, models.IntegerField) and (words := _words_of(model, name)) is not None:
        shown = _worded(field, words)
    elif isinstance(field, models.TextField) or (field.max_length or 0) >= _LONG:
        shown = _shortened(field)
    return ListColumn(
        name,
        str(field.verbose_name),
        shown,
        model.personal.get(name, ""),
        path,
        exported_only,
    )


def told_column(model: type[Kept], name: str) -> Callable[[Any], Any] | None:
    """The beginning of a long text, for a list that shows it to everybody; None for another field."""
    field = next((f for f in model._meta.concrete_fields if f.name == name), None)
    if not isinstance(field, models.TextField):
        return None

    @display(description=field.verbose_name, ordering=field.name)
    def column(record: Any) -> Any:
        said = Truncator(getattr(record, field.name) or "").chars(TOLD)
        return format_html('<span class="ll-told">{}</span>', said) if said else None

    column.__name__ = field.name
    return column


def _words_of(model: type[Kept], name: str) -> Words | None:
    """How exports say a number that stands for something else: an area in hundredths, say."""
    if getattr(model._meta.get_field(name), "choices", None):
        return None
    return next((one.words for one in sheet_of(model).columns if one.name == name), None)


def _worded(field: Any, words: Words) -> Callable[[Any], Any]:
    @display(description=field.verbose_name, ordering=field.name)
    def column(record: Any) -> Any:
        value = getattr(record, field.name)
        return None if value is None else words(value)

    column.__name__ = field.name
    return column


def _joined(field: Any, alias: str) -> Callable[[Any], str | None]:
    @display(description=field.verbose_name, ordering=alias)
    def column(record: Any) -> str | None:
        # None is shown as a dash: the first column is a link, and a link has a text.
        return getattr(record, alias) or None

    column.__name__ = field.name
    return column


def _shortened(field: Any) -> Callable[[Any], str | None]:
    @display(description=field.verbose_name)
    def column(record: Any) -> str | None:
        return Truncator(getattr(record, field.name) or "").chars(TEXT) or None

    column.__name__ = field.name
    return column


def joined(columns: list[ListColumn]) -> dict[str, F]:
    """What a list of these columns reads beside its rows."""
    return {column.alias: F(column.path) for column in columns if column.path}
