"""Columns that a community must turn on: who keeps them lives above, and says so here.

What stands in them is sealed as soon as it is read: neither the plan nor history holds it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from backend.imports.columns import Column


class Sealed:
    """What a cell has become: `shown` may be seen, `values` are what the record stores.

    `key` is equal for equal cells: two rows with one are about one person.
    """

    __slots__ = ("key", "keys", "shown", "values")

    def __init__(self, shown: str, values: dict[str, str], key: str, keys: Iterable[str]) -> None:
        self.shown = shown
        self.values = values
        self.key = key
        # Under keys that are being replaced it was another one.
        self.keys = (key, *keys)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and other.key == self.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __repr__(self) -> str:
        return f"<Sealed {self.shown}>"


@dataclass(frozen=True)
class SwitchedColumn:
    """One such column, and the records that keep it: one a resident."""

    column: Column
    model: type[Model]
    # Whether the community has turned it on.
    on: Callable[[int], bool]
    # Of a community: resident, key of the stored value, and the record's pk and revision.
    stored: Callable[[int], Iterable[tuple[int, str, int, int]]]
    # Takes what was sealed out of history, where no later rotation of keys would reach it; of rows
    # that were just made: these can still be taken back.
    forget: Callable[[Sequence[int], bool], None]


_OFFERED: dict[str, list[SwitchedColumn]] = {}


def offer(column: SwitchedColumn, *, registers: Iterable[str]) -> None:
    """Adds a column to registers, for the communities that turn it on."""
    for register in registers:
        _OFFERED.setdefault(register, []).append(column)


def offered(register: str) -> list[SwitchedColumn]:
    """All that may be turned on in a register."""
    return _OFFERED.get(register, [])


def turned_on(register: str, community_id: int) -> list[SwitchedColumn]:
    """Those that a community has turned on."""
    return [one for one in offered(register) if one.on(community_id)]


def by_attribute(register: str, attribute: str) -> SwitchedColumn | None:
    """The one whose column bears this attribute."""
    return next((o for o in offered(register) if o.column.attribute == attribute), None)


def hide(cells: list[Any], index: int, value: Any) -> None:
    """Leaves of a cell what may be seen: its mask where it was understood, else nothing."""
    if index < len(cells):
        cells[index] = value.shown if isinstance(value, Sealed) else None
