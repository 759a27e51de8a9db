"""What an update's input says of a row: left out stays, null empties, and no one's work is lost."""

from collections.abc import Mapping, Sequence
from typing import Any

import strawberry
from django.db import models
from strawberry.types import Info

from backend.core.errors import RuleViolation
from backend.core.models import Kept
from schema.main.base import chosen

SEEN = "The revision that the caller has seen; another one since then is changed_meanwhile."
NOTHING: Mapping[str, type[Kept]] = {}


def put(
    row: Any,
    given: Any,
    names: Sequence[str],
    links: Mapping[str, type[Kept]] = NOTHING,
    info: Info | None = None,
) -> Any:
    """The row with what the input says, not yet saved.

    `names` are columns, called alike in the input; `links` are foreign keys by their input's name
    ("venue_id"), and where their ids are looked up, among what the caller may see.
    Raises: value_missing for a null where something must stand; not_found. The gate raises
        changed_meanwhile when it saves a row of which the caller has seen another revision.
    """
    if given.expected_revision is not None:
        row.revision = given.expected_revision
    for name in (*names, *links):
        value = getattr(given, name)
        if value is strawberry.UNSET:
            continue
        if value is None:
            setattr(row, name, _empty(row, name))
        elif name in links:
            assert info is not None
            setattr(row, name.removesuffix("_id"), chosen(links[name], value, info))
        else:
            setattr(row, name, value)
    return row


def _empty(row: models.Model, name: str) -> Any:
    """What stands in a column that says nothing. Raises: value_missing."""
    field: Any = row._meta.get_field(name.removesuffix("_id"))
    if field.null:
        return None
    if field.blank and isinstance(field, (models.CharField, models.TextField)):
        return ""
    raise RuleViolation("value_missing", "这一项不能为空。", field=name)
