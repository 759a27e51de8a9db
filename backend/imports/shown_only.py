"""Columns that an export shows and no import reads: known by name, so that nobody is asked about them."""

from backend.core.exporting.columns import sheet_of
from backend.imports.columns import Column
from backend.imports.sheet import Sheet


def shown_only_columns(sheet: Sheet) -> list[Column]:
    """What the register exports beyond the columns that it reads."""
    return [
        Column(column.name, column.heading, None, ignored=True, shown_only=True)
        for column in sheet_of(sheet.models[-1]).columns
        if not any(known.is_called(column.heading) for known in sheet.columns)
    ]
