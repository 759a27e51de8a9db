"""What the tables hold of people, each said by the app that owns the table.

From these lines are made: what a person is shown of their own data, what erasing them changes, and
what becomes anonymous when its time is over. Counts stay: rows are made anonymous, not deleted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model


@dataclass(frozen=True)
class Holding:
    """What one table holds of residents, and what becomes of it."""

    # Stable, for settings and counts: "attendance", "registrations".
    code: str
    model: type[Model]
    # The path from a row to its resident, for a filter; "pk" for the roster itself.
    resident: str
    # Fields that the person is shown, in order.
    shown: tuple[str, ...]
    # The values (by field name) that make a row anonymous; unique constraints must still hold.
    anonymous: Callable[[Any], dict[str, Any]]
    # Retention: days after the moment in the field `since`; None: as long as the resident stays.
    kept_days: int | None = None
    since: str = ""
    # Whether a row is anonymous already: a filter by field. Never asked of rows without personal data.
    done: Callable[[], Any] | None = None
    # Said to staff and to the person: "签到记录".
    label: str = ""


_HOLDINGS: dict[str, Holding] = {}


def hold(holding: Holding) -> Holding:
    """Makes a table's personal data known."""
    _HOLDINGS[holding.code] = holding
    return holding


def all_holdings() -> list[Holding]:
    """Every one, by code."""
    return [_HOLDINGS[code] for code in sorted(_HOLDINGS)]
