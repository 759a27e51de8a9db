"""gate.move: states change by verbs alone, and every move is logged."""

import datetime

import pytest
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import ManyViolations, RuleViolation
from backend.core.models import ChangeSet, Transition
from backend.education.choices import EventStatus
from backend.education.models import LegalEducationEvent, Venue
from backend.people.models import User
from backend.places.models import Community
from tests.conftest import new_event
from tests.core.residents import resident, table

pytestmark = pytest.mark.django_db


def _refused(event: LegalEducationEvent, verb: str, **how: object) -> str:
    """The code; proves that neither the state nor the log has moved."""
    before, logged = table(LegalEducationEvent), Transition.objects.count()
    sets = ChangeSet.objects.count()
    with pytest.raises(RuleViolation) as refused:
        gate.move(event, verb, **({"by": SYSTEM} | how))  # type: ignore[arg-type]
    assert table(LegalEducationEvent) == before
    assert (Transition.objects.count(), ChangeSet.objects.count()) == (logged, sets)
    return refused.value.code


def test_moves_and_answers_the_record_fresh(event_planned: LegalEducationEvent) -> None:
    moved = gate.move(event_planned, "open", by=SYSTEM)
    assert (moved.status, moved.revision) == (EventStatus.OPEN, 2)
    assert LegalEducationEvent.objects.get().status == EventStatus.OPEN


def test_logs_the_move_with_both_times(event_planned: LegalEducationEvent, actor: Actor) -> None:
    happened = timezone.now() - datetime.timedelta(days=3)
    gate.move(event_planned, "open", by=actor, occurred_at=happened, reason="补录")
    log = Transition.objects.get()
    assert (log.model, log.object_id) == ("education.LegalEducationEvent", event_planned.pk)
    assert (log.move, log.source, log.target) == ("open", "planned", "open")
    assert (log.actor_name, log.reason, log.occurred_at) == ("worker", "补录", happened)
    assert log.recorded_at > happened
    assert log.change_set.verb == "open education.LegalEducationEvent"


def test_refuses_what_the_table_does_not_allow(event_planned: LegalEducationEvent) -> None:
    assert _refused(event_planned, "archive") == "wrong_state"


def test_looks_at_the_stored_state_and_not_at_the_one_at_hand(
    event_planned: LegalEducationEvent,
) -> None:
    gate.move(event_planned, "open", by=SYSTEM)
    assert event_planned.status == EventStatus.PLANNED
    assert _refused(event_planned, "open") == "wrong_state"


@pytest.mark.parametrize("reason", ["", "  "])
def test_refuses_a_cancellation_without_a_reason(
    event_planned: LegalEducationEvent, reason: str
) -> None:
    assert _refused(event_planned, "cancel", reason=reason) == "reason_required"


def test_refuses_what_the_guard_refuses(event_planned: LegalEducationEvent) -> None:
    def guard(_event: LegalEducationEvent) -> None:
        raise RuleViolation("full_moon", "今天不行。")

    assert _refused(event_planned, "open", guard=guard) == "full_moon"


def test_refuses_an_actor_of_another_community(
    event_planned: LegalEducationEvent, other_worker: User
) -> None:
    assert _refused(event_planned, "open", by=Actor.of(other_worker, "test")) == "not_allowed"


def test_refuses_a_record_that_is_gone(event_planned: LegalEducationEvent) -> None:
    gate.delete(LegalEducationEvent.objects.get(), by=SYSTEM)
    assert _refused(event_planned, "open") == "not_found"


def test_refuses_to_move_without_an_actor(event_planned: LegalEducationEvent) -> None:
    with pytest.raises(TypeError):
        gate.move(event_planned, "open", by=None)  # type: ignore[arg-type]
    assert LegalEducationEvent.objects.get().status == EventStatus.PLANNED


def test_one_refused_move_stops_the_set(venue: Venue, event_open: LegalEducationEvent) -> None:
    planned = gate.save(new_event(venue), by=SYSTEM)
    before = table(LegalEducationEvent)
    with pytest.raises(ManyViolations) as refused:
        gate.move_many([planned, event_open], "open", by=SYSTEM)
    assert {i: v.code for i, v in refused.value.by_index.items()} == {1: "wrong_state"}
    assert table(LegalEducationEvent) == before


def test_a_set_moves_in_one_change_set(venue: Venue) -> None:
    events = [gate.save(new_event(venue), by=SYSTEM) for _ in range(3)]
    moved = gate.move_many(events, "open", by=SYSTEM)
    assert [event.pk for event in moved] == [event.pk for event in events]
    assert Transition.objects.values("change_set").distinct().count() == 1
    assert {event.status for event in LegalEducationEvent.objects.all()} == {EventStatus.OPEN}


@pytest.mark.parametrize("saved_before", [True, False])
def test_a_state_is_not_to_be_saved(venue: Venue, saved_before: bool) -> None:
    event = new_event(venue)
    if saved_before:
        gate.save(event, by=SYSTEM)
    before = table(LegalEducationEvent)
    event.status = EventStatus.HELD
    with pytest.raises(RuleViolation) as refused:
        gate.save(event, by=SYSTEM)
    assert (refused.value.code, refused.value.field) == ("state_by_verb_only", "status")
    assert table(LegalEducationEvent) == before


def test_what_has_no_states_does_not_move(community: Community) -> None:
    saved = gate.save(resident(community), by=SYSTEM)
    with pytest.raises(LookupError):
        gate.move(saved, "open", by=SYSTEM)
