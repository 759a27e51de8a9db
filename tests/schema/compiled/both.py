"""The same question put twice: to compiled reads, and to ordinary execution."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from graphql import GraphQLObjectType, get_named_type, is_leaf_type, is_required_argument, parse

from backend.people.models import User
from schema.main.compiled import extension
from schema.main.compiled.operations import known
from schema.main.schema import schema
from tests.schema.asking import MAIN, caller

TYPES = schema._schema.type_map
QUERY: Any = schema._schema.query_type


class Both:
    """Asks both ways as one caller after the other, and counts what was compiled."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.compiled = 0
        self.clients: dict[str | None, Any] = {}
        inner = extension.answered

        def answered(context: Any) -> Any:
            data = inner(context)
            self.compiled += data is not None
            return data

        monkeypatch.setattr(extension, "answered", answered)
        self.monkeypatch = monkeypatch

    def ask(self, who: str | None, query: str, **variables: Any) -> tuple[bytes, bytes]:
        """The whole bodies: the compiled one's and the ordinary one's."""
        if who not in self.clients:
            user = User.objects.get(username=who) if who else None
            self.clients[who] = caller(user)
        found = []
        for on in (True, False):
            self.monkeypatch.setattr(settings, "GRAPHQL_COMPILED_READS", on)
            body = {"query": query, "variables": variables}
            answer = self.clients[who].post(MAIN, body, content_type="application/json")
            found.append(answer.content)
        return found[0], found[1]


def compiles(query: str, **variables: Any) -> bool:
    """Whether a document has a plan; what happens when it is carried out is another thing."""
    found = known(schema, parse(query), None)
    return found is not None and found.plan(variables) is not None


def paged(kind: Any) -> Any:
    """The node of a connection; None for what is none."""
    if not isinstance(kind, GraphQLObjectType) or "pageInfo" not in kind.fields:
        return None
    return get_named_type(get_named_type(kind.fields["edges"].type).fields["node"].type)


def lists() -> dict[str, Any]:
    """Every list root with the type of its nodes."""
    found = {name: paged(get_named_type(field.type)) for name, field in QUERY.fields.items()}
    return {name: node for name, node in found.items() if node is not None}


def fields_of(kind: Any) -> Iterator[tuple[str, str]]:
    """Each field of a type, and a selection of it: what it points at, some leaves of it."""
    for name, field in kind.fields.items():
        inner: Any = get_named_type(field.type)
        if any(is_required_argument(one) for one in field.args.values()):
            continue
        node = paged(inner)
        if is_leaf_type(inner):
            yield name, name
        elif node is not None:
            page = "totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
            yield (
                name,
                f"{name}(first: 2) {{ {page} edges {{ cursor node {{ {leaves(node)} }} }} }}",
            )
        elif isinstance(inner, GraphQLObjectType):
            yield name, f"{name} {{ __typename {leaves(inner)} }}"


def leaves(kind: Any) -> str:
    """The leaves of a type that need no argument."""
    return " ".join(
        name
        for name, field in kind.fields.items()
        if is_leaf_type(get_named_type(field.type))
        and not any(is_required_argument(one) for one in field.args.values())
    )
