"""docs/api/who-may.md holds: seven callers at every root field and every mutation, cell by cell."""

import os
from collections.abc import Iterator
from typing import Any
from zlib import crc32

import pytest
from django.db import transaction
from django.test import Client

from tests.access import reach
from tests.access.verbs import ASKED

pytestmark = [
    pytest.mark.once,
    pytest.mark.usefixtures("_demo_data"),
    pytest.mark.django_db(databases="__all__"),
]
# Set, the page is written anew from what the API answers.
REFRESH = bool(os.environ.get("LINLI_WHO_MAY"))
ROOTS, MUTATIONS = reach.told()
# The fast suite asks one line in so many; the slow one all.
ONE_IN = 24
MEASURED: tuple[dict[str, reach.Line], dict[str, reach.Line]] = ({}, {})


@pytest.fixture(scope="module")
def clients(_demo_data: None, django_db_blocker: Any) -> Iterator[dict[str, Client]]:
    """One of each, for the whole module."""
    with django_db_blocker.unblock(), transaction.atomic():
        reach.furnish()
        yield reach.callers()
        transaction.set_rollback(True)


def lines(names: list[str]) -> list[Any]:
    return [
        pytest.param(name, marks=() if crc32(name.encode()) % ONE_IN == 0 else pytest.mark.slow)
        for name in names
    ]


@pytest.mark.parametrize("root", lines(reach.roots()))
def test_a_root_field_answers_each_caller_as_the_page_says(
    root: str, clients: dict[str, Client]
) -> None:
    MEASURED[0][root] = found = reach.of_root(root, clients)
    assert REFRESH or found == ROOTS.get(root)


@pytest.mark.parametrize("verb", lines(reach.mutations()))
def test_a_mutation_is_for_those_of_whom_the_page_says_so(
    verb: str, clients: dict[str, Client]
) -> None:
    MEASURED[1][verb] = found = reach.of_mutation(verb, clients)
    assert REFRESH or found == MUTATIONS.get(verb)


def test_the_page_is_written_anew() -> None:
    if not REFRESH:
        pytest.skip("LINLI_WHO_MAY is not set")
    # What was not asked now stays as it was, where there is such a field still.
    of_roots, of_mutations = ROOTS | MEASURED[0], MUTATIONS | MEASURED[1]
    page = reach.as_markdown(
        {name: of_roots[name] for name in reach.roots() if name in of_roots},
        {verb: of_mutations[verb] for verb in reach.mutations() if verb in of_mutations},
    )
    reach.PAGE.write_text(page, encoding="utf-8")


def test_every_root_field_and_every_mutation_has_its_line() -> None:
    of_roots, of_mutations = reach.told()
    assert list(of_roots) == reach.roots()
    assert list(of_mutations) == reach.mutations()
    assert {len(line) for line in (*of_roots.values(), *of_mutations.values())} == {
        len(reach.CALLERS)
    }


def test_nobody_signed_in_may_do_nothing_and_the_neighbours_secretary_nothing_here() -> None:
    """What the page must say, whoever wrote it."""
    _, of_mutations = reach.told()
    for verb, line in of_mutations.items():
        cells = dict(zip(reach.CALLERS, line, strict=True))
        assert cells["anonymous"] != reach.YES, verb
        if ASKED[verb].action is not None:
            assert cells["neighbour"] != reach.YES, verb


def test_the_page_is_no_table_of_one_word() -> None:
    """The control: it tells callers apart."""
    of_roots, of_mutations = reach.told()
    assert len({*of_roots.values()}) > 12
    assert len({*of_mutations.values()}) > 5
