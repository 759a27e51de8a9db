"""人次: the same heads are never counted twice."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.errors import RuleViolation
from backend.education import actions
from backend.education.models import (
    Attendance,
    HeadcountEntry,
    LegalEducationEvent,
    Venue,
)
from tests.conftest import new_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def hybrid(venue: Venue) -> LegalEducationEvent:
    """An event with people on the spot and before their screens."""
    event = gate.save(new_event(venue, format="hybrid"), by=SYSTEM)
    return actions.open_event(event, by=SYSTEM)


def _sign_in(event: LegalEducationEvent, people: int) -> None:
    gate.save_many(
        [
            Attendance(community_id=event.community_id, event=event, name=f"居民{n}")
            for n in range(people)
        ],
        by=SYSTEM,
    )


def _count(event: LegalEducationEvent, kind: str, count: int, **more: Any) -> HeadcountEntry:
    entry = HeadcountEntry(
        community_id=event.community_id,
        event=event,
        kind=kind,
        count=count,
        evidence="现场照片",
        **more,
    )
    return gate.save(entry, by=SYSTEM)


def _heads(event: LegalEducationEvent) -> tuple[int, int, int]:
    row = LegalEducationEvent.objects.with_heads().get(pk=event.pk)
    return row.attendance_count, row.headcount_total, row.heads_total


def test_an_event_without_records_has_no_heads(hybrid: LegalEducationEvent) -> None:
    assert _heads(hybrid) == (0, 0, 0)


def test_a_crowd_apart_from_the_list_is_added(hybrid: LegalEducationEvent) -> None:
    _sign_in(hybrid, 3)
    _count(hybrid, "crowd", 50)
    assert _heads(hybrid) == (3, 50, 53)


def test_a_crowd_that_includes_the_list_gives_only_what_goes_beyond_it(
    hybrid: LegalEducationEvent,
) -> None:
    _sign_in(hybrid, 3)
    _count(hybrid, "crowd", 50, includes_signed_in=True)
    assert _heads(hybrid) == (3, 47, 50)


def test_the_list_may_grow_past_an_inclusive_count(hybrid: LegalEducationEvent) -> None:
    _count(hybrid, "crowd", 2, includes_signed_in=True)
    assert _heads(hybrid) == (0, 2, 2)
    _sign_in(hybrid, 3)
    assert _heads(hybrid) == (3, 0, 3)


def test_live_viewers_are_heads_and_views_of_the_recording_are_none(
    hybrid: LegalEducationEvent,
) -> None:
    _count(hybrid, "live_viewers", 200)
    _count(hybrid, "recording_views", 5000)
    assert _heads(hybrid) == (0, 200, 200)


def test_one_events_heads_are_not_anothers(hybrid: LegalEducationEvent, venue: Venue) -> None:
    _sign_in(hybrid, 2)
    _count(hybrid, "crowd", 10)
    other = gate.save(new_event(venue, code="pf-other"), by=SYSTEM)
    assert _heads(other) == (0, 0, 0)
    assert _heads(hybrid) == (2, 10, 12)


_ENTRIES = st.lists(
    st.tuples(
        st.sampled_from(["crowd", "live_viewers", "recording_views"]),
        st.integers(1, 500),
        st.booleans(),
    ),
    max_size=6,
)


@given(people=st.integers(0, 6), entries=_ENTRIES)
def test_heads_are_what_a_clerk_adds_up_by_hand(
    venue: Venue, people: int, entries: list[tuple[str, int, bool]]
) -> None:
    event = gate.save(new_event(venue, format="hybrid"), by=SYSTEM)
    event = actions.open_event(event, by=SYSTEM)
    _sign_in(event, people)
    apart, including = 0, 0
    for kind, count, includes in entries:
        try:
            _count(event, kind, count, includes_signed_in=includes)
        except RuleViolation:
            continue
        if includes:
            including = count
        elif kind != "recording_views":
            apart += count
    # The spot holds whoever was counted there or signed the list, whichever is more.
    assert _heads(event)[2] == max(people, including) + apart
