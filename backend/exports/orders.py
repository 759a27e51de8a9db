"""An order of an export as a row keeps it."""

from dataclasses import asdict
from datetime import date
from typing import Any

from backend.core.exporting.orders import ExportOrder, Form
from backend.core.exporting.periods import Period


def to_row(order: ExportOrder) -> dict[str, Any]:
    """As JSON."""
    values = asdict(order)
    values["columns"] = list(order.columns)
    values["form"] = str(order.form)
    values["period"] = [
        day.isoformat() if day is not None else None
        for day in (order.period.since, order.period.until)
    ]
    return values


def from_row(values: dict[str, Any]) -> ExportOrder:
    """The order that `to_row` wrote down."""
    since, until = (date.fromisoformat(day) if day else None for day in values["period"])
    own = {
        "form": Form(values["form"]),
        "columns": tuple(values["columns"]),
        "period": Period(since, until),
    }
    return ExportOrder(**(values | own))
