"""What of a model is listed, searched, filtered, imported, exported and public: names, no code."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet


@dataclass(frozen=True)
class Facets:
    """One model's faces. Everything public must be named here; the default is nothing."""

    model: type[Model]
    form: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    # Fields of the form or the export that no list shows, whoever would choose them: no value that
    # reads well in a cell.
    unlisted: tuple[str, ...] = ()
    searched: tuple[str, ...] = ()
    filtered: tuple[str, ...] = ()
    imported: tuple[str, ...] = ()
    # Further headings under which staff know a field: field -> headings.
    synonyms: tuple[tuple[str, tuple[str, ...]], ...] = ()
    natural_key: tuple[str, ...] = ()
    exported: tuple[str, ...] = ()
    public: tuple[str, ...] = ()
    public_rows: Callable[[], QuerySet[Any]] | None = None
    # Whether files can be put on its records: on all that have a form, unless somebody says no.
    attachments: bool = True

    def rows_for_everybody(self) -> "QuerySet[Any]":
        """The rows that anonymous readers may see: none, unless somebody said which."""
        if self.public_rows is None:
            return self.model._default_manager.none()
        return self.public_rows()

    def synonyms_of(self, name: str) -> tuple[str, ...]:
        """Further headings for one field."""
        return dict(self.synonyms).get(name, ())


_REGISTRY: dict[str, Facets] = {}


def register(facets: Facets) -> Facets:
    """Makes a model's facets known to the doors."""
    _REGISTRY[facets.model._meta.label] = facets
    return facets


def facets_of(model: type[Model]) -> Facets:
    """The facets of a model. Raises KeyError if it has none."""
    return _REGISTRY[model._meta.label]


def all_facets() -> list[Facets]:
    """Every registered one, by label."""
    return [_REGISTRY[label] for label in sorted(_REGISTRY)]
