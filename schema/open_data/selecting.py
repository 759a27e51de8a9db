"""What a query asks of a row: so that what it points at is fetched once for all rows, or not at all."""

from collections.abc import Iterable
from typing import Any

from graphql import FieldNode, FragmentSpreadNode, SelectionSetNode

Chosen = dict[str, Any]
# What stands between a list and its rows.
_PAGE = ("edges", "node")


def chosen_of(info: Any, *, paged: bool) -> Chosen:
    """The fields chosen of a row, by name, each with those chosen within it."""
    found = _within([node.selection_set for node in info.field_nodes], info.fragments)
    for name in _PAGE if paged else ():
        found = found.get(name, {})
    return found


def _within(sets: Iterable[SelectionSetNode | None], fragments: Any) -> Chosen:
    found: dict[str, list[SelectionSetNode | None]] = {}

    def read(chosen: SelectionSetNode | None) -> None:
        for one in chosen.selections if chosen is not None else ():
            if isinstance(one, FieldNode):
                found.setdefault(one.name.value, []).append(one.selection_set)
            elif isinstance(one, FragmentSpreadNode):
                read(fragments[one.name.value].selection_set)
            else:
                inner: Any = one
                read(inner.selection_set)

    for chosen in sets:
        read(chosen)
    return {name: _within(inner, fragments) for name, inner in found.items()}
