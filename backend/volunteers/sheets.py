"""The registers of volunteers as spreadsheets."""

from backend.volunteers import hours_sheet, roster_sheet

__all__ = ["hours_sheet", "roster_sheet"]  # Registered by being imported.
