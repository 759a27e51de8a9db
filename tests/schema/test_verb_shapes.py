"""Every mutation of the main API has the one shape, and every object with a code its root."""

import re
from typing import Any

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
    is_non_null_type,
)

from schema.main.schema import schema as main_schema

pytestmark = pytest.mark.once
SCHEMA = main_schema._schema
assert SCHEMA.mutation_type is not None
MUTATIONS = SCHEMA.mutation_type.fields

# Verbs on something that is there: their second try finds it done, and says so by a rule. Whatever
# begins with another word makes something, and takes an idempotencyKey.
ON_WHAT_IS_THERE = set(
    [
        "accept",
        "activate",
        "announce",
        "apply",
        "approve",
        "archive",
        "bring",
        "cancel",
        "carry",
        "close",
        "complete",
        "confirm",
        "correct",
        "count",
        "decide",
        "declare",
        "decline",
        "defer",
        "defuse",
        "direct",
        "discard",
        "drop",
        "end",
        "escalate",
        "expire",
        "finish",
        "form",
        "hear",
        "hold",
        "leave",
        "mark",
        "merge",
        "miss",
        "move",
        "note",
        "notice",
        "open",
        "pause",
        "postpone",
        "promote",
        "publish",
        "rate",
        "reconvene",
        "recount",
        "redraft",
        "refuse",
        "reject",
        "remove",
        "reopen",
        "replace",
        "reset",
        "restore",
        "resume",
        "retry",
        "revise",
        "revoke",
        "set",
        "sign",
        "start",
        "submit",
        "take",
        "terminate",
        "tie",
        "undo",
        "unmerge",
        "untie",
        "update",
        "verify",
        "void",
        "withdraw",
    ]
)
# Verbs that make something and take no key, each with what makes a second try harmless.
WITHOUT_A_KEY = {
    "answerPatrolPoint": "one answer a point: the same again changes nothing",
    "assignDemand": "a second try is wrong_state",
    "assignRefill": "changes who refills what is there",
    "callRoll": "a line says who is in the room: the same again changes nothing",
    "checkInAssignment": "sets the moment on an assignment that is there",
    "checkOutAssignment": "as checking in: already_checked_out",
    "claimResident": "the account is tied to one entry, once",
    "explainDemandUnresolvable": "a second try is wrong_state",
    "extendDemand": "a second try is already_extended",
    "giveBackDemand": "a second try is wrong_state",
    "issueCertificates": "a second try is certificate_taken for each",
    "joinVolunteerTeam": "a second try is member_taken",
    "tryMessageTemplate": "saves nothing; whoever asks twice wants a second trial",
    "postDailyDigest": "one post a group and edition: the same again changes nothing",
    "recordDeath": "a second try is resident_deceased",
    "resolveDemand": "a second try is wrong_state",
    "resolveDemandOnTheSpot": "a second try is wrong_state",
    "respondToDemand": "a second try is already_answered",
    "reviewDailyDigest": "a second try is wrong_state",
    "sendBackDailyDigest": "a second try is wrong_state",
}
# Verbs that begin with a word of the above and make something all the same.
MAKES = {"openVanguardPost", "correctSupplyEntry"}
# Inputs that change several columns of a text, and which keep it by another word.
REVISIONS = {"reviseMinutes": "basedOn", "redraftMinutes": "basedOn"}
# What a payload holds beside the thing itself.
BESIDE = ("errors", "notes", "outcome")
# Objects with a code that have no root by it.
REACHED_OTHERWISE = {
    "Attachment": "hangs on its record: attachments(recordId:)",
    "Seat": "a seat of the joint meeting, listed with it",
    "SubjectRequest": "one's own alone: subjectRequests",
}


def input_of(verb: str) -> GraphQLInputObjectType:
    found: Any = get_named_type(MUTATIONS[verb].args["input"].type)
    return found


def first_word(verb: str) -> str:
    found = re.match("[a-z]+", verb)
    assert found is not None
    return found[0]


@pytest.mark.parametrize("verb", sorted(MUTATIONS))
def test_a_verb_has_the_one_shape(verb: str) -> None:
    assert list(MUTATIONS[verb].args) == ["input"]
    assert is_non_null_type(MUTATIONS[verb].args["input"].type)
    payload: Any = get_named_type(MUTATIONS[verb].type)
    error = "ManyError" if verb.endswith("Many") else "InputError"
    assert str(payload.fields["errors"].type) == f"[{error}!]!"
    for name, field in payload.fields.items():
        named = get_named_type(field.type)
        if isinstance(named, GraphQLObjectType) and named is get_nullable_type(field.type):
            assert not is_non_null_type(field.type), f"{verb}.{name}: a refusal has no thing"


@pytest.mark.parametrize("verb", sorted(MUTATIONS))
def test_a_verb_that_makes_something_takes_a_key(verb: str) -> None:
    has_a_key = any("idempotencyKey" in fields_of(one) for one in inputs_within(verb))
    if verb in MAKES or first_word(verb) not in ON_WHAT_IS_THERE:
        assert has_a_key or verb in WITHOUT_A_KEY, f"{verb} makes something: give it a key"


def fields_of(one: GraphQLInputObjectType) -> set[str]:
    return set(one.fields)


def inputs_within(verb: str) -> list[GraphQLInputObjectType]:
    """A verb's input, and those in it: a list of entries has a key for each."""
    outer = input_of(verb)
    inner: list[Any] = [get_named_type(field.type) for field in outer.fields.values()]
    return [outer, *(one for one in inner if isinstance(one, GraphQLInputObjectType))]


def test_the_exceptions_are_verbs_of_the_schema() -> None:
    named = {*WITHOUT_A_KEY, *MAKES, *REVISIONS}
    assert named - set(MUTATIONS) == set()
    assert {verb for verb in WITHOUT_A_KEY if "idempotencyKey" in input_of(verb).fields} == set()
    assert ON_WHAT_IS_THERE - {first_word(verb) for verb in MUTATIONS} == set()


@pytest.mark.parametrize(
    "verb", sorted(v for v in MUTATIONS if first_word(v) in ("update", "revise", "redraft"))
)
def test_a_text_that_several_edit_is_saved_with_the_revision_that_was_seen(verb: str) -> None:
    fields = input_of(verb).fields
    if list(fields)[1:] == ["reason"]:
        return
    assert "expectedRevision" in fields or REVISIONS.get(verb) in fields
    if verb in REVISIONS:
        return
    payload: Any = get_named_type(MUTATIONS[verb].type)
    (thing,) = (f for name, f in payload.fields.items() if name not in BESIDE)
    shown: Any = get_named_type(thing.type)
    assert "revision" in shown.fields, "the caller has to see what to send"
    for name, field in fields.items():
        if name != "expectedRevision" and not is_non_null_type(field.type):
            # A default of null would empty what is left out.
            assert field.default_value is None or str(field.default_value) == "Undefined"


def test_what_has_a_code_has_a_root_by_it() -> None:
    query: Any = SCHEMA.query_type
    by_code = {
        get_named_type(field.type).name
        for field in query.fields.values()
        if set(field.args) == {"code"}
    }
    coded = {
        kind.name
        for kind in SCHEMA.get_possible_types(SCHEMA.type_map["Node"])  # type: ignore[arg-type]
        if "code" in kind.fields
    }
    assert coded - by_code == set(REACHED_OTHERWISE)
    assert len(by_code & coded) > 25
