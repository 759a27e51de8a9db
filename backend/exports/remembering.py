"""Which columns somebody chose last in a list's export, for their next one."""

from collections.abc import Sequence
from typing import Any

from backend.core import gate
from backend.core.models import Kept
from backend.exports.models import ColumnChoice


def columns_chosen(user: Any, model: type[Kept]) -> Sequence[str]:
    """Their names in order; none if the usual ones were taken."""
    rows = ColumnChoice.objects.filter(chosen_by=user.pk, model=model._meta.label)
    return rows.values_list("columns", flat=True).first() or ()


def keep_columns(user: Any, model: type[Kept], columns: Sequence[str]) -> None:
    """Remembers them; none for the usual ones."""
    key = {"chosen_by_id": user.pk, "model": model._meta.label}
    if columns:
        gate.note(ColumnChoice, key, {"columns": list(columns)})
    else:
        gate.drop_notes(ColumnChoice.objects.filter(**key))
