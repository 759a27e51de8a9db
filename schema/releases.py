"""What others build on stays: a schema against the one last released.

A field, argument or enum value is deprecated in one release and may go in the next; nothing changes
its type to another. So the old schema is taken without what it had deprecated, and the new one must
break nothing of the rest.
"""

from typing import Any

from graphql import (
    REMOVE,
    BreakingChange,
    BreakingChangeType,
    DangerousChange,
    GraphQLSchema,
    Visitor,
    build_ast_schema,
    find_breaking_changes,
    find_dangerous_changes,
    get_named_type,
    parse,
    visit,
)


def broken(released: str, now: str) -> list[str]:
    """What callers of the released schema would miss in the present one, in words; both are SDL."""
    old, new = _without_deprecated(released), build_ast_schema(parse(now))
    reached = _reached(old)
    found: list[BreakingChange] = find_breaking_changes(old, new)
    return sorted(
        change.description
        for change in found
        # A type to which only deprecated fields led goes with them.
        if change.type is not BreakingChangeType.TYPE_REMOVED
        or change.description.split()[0] in reached
    )


def worth_a_look(released: str, now: str) -> list[str]:
    """What breaks nobody who was careful: enum values that came, defaults that changed."""
    found: list[DangerousChange] = find_dangerous_changes(
        build_ast_schema(parse(released)), build_ast_schema(parse(now))
    )
    return sorted(change.description for change in found)


def _without_deprecated(sdl: str) -> GraphQLSchema:
    class Pruning(Visitor):
        def enter(self, node: Any, *_: Any) -> Any:
            named = {one.name.value for one in getattr(node, "directives", None) or ()}
            return REMOVE if "deprecated" in named else None

    return build_ast_schema(visit(parse(sdl), Pruning()), assume_valid=True)


def _reached(schema: GraphQLSchema) -> set[str]:
    """The types that a query comes to, by fields and arguments."""
    waiting = [schema.query_type, schema.mutation_type, schema.subscription_type]
    found: set[str] = set()
    while waiting:
        kind: Any = waiting.pop()
        if kind is None or kind.name in found:
            continue
        found.add(kind.name)
        for field in getattr(kind, "fields", {}).values():
            waiting.append(get_named_type(field.type))
            waiting += [get_named_type(one.type) for one in getattr(field, "args", {}).values()]
        waiting += getattr(kind, "types", ())
    return found
