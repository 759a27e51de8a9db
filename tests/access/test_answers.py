"""What a verb answers is masked and filtered as what a list shows, however deep one asks."""

import json
from typing import Any

import pytest
from graphql import get_named_type

from schema.main.schema import schema as main_schema
from tests.access.everything import selection
from tests.access.test_leaks import leaked
from tests.access.thinning import sampled
from tests.access.verbs import ASKED, answered, may
from tests.access.world import CALLERS, client_of

pytestmark = [
    pytest.mark.once,
    pytest.mark.usefixtures("_demo_data"),
    pytest.mark.django_db(databases="__all__"),
]

MUTATION: Any = main_schema._schema.mutation_type
# The answer's object, and two levels of what hangs on it.
LEVELS = 3


def wanted(verb: str) -> str:
    return selection(get_named_type(MUTATION.fields[verb].type), LEVELS)


@pytest.mark.parametrize(
    ("verb", "role"),
    sampled(
        [(verb, role) for verb in sorted(ASKED) for role in CALLERS if may(ASKED[verb], role)], 10
    ),
)
def test_everything_that_a_verb_answers_comes_masked(verb: str, role: str) -> None:
    answer = answered(client_of(role), verb, ASKED[verb].given(), wanted(verb))
    assert leaked(json.dumps(answer, ensure_ascii=False)) == []


def test_the_question_reaches_what_hangs_on_the_answer() -> None:
    """The control."""
    asked = wanted("checkIn")
    assert "registration { " in asked
    assert "event { " in asked
    assert "household { " in asked
