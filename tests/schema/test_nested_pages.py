"""Pages within rows, read for all rows at once: what they answer, and in how many statements.

The library's own way beside them asks once a row: it is what they are compared with, and the control.
"""

from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backend.people.models import User
from schema.main.nested import NestedPages
from tests.schema.asking import MAIN, caller

FIRST, SECOND, LATE = (
    "YXJyYXljb25uZWN0aW9uOjA=",
    "YXJyYXljb25uZWN0aW9uOjE=",
    "YXJyYXljb25uZWN0aW9uOjk5OTk=",
)
PAGE = "totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
ARGUMENTS = (
    "",
    "(first: 0)",
    "(first: 2)",
    "(last: 2)",
    "(first: 3, last: 1)",
    f'(first: 1, last: 2, after: "{FIRST}")',
    f'(first: 2, after: "{FIRST}")',
    f'(after: "{LATE}")',
    f'(last: 1, before: "{SECOND}")',
    f'(first: 2, after: "{SECOND}", before: "{FIRST}")',
    f'(last: 2, after: "{FIRST}")',
    "(first: 2, order: {id: DESC})",
    "(last: 3, order: {id: DESC})",
    '(first: 3, filters: {updatedSince: "2025-01-01T00:00:00+08:00"})',
    '(filters: {updatedSince: "2099-01-01T00:00:00+08:00"})',
)  # fmt: skip
REFUSED = ("(first: 101)", "(last: 101)", "(first: -1)", "(last: -1)", '(after: "x")')
# By list: what hangs on its rows, and a leaf of that.
NESTED = (
    ("legalEducationEvents", "attendances", "name"),
    ("serviceItems", "slots", "startsAt"),
    ("volunteers", "assignments", "id"),
    ("volunteers", "serviceRecords", "minutes"),
)


@pytest.fixture
def asking(demo_worker: User, settings: LazySettings) -> Client:
    settings.GRAPHQL_COMPILED_READS = False
    return caller(demo_worker)


def asked(asking: Client, document: str) -> tuple[bytes, int]:
    """The whole answer, and how many statements it took."""
    with CaptureQueriesContext(connection) as captured:
        answer = asking.post(MAIN, {"query": document}, content_type="application/json")
    return answer.content, len(captured)


def in_the_librarys_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """One row after the other, each by a query of its own."""

    def page(self: Any, source: Any, info: Any, paging: Any, given: Any) -> Any:
        rows = getattr(source, self.field.django_name or self.field.python_name).all()
        rows = self.field.get_queryset(rows, info, **given)
        return self.connection_type.resolve_connection(
            rows, info=info, max_results=self.max_results, **paging
        )

    monkeypatch.setattr(NestedPages, "page", page)


def many(outer: str, inner: str, leaf: str, arguments: str, first: int = 30) -> str:
    page = f"{inner}{arguments} {{ {PAGE} edges {{ cursor node {{ id {leaf} }} }} }}"
    return f"{{ {outer}(first: {first}) {{ edges {{ node {{ id {page} }} }} }} }}"


@pytest.mark.parametrize(("outer", "inner", "leaf"), NESTED)
def test_every_page_is_as_if_asked_alone(
    outer: str, inner: str, leaf: str, asking: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = [many(outer, inner, leaf, arguments) for arguments in (*ARGUMENTS, *REFUSED)]
    ours = [asked(asking, document)[0] for document in documents]
    in_the_librarys_way(monkeypatch)
    for document, answer in zip(documents, ours, strict=True):
        assert asked(asking, document)[0] == answer, document
    for answer in ours[-len(REFUSED) :]:
        assert b'"code":"bad_' in answer


def test_an_end_of_none_is_a_page_of_none(asking: Client) -> None:
    """The library takes it for a page without an end: all rows, whatever the limit of a page."""
    for document in (
        "{ residents(last: 0) { totalCount edges { node { id } } } }",
        many("legalEducationEvents", "attendances", "name", "(last: 0)"),
    ):
        answer, _ = asked(asking, document)
        assert b'"totalCount"' in answer
        assert b'"name"' not in answer
        assert b'"edges":[]' in answer


FEW_AND_MANY = 5, 30
TWINS = """{ legalEducationEvents(first: %d) { edges { node { code attachments { code }
    one: attendances(first: 3, order: {id: DESC}) { totalCount edges { node { name } } }
    two: attendances(last: 2) { edges { node { name event { code
        again: attendances(first: 1) { edges { node { event { title
            ever: attendances(first: 1, order: {id: DESC}) { totalCount } } } } } } } } }
    three: attendances(filters: {linked: true}) { totalCount } } } } }"""
WITH_OWN = """{ serviceItems(first: %d) { edges { node { code
    slots(first: 2, order: {id: DESC}) { totalCount edges { node { startsAt myBooking { status }
        item { slots(first: 1) { edges { node { startsAt } } } } } } } } } } }"""


@pytest.mark.parametrize("document", [TWINS, WITH_OWN], ids=["events", "services"])
def test_more_rows_take_no_more_statements(
    document: str, asking: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    few, many = (asked(asking, document % count) for count in FEW_AND_MANY)
    assert b'"errors"' not in many[0]
    assert many[1] == few[1]
    in_the_librarys_way(monkeypatch)
    naive: list[Any] = [asked(asking, document % count) for count in FEW_AND_MANY]
    assert naive[1][0] == many[0]
    assert naive[1][1] > naive[0][1], "the control: one more for each row"
