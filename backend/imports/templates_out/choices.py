"""Drop-down lists of a template: what may stand in a column, or what often does."""

from dataclasses import dataclass
from typing import Any

from backend.imports.columns import Column
from backend.imports.sheet import Sheet
from backend.imports.widgets import ChoiceWidget, GenderWidget, SignatureWidget, YesNoWidget

# A longer list is no help to anybody, and every line of it goes into the file.
MOST = 2_000


@dataclass(frozen=True)
class Choices:
    """The lines of a drop-down list; `closed` if nothing else is taken."""

    values: tuple[str, ...]
    closed: bool = True


def choices_of(column: Column, sheet: Sheet, community: Any, user: Any) -> Choices | None:
    """The list of a column; None for a column without one, or with nothing to choose."""
    if column.ignored:
        return None
    widget = column.widget
    if isinstance(widget, GenderWidget):
        return Choices(("男", "女"))
    if isinstance(widget, SignatureWidget):
        return Choices(("是", "未签"), closed=False)
    if isinstance(widget, YesNoWidget):
        return Choices(("是", "否"))
    if isinstance(widget, ChoiceWidget):
        return Choices(tuple(widget.labels))
    # What the community has: more may be meant than is listed (a whole address begins like one).
    values = tuple(sheet.options(column, community, user)[:MOST])
    return Choices(values, closed=False) if values else None
