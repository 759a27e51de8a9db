"""Bookkeeping rows that several processes write at once: the gate's conditional writes."""

from collections.abc import Sequence
from typing import Any

from django.db import models

from backend.core.models import Kept


def keep_new_notes(rows: Sequence[models.Model]) -> None:
    """Writes those rows of a bookkeeping table of which no unique constraint knows the like.

    A row that another transaction is just writing is waited for: of two, one is kept.
    """
    _only_bookkeeping(type(row) for row in rows)
    if rows:
        type(rows[0])._default_manager.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def change_notes(rows: models.QuerySet[Any], **values: Any) -> int:
    """Changes rows of a bookkeeping table if they still are as `rows` asks; answers how many."""
    _only_bookkeeping([rows.model])
    return rows.update(**values)


def _only_bookkeeping(models_written: Any) -> None:
    for model in models_written:
        if issubclass(model, Kept):
            raise TypeError(f"{model.__name__} goes through save()")
