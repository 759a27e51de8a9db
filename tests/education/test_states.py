"""PLANNED → OPEN → HELD → ARCHIVED, or CANCELLED: the event's verbs."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.core.models import Transition
from backend.education import actions
from backend.education.choices import EventStatus
from backend.education.models import (
    Attendance,
    HeadcountEntry,
    LegalEducationEvent,
    Venue,
)
from backend.education.states import EVENT_MACHINE
from backend.people.models import User
from tests.conftest import new_event
from tests.core.residents import table

pytestmark = pytest.mark.django_db

DOMAIN = {
    "planned": {"open": "open", "cancel": "cancelled"},
    "open": {"hold": "held", "cancel": "cancelled"},
    "held": {"archive": "archived"},
    "archived": {"reopen": "held"},
    "cancelled": {},
}


def _signed_in(event: LegalEducationEvent, name: str = "李梅") -> Attendance:
    return gate.save(Attendance(community_id=event.community_id, event=event, name=name), by=SYSTEM)


def _in_state(event: LegalEducationEvent, status: str) -> LegalEducationEvent:
    """An open event, brought to a state by its own verbs."""
    if status == "cancelled":
        return actions.cancel_event(event, by=SYSTEM, reason="下雨")
    if status in ("held", "archived"):
        _signed_in(event)
        event = actions.hold_event(event, by=SYSTEM)
    return actions.archive_event(event, by=SYSTEM) if status == "archived" else event


def _refused(
    event: LegalEducationEvent, verb: str, by: Actor = SYSTEM, reason: str = "因故"
) -> str:
    before, logged = table(LegalEducationEvent), Transition.objects.count()
    with pytest.raises(RuleViolation) as refused:
        actions.EVENT_VERBS[verb](event, by=by, reason=reason)
    assert (table(LegalEducationEvent), Transition.objects.count()) == (before, logged)
    return refused.value.code


def test_the_table_is_the_domains() -> None:
    table_of = {
        str(state): {move.name: str(move.target) for move in EVENT_MACHINE.available(state)}
        for state in EventStatus
    }
    assert table_of == DOMAIN


def test_every_move_has_a_verb() -> None:
    assert set(actions.EVENT_VERBS) == {move.name for move in EVENT_MACHINE.moves}


@pytest.mark.parametrize("status", ["open", "held", "archived", "cancelled"])
@pytest.mark.parametrize("verb", sorted(actions.EVENT_VERBS))
def test_a_verb_leads_where_the_table_says_or_nowhere(
    event_open: LegalEducationEvent, status: str, verb: str
) -> None:
    event = _in_state(event_open, status)
    target = DOMAIN[status].get(verb)
    if target is None:
        assert _refused(event, verb) == "wrong_state"
    else:
        assert actions.EVENT_VERBS[verb](event, by=SYSTEM, reason="因故").status == target


def test_a_new_event_is_planned(event_planned: LegalEducationEvent) -> None:
    assert LegalEducationEvent.objects.get().status == EventStatus.PLANNED


def test_refuses_to_hold_an_event_before_it_began(venue: Venue) -> None:
    start = timezone.now() + datetime.timedelta(hours=1)
    event = gate.save(
        new_event(venue, starts_at=start, ends_at=start + datetime.timedelta(hours=1)), by=SYSTEM
    )
    event = actions.open_event(event, by=SYSTEM)
    assert _refused(event, "hold") == "event_not_started"


def test_refuses_to_hold_an_event_on_a_day_before_its_own(event_open: LegalEducationEvent) -> None:
    early = event_open.starts_at - datetime.timedelta(days=1)
    with pytest.raises(RuleViolation) as refused:
        actions.hold_event(event_open, by=SYSTEM, occurred_at=early)
    assert refused.value.code == "event_not_started"
    assert LegalEducationEvent.objects.get().status == EventStatus.OPEN


def test_holding_remembers_the_day_it_happened(event_open: LegalEducationEvent) -> None:
    day = event_open.ends_at
    actions.hold_event(event_open, by=SYSTEM, occurred_at=day)
    assert Transition.objects.get(move="hold").occurred_at == day


def test_refuses_to_archive_an_event_to_which_nobody_came(event_open: LegalEducationEvent) -> None:
    held = actions.hold_event(event_open, by=SYSTEM)
    assert _refused(held, "archive") == "event_without_heads"


def test_views_of_a_recording_are_nobody_who_came(venue: Venue) -> None:
    event = gate.save(new_event(venue, format="online"), by=SYSTEM)
    event = actions.hold_event(actions.open_event(event, by=SYSTEM), by=SYSTEM)
    views = {"kind": "recording_views", "count": 900, "evidence": "后台截图"}
    entry = HeadcountEntry(community=venue.community, event=event, **views)
    gate.save(entry, by=SYSTEM)
    assert _refused(event, "archive") == "event_without_heads"


def test_archives_an_event_with_a_counted_crowd(event_open: LegalEducationEvent) -> None:
    crowd: dict[str, Any] = {"kind": "crowd", "count": 60, "evidence": "现场照片"}
    gate.save(
        HeadcountEntry(community_id=event_open.community_id, event=event_open, **crowd), by=SYSTEM
    )
    held = actions.hold_event(event_open, by=SYSTEM)
    assert actions.archive_event(held, by=SYSTEM).status == EventStatus.ARCHIVED


def test_refuses_to_cancel_what_took_place(event_open: LegalEducationEvent) -> None:
    _signed_in(event_open)
    assert _refused(event_open, "cancel") == "event_has_attendance"


@pytest.mark.parametrize(("status", "verb"), [("open", "cancel"), ("archived", "reopen")])
def test_refuses_without_a_reason(event_open: LegalEducationEvent, status: str, verb: str) -> None:
    assert _refused(_in_state(event_open, status), verb, reason="") == "reason_required"


def test_four_callers_open_an_event(
    event_planned: LegalEducationEvent,
    worker: User,
    secretary: User,
    other_worker: User,
    resident_user: User,
) -> None:
    for user in (other_worker, resident_user):
        assert _refused(event_planned, "open", by=Actor.of(user, "test")) == "not_allowed"
    by = Actor.of(worker, "test")
    assert actions.open_event(event_planned, by=by).status == EventStatus.OPEN
    held = actions.hold_event(event_planned, by=Actor.of(secretary, "test"))
    assert held.status == EventStatus.HELD
