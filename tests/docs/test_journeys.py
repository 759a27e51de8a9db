"""Every journey of docs/api/journeys.md is gone on the demo's data, and answers as the page says.

LINLI_JOURNEYS=1 writes the page anew.
"""

import os
from typing import Any

import pytest

from tests.docs.journeys import PAGE, Gone, Journey, go, journeys, page_of, recorded, shape

pytestmark = [pytest.mark.usefixtures("_demo_data"), pytest.mark.django_db]
WAYS = journeys()
WRITING = bool(os.environ.get("LINLI_JOURNEYS"))


def broken(gone: list[Gone]) -> list[Any]:
    """What was refused on the way: errors of GraphQL, and broken rules by step and code."""
    found: list[Any] = []
    for one in gone:
        found += [(one.step.name, error["message"]) for error in one.answer.get("errors", ())]
        for thing in (one.answer.get("data") or {}).values():
            if isinstance(thing, dict):
                found += [(one.step.name, error["code"]) for error in thing.get("errors", ())]
    return found


def test_there_are_ten() -> None:
    assert len(WAYS) == 10


@pytest.mark.parametrize("journey", WAYS, ids=[way.path.stem for way in WAYS])
def test_a_journey_is_gone_to_its_end(journey: Journey) -> None:
    gone = go(journey)
    # The third is about being refused.
    assert broken(gone) == ([("Try", "slot_full")] if journey.path.stem == "03-a-full-slot" else [])
    if not WRITING:
        assert [shape(one.answer) for one in gone] == [
            shape(answer) for answer in recorded()[journey.title]
        ]


@pytest.mark.skipif(not WRITING, reason="LINLI_JOURNEYS=1 writes the page")
def test_the_page_is_written() -> None:
    PAGE.write_text(page_of([(way, go(way)) for way in WAYS]), encoding="utf-8")
