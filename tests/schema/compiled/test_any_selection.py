"""Any selection at all: drawn from the schema, with aliases, fragments, directives, nested pages."""

from typing import Any

import pytest
from graphql import GraphQLObjectType, get_named_type, is_leaf_type, is_required_argument
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.people.models import User
from tests.schema.compiled.both import Both, compiles, lists, paged

DEPTH, WIDTH, EXAMPLES = 3, 5, 120
WHO = (None, "resident", "worker", "office")
PAGES = (
    "first: 1",
    "first: 3",
    "first: 2, order: {id: DESC}",
    'first: 2, after: "YXJyYXljb25uZWN0aW9uOjA="',
)


def _fields(kind: Any) -> list[tuple[str, Any]]:
    return [
        (name, get_named_type(field.type))
        for name, field in kind.fields.items()
        if not any(is_required_argument(one) for one in field.args.values())
    ]


@st.composite
def page(draw: st.DrawFn, name: str, node: Any, depth: int) -> str:
    """A connection with something of its nodes."""
    arguments = draw(st.sampled_from(PAGES))
    if "order" in arguments and not any(one == f"{node.name}Order" for one in _ORDERED):
        arguments = "first: 2"
    inner = draw(selection(node, depth))
    more = draw(
        st.sampled_from(["", "totalCount ", "pageInfo { hasNextPage endCursor } ", "__typename "])
    )
    return f"{name}({arguments}) {{ {more}edges {{ node {{ {inner} }} }} }}"


@st.composite
def selection(draw: st.DrawFn, kind: Any, depth: int) -> str:
    """Some fields of a node."""
    found = ["__typename"]
    for place in range(draw(st.integers(1, WIDTH))):
        name, inner = draw(st.sampled_from(_fields(kind)))
        node = paged(inner)
        alias = draw(st.sampled_from(["", f"a{depth}{place}: "]))
        if not alias and (node is not None or not is_leaf_type(inner)):
            # Two selections of one object would have to agree.
            alias = f"o{depth}{place}: "
        if is_leaf_type(inner):
            flag = draw(st.sampled_from(["", "", " @include(if: $yes)", " @skip(if: $yes)"]))
            text = f"{alias}{name}{flag}"
        elif depth and node is not None:
            text = alias + draw(page(name, node, depth - 1))
        elif depth and isinstance(inner, GraphQLObjectType):
            text = f"{alias}{name} {{ {draw(selection(inner, depth - 1))} }}"
        else:
            continue
        found.append(f"... on {kind.name} {{ {text} }}" if draw(st.booleans()) else text)
    return " ".join(found)


_LISTS = lists()
_ORDERED = {f"{node.name}Order" for node in _LISTS.values()}


@st.composite
def documents(draw: st.DrawFn) -> str:
    name = draw(st.sampled_from(sorted(_LISTS)))
    return f"query Q($yes: Boolean!) {{ {draw(page(name, _LISTS[name], DEPTH))} }}"


@pytest.mark.slow
def test_any_selection_answers_the_same(demo_worker: User, monkeypatch: pytest.MonkeyPatch) -> None:
    both, planned = Both(monkeypatch), [0]

    @settings(max_examples=EXAMPLES, deadline=None)
    @given(documents(), st.sampled_from(WHO), st.booleans())
    def same(document: str, who: str | None, yes: bool) -> None:
        planned[0] += compiles(document, yes=yes)
        ours, stock = both.ask(who, document, yes=yes)
        assert ours == stock, document

    same()
    # Else nothing would have been compared.
    assert both.compiled > EXAMPLES / 4
    assert planned[0] > EXAMPLES / 4
