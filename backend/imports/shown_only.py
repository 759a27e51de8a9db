"""Columns that an export shows and no import reads: known by name, so that nobody is asked about them."""

from typing import Any

from backend.core.exporting.columns import sheet_of
from backend.imports.columns import Column, is_switched_off
from backend.imports.sheet import Sheet


def known_columns(sheet: Sheet, community: Any) -> tuple[Column, ...]:
    """All that a community's sheets may have: what is read, then what the register only exports."""
    columns = sheet.columns_for(community)
    shown = (
        Column(column.name, column.heading, None, ignored=True, shown_only=True)
        for column in sheet_of(sheet.about or sheet.models[-1]).columns
        if not any(known.is_called(column.heading) for known in columns)
        # What the community has not turned on is named as that, and its cells are let go.
        and not is_switched_off(column.heading)
    )
    return (*columns, *shown)
