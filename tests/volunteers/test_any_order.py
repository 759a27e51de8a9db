"""Whatever is done in whatever order: no state outside of the tables, and the balance is the ledger's sum."""

from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from backend.core.access import SYSTEM
from backend.core.errors import RuleViolation
from backend.core.models import Transition
from backend.places.models import Community
from backend.services.models import Slot
from backend.volunteers import actions, recording
from backend.volunteers.models import Assignment, ServiceRecord, Volunteer
from backend.volunteers.queries import minutes_by_year
from tests.volunteers.team import hours_ago, new_volunteer

pytestmark = pytest.mark.django_db
VERBS = {
    Volunteer: actions.VOLUNTEER_VERBS,
    Assignment: actions.ASSIGNMENT_VERBS,
    ServiceRecord: actions.RECORD_VERBS,
}
MOVES = [(model, verb) for model, verbs in VERBS.items() for verb in verbs]
STEPS = st.lists(
    st.tuples(
        st.sampled_from([*MOVES, *[(ServiceRecord, "tell")] * 4, *[(Assignment, "ask")] * 3]),
        st.integers(0, 2),
        st.integers(1, 9),
    ),
    max_size=18,
)


def does(step: Any, people: list[Volunteer], slot: Slot) -> None:
    """One step; what it is about is chosen by the number."""
    (model, verb), person, number = step
    volunteer = Volunteer.objects.get(pk=people[person].pk)
    if verb == "tell":
        record = ServiceRecord(
            community_id=volunteer.community_id,
            volunteer=volunteer,
            content="巡逻",
            starts_at=hours_ago(number + 1.5),
            ends_at=hours_ago(number),
            excluded_minutes=number,
        )
        recording.save_record(record, by=SYSTEM)
    elif verb == "ask":
        made = Assignment(
            community_id=volunteer.community_id,
            volunteer=volunteer,
            item=slot.item,
            task="引导",
            starts_at=hours_ago(20 + number),
            ends_at=hours_ago(19 + number),
        )
        actions.save_assignment(made, by=SYSTEM)
    elif model is Volunteer:
        VERBS[Volunteer][verb](volunteer, by=SYSTEM, reason="核对")
    elif model in VERBS:
        rows = list(model.objects.filter(volunteer=volunteer).order_by("pk"))
        if rows:
            VERBS[model][verb](rows[number % len(rows)], by=SYSTEM, reason="核对")


def holds(people: list[Volunteer]) -> None:
    """What must be true after every step."""
    shown = {row.pk: row.verified_minutes for row in Volunteer.objects.with_hours()}
    for volunteer in people:
        records = list(ServiceRecord.objects.filter(volunteer=volunteer))
        verified = [row for row in records if row.status == "verified"]
        ledger = sum(
            (row.ends_at - row.starts_at).seconds // 60 - row.excluded_minutes for row in verified
        )
        assert shown[volunteer.pk] == ledger, "the balance is not the sum of the ledger"
        assert sum(minutes for _, minutes, _ in minutes_by_year(volunteer)) == ledger
        _apart([row for row in records if row.status in ("submitted", "verified")])
        asked = Assignment.objects.filter(volunteer=volunteer)
        _apart([row for row in asked if row.status not in ("declined", "cancelled")])
    for model in VERBS:
        table = {(source, m.target) for m in model.machine.moves for source in m.sources}
        moved = Transition.objects.filter(model=model._meta.label)
        assert set(moved.values_list("source", "target")) <= table, "a move outside of the table"


def _apart(rows: list[Any]) -> None:
    rows.sort(key=lambda row: row.starts_at)
    for one, following in pairwise(rows):
        assert one.ends_at <= following.starts_at, "two of one person overlap"


def run(people: list[Volunteer], slot: Slot, steps: Any) -> int:
    """Does the steps, one transaction each; answers how many were not refused."""
    done = 0
    for step in steps:
        try:
            with transaction.atomic():
                does(step, people, slot)
            done += 1
        except RuleViolation as refusal:
            # Each refusal is a rule's, and says what to do.
            assert refusal.code, refusal.message
    holds(people)
    return done


def test_no_order_of_steps_breaks_a_promise(community: Community, slot: Slot) -> None:
    people = [new_volunteer(community, name) for name in ("钱一", "孙二", "李三")]
    reached = []

    @given(STEPS)
    def try_it(steps: Any) -> None:
        with transaction.atomic():
            reached.append(run(people, slot, steps))
            transaction.set_rollback(True)

    try_it()
    assert max(reached) >= 5, "the steps did something"


def test_control_a_balance_that_is_not_the_sum_is_seen(community: Community, slot: Slot) -> None:
    """What `holds` says where minutes were written that nobody served."""
    volunteer = new_volunteer(community)
    step = ((ServiceRecord, "tell"), 0, 2)
    does(step, [volunteer], slot)
    does(((ServiceRecord, "verify"), 0, 0), [volunteer], slot)
    holds([volunteer])
    ServiceRecord.objects.update(minutes=999)
    with pytest.raises(AssertionError, match="not the sum"):
        holds([volunteer])
