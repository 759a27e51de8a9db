"""Open data: a year of legal education, by topic and format, with nobody to be found in it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from backend.core import gate
from backend.core.access import SYSTEM
from backend.education.actions import hold_event, open_event
from backend.education.models import HeadcountEntry, Venue
from tests.conftest import new_event
from tests.schema.asking import OPEN, ask, caller, code, data, nodes

SUMMARY = """query ($community: String!, $year: Int!) {
  educationSummary(community: $community, year: $year) { year events heads
    byTopic { topic events heads } byFormat { format events heads } } }"""
HEADS = "{ legalEducationEvents { edges { node { topic headsTotal } } } }"


def held(venue: Venue, topic: str, heads: int, when: str = "2025-03-01", **more: Any) -> None:
    start = datetime.fromisoformat(f"{when}T14:00").replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    event = new_event(venue, topic=topic, starts_at=start, ends_at=start.replace(hour=16), **more)
    event = open_event(gate.save(event, by=SYSTEM), by=SYSTEM)
    if heads:
        entry = HeadcountEntry(
            community=venue.community,
            event=event,
            kind="crowd",
            count=heads,
            evidence="现场照片",
        )
        gate.save(entry, by=SYSTEM)
    hold_event(event, by=SYSTEM)


@pytest.fixture
def year(venue: Venue) -> None:
    held(venue, "民法典", 40, "2025-01-01")
    held(venue, "民法典", 3, "2025-12-31")
    held(venue, "反诈", 25, format="hybrid")
    held(venue, "反诈", 0)
    held(venue, "", 4)
    held(venue, "民法典", 99, "2024-12-31")


def summary(**given: Any) -> dict[str, Any]:
    return data(caller(), SUMMARY, OPEN, **({"community": "xinhe", "year": 2025} | given))[
        "educationSummary"
    ]


def test_events_and_heads_by_topic_and_format(year: None) -> None:
    found = summary()
    assert (found["events"], found["heads"]) == (5, 65)
    assert found["byTopic"] == [
        {"topic": "反诈", "events": 2, "heads": 25},
        {"topic": "民法典", "events": 2, "heads": 40},
        {"topic": None, "events": 1, "heads": 0},
    ]
    assert found["byFormat"] == [
        {"format": "hybrid", "events": 1, "heads": 25},
        {"format": "onsite", "events": 4, "heads": 40},
    ]


def test_a_sum_less_its_known_parts_tells_no_hidden_event(year: None) -> None:
    events = nodes(data(caller(), HEADS, OPEN)["legalEducationEvents"])
    known = [e["headsTotal"] for e in events if e["topic"] == "民法典"]
    assert sorted(n for n in known if n is not None) == [40, 99]
    assert None in known, "the event of three"
    by_topic = {cell["topic"]: cell["heads"] for cell in summary()["byTopic"]}
    assert by_topic["民法典"] - 40 == 0, "and not three"


def test_what_nobody_held_is_empty_and_a_strange_year_is_refused(year: None) -> None:
    assert summary(community="nowhere") == summary(year=1999) | {"year": 2025}
    assert summary(year=1999)["byTopic"] == []
    assert code(ask(caller(), SUMMARY, OPEN, community="xinhe", year=0)) == "bad_year"
