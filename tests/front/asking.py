"""A document that asks a root field for all there is, two steps deep, made from the schema."""

from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
    is_required_argument,
    is_required_input_field,
)

_SAMPLES: dict[str, Any] = {
    "ID": "U2xvdDox",
    "Int": 2025,
    "Float": 1.5,
    "Boolean": True,
    "Date": "2026-01-05",
    "DateTime": "2026-01-05T09:00:00+08:00",
    "Time": "09:00:00",
}
# Deep enough to reach the node of a list and the plain fields of what it belongs to.
_STEPS = 3


def everything(operation: str, name: str, field: GraphQLField) -> tuple[str, dict[str, Any]]:
    """The document and its variables: required arguments alone."""
    needed = {n: a for n, a in field.args.items() if is_required_argument(a)}
    declared = ", ".join(f"${n}: {a.type}" for n, a in needed.items())
    passed = ", ".join(f"{n}: ${n}" for n in needed)
    variables = {n: sample(a.type) for n, a in needed.items()}
    head = f"{operation} All({declared})" if declared else operation
    called = f"{name}({passed})" if passed else name
    return f"{head} {{ {called} {_selected(field.type, _STEPS)} }}", variables


def sample(kind: Any) -> Any:
    """A value for an argument or input field of the type."""
    inner = get_nullable_type(kind)
    if isinstance(inner, GraphQLList):
        return [sample(inner.of_type)]
    if isinstance(inner, GraphQLInputObjectType):
        return {n: sample(f.type) for n, f in inner.fields.items() if is_required_input_field(f)}
    if isinstance(inner, GraphQLEnumType):
        return next(iter(inner.values))
    return _SAMPLES.get(inner.name, "mock")


def _selected(kind: Any, steps: int) -> str:
    named = get_named_type(kind)
    if not isinstance(named, GraphQLObjectType):
        return "{ __typename }" if hasattr(named, "fields") else ""
    parts = ["__typename"]
    for name, field in named.fields.items():
        if any(
            isinstance(a.type, GraphQLNonNull) and is_required_argument(a)
            for a in field.args.values()
        ):
            continue
        leaf = not hasattr(get_named_type(field.type), "fields")
        if leaf:
            parts.append(name)
        elif steps:
            parts.append(f"{name} {_selected(field.type, steps - 1)}")
    return "{ " + " ".join(parts) + " }"
