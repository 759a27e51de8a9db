"""What can be told of a GraphQL document before it is validated and executed."""

from collections.abc import Callable
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

# A few fragments that name each other twice are millions: the rules on depth would follow each.
MAX_SPREADS = 200


def aliases_in(document: DocumentNode) -> int:
    """How many fields bear another name, those of a fragment once for each place that names it."""
    return _counted(document, lambda one: isinstance(one, FieldNode) and one.alias is not None)


def spreads_in(document: DocumentNode) -> int:
    """How often fragments are named, those within a fragment once for each place that names it."""
    return _counted(document, lambda one: isinstance(one, FragmentSpreadNode))


def _counted(document: DocumentNode, counts: Callable[[SelectionNode], bool]) -> int:
    fragments = {
        one.name.value: one
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode)
    }
    known: dict[str, int] = {}

    def within(chosen: SelectionSetNode | None) -> int:
        found = 0
        for one in chosen.selections if chosen is not None else ():
            found += counts(one)
            if isinstance(one, FragmentSpreadNode):
                found += of_fragment(one.name.value)
            else:
                inner: Any = one
                found += within(inner.selection_set)
        return found

    def of_fragment(name: str) -> int:
        # Looked into once however often it is named; one that names itself is refused elsewhere.
        if name not in known:
            known[name] = 0
            known[name] = within(fragments[name].selection_set) if name in fragments else 0
        return known[name]

    return sum(
        within(one.selection_set)
        for one in document.definitions
        if isinstance(one, OperationDefinitionNode)
    )
