"""What can be told of a GraphQL document before it is executed."""

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionSetNode,
)


def aliases_in(document: DocumentNode) -> int:
    """How many fields bear another name, those of a fragment once for each place that names it."""
    fragments = {
        one.name.value: one
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode)
    }
    known: dict[str, int] = {}

    def within(chosen: SelectionSetNode | None) -> int:
        found = 0
        for one in chosen.selections if chosen is not None else ():
            if isinstance(one, FragmentSpreadNode):
                found += of_fragment(one.name.value)
            else:
                found += isinstance(one, FieldNode) and one.alias is not None
                found += within(one.selection_set)  # type: ignore[attr-defined]
        return found

    def of_fragment(name: str) -> int:
        # Counted once however often it is named; and one that names itself is refused elsewhere.
        if name not in known:
            known[name] = 0
            known[name] = within(fragments[name].selection_set) if name in fragments else 0
        return known[name]

    return sum(
        within(one.selection_set)
        for one in document.definitions
        if isinstance(one, OperationDefinitionNode)
    )
