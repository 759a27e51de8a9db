"""Traps of the libraries, each of which was once fallen into: docs/decisions/0043-traps.md lists them
all, with the tests that hold the others.
"""

import ast
import importlib.metadata
from typing import Any

import pytest
import strawberry
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from graphql import (
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    specified_rules,
)
from strawberry.relay.types import GlobalIDValueError

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.errors import RuleViolation
from backend.education.models import Attendance, LegalEducationEvent
from backend.people.models import User
from schema.main.extensions import safe
from schema.main.schema import schema as main_schema
from schema.open_data.view import OpenDataView
from tests.docs.codes import ROOT
from tests.schema.asking import MAIN, OPEN, ask, caller, code, data
from tests.schema.statements import counted

TYPES = main_schema._schema.type_map


def test_nobody_is_a_user_because_a_library_keeps_a_row_for_anonymous(db: None) -> None:
    """django-guardian's AnonymousUser row makes anonymous callers pass as signed in."""
    assert not apps.is_installed("guardian")
    assert not User.objects.filter(username="AnonymousUser").exists()
    assert not AnonymousUser().is_authenticated
    assert data(caller(), "{ me { username } }") == {"me": None}


def test_open_data_adds_its_rules_to_the_standard_ones() -> None:
    """graphene-django's `validation_rules` replace them."""
    assert set(specified_rules) < set(OpenDataView.validation_rules)
    assert code(ask(caller(), "{ nothing }", OPEN)) == "bad_request"


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (PermissionDenied("张三"), "not_allowed"),
        (ValidationError("日期不对"), "invalid"),
        (GlobalIDValueError("x"), "bad_id"),
        (RuleViolation("slot_full", "这个时段已约满。"), "slot_full"),
        (ZeroDivisionError("张三"), "internal"),
    ],
)
def test_known_exceptions_keep_their_meaning_and_others_are_masked(
    error: Exception, expected: str
) -> None:
    told = safe(GraphQLError(str(error), original_error=error))
    assert told.extensions["code"] == expected
    assert "张三" not in told.message
    assert safe(told) is told


def test_permissions_that_fail_in_silence_are_not_used() -> None:
    """strawberry-django's IsAuthenticated and HasPerm answer an empty page by default."""
    for path in (ROOT / "schema").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert node.module != "strawberry_django.permissions", path.name


def test_what_may_be_denied_may_be_null() -> None:
    """A denial on a non-null field nulls the whole answer."""
    in_full = [
        (type_.name, name, field)
        for type_ in TYPES.values()
        if isinstance(type_, GraphQLObjectType)
        for name, field in type_.fields.items()
        if name.endswith("InFull")
    ]
    assert len(in_full) > 3, "the control"
    assert [
        (owner, name) for owner, name, field in in_full if isinstance(field.type, GraphQLNonNull)
    ] == []


def test_filters_are_declared_field_by_field() -> None:
    """A library's lookups (regex, contains) would ask about what may not be read."""
    filters = [
        type_
        for type_ in TYPES.values()
        if isinstance(type_, GraphQLInputObjectType) and type_.name.endswith("Filter")
    ]
    assert len(filters) > 5, "the control"
    offered = {name for type_ in filters for name in type_.fields}
    assert offered.isdisjoint({"phone", "idNumber", "regex", "iRegex", "password"})
    lookups = {n for n in TYPES if "Lookup" in n}
    assert lookups == set()


def test_ids_in_inputs_are_relay_ids() -> None:
    """Without MAP_AUTO_ID_AS_GLOBAL_ID a foreign key comes out as OneToManyInput."""
    assert not [name for name in TYPES if "ToManyInput" in name or "ToOneInput" in name]


def test_enums_bear_names_of_ours() -> None:
    """Enums from choices may expose what the database holds, under odd names."""
    for name in ("EventStatus", "MeetingStatus"):
        values = TYPES[name].values
        assert all(value.isupper() and value.isascii() for value in values), name
    names = {field for type_ in TYPES.values() for field in getattr(type_, "values", {})}
    assert not [value for value in names if value.startswith("A_")]


TWINS = """{ legalEducationEvents(first: 50) { edges { node {
  first: attendances(first: 1) { totalCount edges { node { name } } }
  more: attendances(first: 3, filters: {linked: false}) { edges { node { name resident { name } } } }
} } } }"""


def test_a_list_under_two_names_takes_no_more_statements_for_more_rows(
    event_open: LegalEducationEvent, worker: User
) -> None:
    """The optimizer knows one prefetch a relation: twins were read row by row."""

    def grown(count: int) -> int:
        events = [
            LegalEducationEvent(
                community=event_open.community,
                venue=event_open.venue,
                title=f"活动{count}-{n}",
                starts_at=event_open.starts_at,
                ends_at=event_open.ends_at,
            )
            for n in range(count)
        ]
        gate.save_many(events, by=SYSTEM)
        rows = [
            Attendance(community=event.community, event=event, name=f"来客{count}-{n}")
            for event in events
            for n in range(2)
        ]
        gate.move_many(events, "open", by=SYSTEM)
        gate.save_many(rows, by=SYSTEM)
        return counted(worker, MAIN, TWINS)

    few, many = grown(2), grown(20)
    assert many == few


def test_the_libraries_are_past_their_advisories() -> None:
    """Strawberry's of 2026 are mended by 0.315.7; a low graphene-django would be 2.0."""

    def version(name: str) -> tuple[int, ...]:
        return tuple(int(part) for part in importlib.metadata.version(name).split(".")[:3])

    assert version("strawberry-graphql") >= (0, 315, 7)
    assert version("graphene-django") >= (3, 2, 3)
    # What bounds the depth of introspection is newer than the rest.
    assert version("graphql-core") >= (3, 2, 14)
    assert "MaxIntrospectionDepthRule" in {rule.__name__ for rule in specified_rules}


def test_live_protocols_of_old_are_not_spoken() -> None:
    assert strawberry.__name__
    response: Any = caller().post(
        MAIN, {"query": "{ __typename }"}, content_type="application/json",
        HTTP_UPGRADE="websocket", HTTP_SEC_WEBSOCKET_PROTOCOL="graphql-ws",
    )  # fmt: skip
    assert response.status_code == 200
    assert "Upgrade" not in response.headers
    assert get_named_type(main_schema._schema.query_type).name == "Query"
