"""Ten times the rows take no more statements; a loop over a relation does (the control)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.core import gate
from backend.core.access import SYSTEM
from backend.education.models import (
    Attendance,
    CheckIn,
    HeadcountEntry,
    LegalEducationEvent,
    Registration,
)
from backend.people.models import User
from tests.conftest import new_event
from tests.schema.statements import QUERIES, statements


def grow(event_open: LegalEducationEvent, count: int) -> None:
    """So many more events, with sign-ins and a head-count each."""
    events = [new_event(event_open.venue, title=f"活动{n}") for n in range(count)]
    gate.save_many(events, by=SYSTEM)
    gate.move_many(events, "open", by=SYSTEM)
    community = event_open.community
    signed = [
        Attendance(community=community, event=event, name=f"来客{count}-{n}")
        for event in (*events, event_open)
        for n in range(count)
    ]
    gate.save_many(signed, by=SYSTEM)
    wanting = [
        Registration(community=community, event=event, name=f"报名{count}-{n}")
        for event in events
        for n in range(count)
    ]
    gate.save_many(wanting, by=SYSTEM)
    scanned = [
        CheckIn(
            community=community,
            event=row.event,
            registration=row,
            name=row.name,
            idempotency_key=row.code,
            occurred_at=row.registered_at,
            success=False,
        )
        for row in wanting
    ]
    gate.save_many(scanned, by=SYSTEM)
    counted = {"community": community, "kind": "crowd", "count": 9, "evidence": "照片"}
    gate.save_many([HeadcountEntry(event=event, **counted) for event in events], by=SYSTEM)


@pytest.mark.parametrize("name", QUERIES)
def test_ten_times_the_rows_take_no_more_statements(
    name: str, event_open: LegalEducationEvent, worker: User
) -> None:
    grow(event_open, 2)
    few = statements(worker, name)
    grow(event_open, 18)
    assert statements(worker, name) == few


def test_counting_notices_a_loop_over_a_relation(event_open: LegalEducationEvent) -> None:
    def naive() -> int:
        with CaptureQueriesContext(connection) as captured:
            [event.venue.name for event in LegalEducationEvent.objects.all()]
        return len(captured)

    few = naive()
    grow(event_open, 18)
    assert naive() > few
