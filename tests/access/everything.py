"""The greediest query that the schema allows from a root: every field, some levels down."""

from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLObjectType,
    GraphQLScalarType,
    get_named_type,
    is_required_argument,
)


def selection(type_: GraphQLObjectType, depth: int, met: tuple[str, ...] = ()) -> str:
    """Every field of a type that needs no argument, `depth` levels of objects down."""
    parts = []
    for name, field in type_.fields.items():
        if any(is_required_argument(argument) for argument in field.args.values()):
            continue
        asked = _asked(name, field, depth, met)
        if asked:
            parts.append(asked)
    return " ".join(parts)


def _asked(name: str, field: GraphQLField, depth: int, met: tuple[str, ...]) -> str:
    named: Any = get_named_type(field.type)
    if isinstance(named, GraphQLScalarType | GraphQLEnumType):
        return name
    if not isinstance(named, GraphQLObjectType) or named.name in met:
        return ""
    if "pageInfo" in named.fields:
        node: Any = get_named_type(get_named_type(named.fields["edges"].type).fields["node"].type)
        if depth < 1 or node.name in met:
            return ""
        inner = selection(node, depth - 1, (*met, node.name))
        return f"{name}(first: 20) {{ totalCount edges {{ node {{ {inner} }} }} }}"
    if depth < 1:
        return ""
    inner = selection(named, depth - 1, (*met, named.name))
    return f"{name} {{ {inner} }}" if inner else ""


def roots(query: GraphQLObjectType, depth: int = 3) -> dict[str, str]:
    """Each root that needs no argument, with its greediest query."""
    found = {}
    for name, field in query.fields.items():
        if any(is_required_argument(argument) for argument in field.args.values()):
            continue
        asked = _asked(name, field, depth, ())
        if asked:
            found[name] = f"{{ {asked} }}"
    return found
