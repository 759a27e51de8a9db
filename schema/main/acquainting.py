"""Which rows are shown together: what is asked of one of them is asked for all of them at once."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model
from strawberry.types import Info


def acquaint(rows: Sequence[Any]) -> None:
    """Each row knows those that it is shown with, and so do those that were read with them."""
    fresh = [row for row in rows if isinstance(row, Model) and not hasattr(row._state, "shown")]
    by_kind: dict[type[Model], list[Model]] = {}
    for row in fresh:
        by_kind.setdefault(type(row), []).append(row)
        row._state.shown = by_kind[type(row)]  # type: ignore[attr-defined]
    for alike in by_kind.values():
        _acquaint_below(alike)


def _acquaint_below(rows: list[Model]) -> None:
    below: dict[str, list[Any]] = {}
    for row in rows:
        for name, one in row._state.fields_cache.items():
            below.setdefault(name, []).append(one)
        for name, many in getattr(row, "_prefetched_objects_cache", {}).items():
            below.setdefault(name, []).extend(many._result_cache or ())
    for found in below.values():
        acquaint(found)


def shown_with(row: Model) -> list[Model]:
    """The rows of its kind that a row is shown with, itself among them."""
    return getattr(row._state, "shown", None) or [row]


def place_in_answer(info: Info) -> str:
    """Where a field stands in the answer, whichever row: there, fields have the same arguments."""
    return ".".join(key for key in info.path.as_list() if isinstance(key, str))
