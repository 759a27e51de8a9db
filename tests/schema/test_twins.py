"""A list of a row, or a label, under several names: what it answers, and in how many statements."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from graphql import GraphQLObjectType, get_named_type

from backend.people.models import User
from schema.main.nested import NestedPages
from schema.main.schema import schema as main_schema
from schema.main.twins import ListsOfRows
from tests.schema.asking import caller, data, nodes
from tests.schema.test_nested_pages import FEW_AND_MANY, asked

# By list: what hangs on its rows, and what is asked of that.
LISTS = (
    ("coBuildingAgreements", "posts", "id since"),
    ("coolStations", "stocks", "id"),
    ("households", "members", "id name"),
    ("jointMeetings", "items", "id title statusLabel en: statusLabel(lang: EN)"),
    (
        "jointMeetings",
        "resolutions",
        "id text actionItems { code } last: actionItems(order: {id: DESC}) { title }",
    ),
    ("patrols", "points", "id kind kindLabel en: kindLabel(lang: EN)"),
    ("redPartners", "agreements", "id statusLabel en: statusLabel(lang: EN)"),
    ("resolutions", "actionItems", "id title resolution { number }"),
    ("resolutions", "ownerVotes", "id title"),
    ("volunteers", "teams", "id name"),
)
SINCE = '(filters: {updatedSince: "%s"})'


@pytest.fixture
def asking(demo_worker: User, settings: LazySettings) -> Client:
    settings.GRAPHQL_COMPILED_READS = False
    return caller(demo_worker)


def test_whatever_takes_filters_is_read_for_all_rows_at_once() -> None:
    schema = main_schema._schema
    roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
    found = [
        (kind.name, name, field.extensions["strawberry-definition"])
        for kind in schema.type_map.values()
        if isinstance(kind, GraphQLObjectType) and kind not in roots
        for name, field in kind.fields.items()
        if "filters" in field.args
    ]
    assert len(found) == len(LISTS) + 4, "the control"
    for owner, name, field in found:
        ways = {type(one) for one in field.extensions}
        assert ways & {ListsOfRows, NestedPages}, f"{owner}.{name}: nested_list() or nested()"


def rows_of(asking: Client, outer: str, chosen: str) -> list[Any]:
    found = data(asking, f"{{ {outer}(first: 20) {{ edges {{ node {{ id {chosen} }} }} }} }}")
    return nodes(found[outer])


@pytest.mark.parametrize(("outer", "inner", "leaves"), LISTS)
def test_twins_are_as_if_asked_alone(outer: str, inner: str, leaves: str, asking: Client) -> None:
    kind = get_named_type(main_schema._schema.query_type.fields[outer].type)  # type: ignore[union-attr]
    row = get_named_type(get_named_type(kind.fields["edges"].type).fields["node"].type)
    taken = row.fields[inner].args
    asked_for = [inner]
    if "order" in taken:
        asked_for.append(f"{inner}(order: {{id: DESC}})")
    if "updatedSince" in get_named_type(taken["filters"].type).fields:
        asked_for += [
            inner + SINCE % since for since in ("2025-01-01T00:00:00Z", "2099-01-01T00:00:00Z")
        ]
    else:
        asked_for.append(f"{inner}(filters: {{}})")
    assert len(asked_for) > 1
    alone = [rows_of(asking, outer, f"it: {one} {{ {leaves} }}") for one in asked_for]
    together = " ".join(f"as{n}: {one} {{ {leaves} }}" for n, one in enumerate(asked_for))
    twins = rows_of(asking, outer, together)
    # The demo has no votes that came of a resolution.
    assert any(row["as0"] for row in twins) or inner == "ownerVotes", "the control: there are some"
    for n, rows in enumerate(alone):
        assert [row["it"] for row in rows] == [row[f"as{n}"] for row in twins], asked_for[n]


LIST_TWINS = """{ %s(first: %%d) { edges { node { id one: %s%s { %s } two: %s { id } } } } }"""
LABELS = "{ %s(first: %%d) { edges { node { id statusLabel en: statusLabel(lang: EN) } } } }"
DOCUMENTS = {
    f"{outer} {inner}": LIST_TWINS % (outer, inner, "(filters: {})", leaves, inner)
    for outer, inner, leaves in LISTS
    if outer in ("households", "jointMeetings", "patrols", "volunteers")
} | {f"{one} in two languages": LABELS % one for one in ("legalEducationEvents", "volunteers")}


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS.keys())
def test_more_rows_take_no_more_statements(document: str, asking: Client) -> None:
    few, many = (asked(asking, document % count) for count in FEW_AND_MANY)
    assert b'"errors"' not in many[0]
    assert len(many[0]) > len(few[0]), "the control: more rows"
    assert many[1] == few[1]
