"""Every update of the main API: absent leaves, null empties or is refused, nobody's work is lost."""

from typing import Any

import pytest
from django.db import models
from graphql import (
    GraphQLInputObjectType,
    get_named_type,
    is_non_null_type,
    is_required_input_field,
)
from strawberry.relay import from_base64

from schema.main.schema import schema as main_schema
from tests.access.verbs import ASKED, answered
from tests.access.world import client_of
from tests.schema.test_verb_shapes import BESIDE

pytestmark = [
    pytest.mark.once,
    pytest.mark.usefixtures("_demo_data"),
    pytest.mark.django_db(databases="__all__"),
]
SCHEMA = main_schema._schema
assert SCHEMA.mutation_type is not None
MUTATIONS = SCHEMA.mutation_type.fields
UPDATES = sorted(
    verb
    for verb, field in MUTATIONS.items()
    if "expectedRevision" in get_named_type(field.args["input"].type).fields  # type: ignore[union-attr]
    # Of whatever type: tests/schema/test_versions.py.
    and verb != "restoreVersion"
)
# Inputs that are no column: what null in them does, told by the columns that it empties.
OTHERWISE = {
    ("updateResident", "door"): ("building_id", "unit", "room"),
    ("assignRefill", "username"): ("assignee_id",),
}
# Columns that tell who made the change: whoever writes a digest's text does not review it.
WRITTEN_BY = {"updateDailyDigest": {"drafted_by_id"}}
UNTOUCHED = {"revision", "updated_at"}


def input_of(verb: str) -> GraphQLInputObjectType:
    found: Any = get_named_type(MUTATIONS[verb].args["input"].type)
    return found


def optional(verb: str) -> list[str]:
    """The fields of an update's input that may be left out."""
    fields = input_of(verb).fields
    return [
        n for n, f in fields.items() if not is_non_null_type(f.type) and n != "expectedRevision"
    ]


def snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name)


def thing_of(verb: str) -> tuple[str, type[models.Model]]:
    """Where the answer holds the thing, and its model."""
    payload: Any = get_named_type(MUTATIONS[verb].type)
    (name,) = (n for n in payload.fields if n not in BESIDE)
    node = main_schema.get_type_by_name(get_named_type(payload.fields[name].type).name)
    return name, node.origin.__strawberry_django_definition__.model  # type: ignore[union-attr]


class Row:
    """The row that an update is of, looked at in the database."""

    def __init__(self, verb: str) -> None:
        self.verb = verb
        self.given = ASKED[verb].given()
        (key,) = (n for n, f in input_of(verb).fields.items() if is_required_input_field(f))
        self.target = {key: self.given[key]}
        self.client = client_of("installation")
        self.name, self.model = thing_of(verb)
        self.pk = int(self.asked({})["id"].split(":")[1])

    def asked(self, change: dict[str, Any]) -> dict[str, Any]:
        wanted = f"errors {{ field code }} {self.name} {{ id revision }}"
        answer = answered(self.client, self.verb, self.target | change, wanted)
        thing = answer[self.name]
        if thing is not None:
            thing["id"] = ":".join(from_base64(thing["id"]))
        return {"errors": answer["errors"], **(thing or {})}

    def stored(self) -> dict[str, Any]:
        return dict(self.model._default_manager.filter(pk=self.pk).values().get())


@pytest.mark.parametrize("verb", UPDATES)
def test_what_is_left_out_stays(verb: str) -> None:
    row = Row(verb)
    before = row.stored()
    assert row.asked({})["errors"] == []
    assert row.stored() == before
    answer = answered(row.client, verb, row.given, "errors { field code }")
    assert answer["errors"] == []
    changed = {name for name, value in row.stored().items() if value != before[name]}
    told = {snake(name) for name in row.given} | {f"{snake(n)}_id" for n in row.given}
    derived = set(getattr(row.model, "derived", ())) | WRITTEN_BY.get(verb, set())
    for (of, name), columns in OTHERWISE.items():
        if of == verb and name in row.given:
            told |= set(columns)
    assert changed - told - derived - UNTOUCHED == set()


@pytest.mark.parametrize("verb", UPDATES)
def test_null_empties_or_is_refused_with_the_fields_name(verb: str) -> None:
    row = Row(verb)
    for name in optional(verb):
        before = row.stored()
        answer = row.asked({name: None})
        columns = OTHERWISE.get((verb, name))
        if columns is not None:
            assert answer["errors"] == []
            assert not any(row.stored()[column] for column in columns)
            continue
        field: Any = row.model._meta.get_field(snake(name).removesuffix("_id"))
        empties = field.null or (
            field.blank and field.get_internal_type() in ("CharField", "TextField")
        )
        if empties and answer["errors"] == []:
            assert not row.stored()[field.attname], name
            continue
        assert [error["field"] for error in answer["errors"]] == [name]
        assert empties or answer["errors"][0]["code"] == "value_missing", name
        assert row.stored() == before, name


@pytest.mark.parametrize("verb", UPDATES)
def test_a_second_writer_is_told_and_sees_both(verb: str) -> None:
    row = Row(verb)
    seen = row.stored()["revision"]
    change = {k: v for k, v in row.given.items() if k not in row.target}
    stale = row.asked(change | {"expectedRevision": seen - 1})
    assert [error["code"] for error in stale["errors"]] == ["changed_meanwhile"]
    # What stands now comes with the refusal; the caller's own is in the caller's hands.
    assert stale["revision"] == seen
    assert row.stored()["revision"] == seen
    fresh = row.asked(change | {"expectedRevision": seen})
    assert fresh["errors"] == []
    assert fresh["revision"] == row.stored()["revision"] == seen + 1


def test_all_of_them_are_tried() -> None:
    assert len(UPDATES) > 10
