"""A step for many: counted beforehand, done as one act, and taken back with the states."""

import pytest

from backend.core import bulk, gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import ManyViolations, RuleViolation
from backend.core.many import MOST_AT_ONCE, Policy, within_limit
from backend.core.models import ChangeSet, Kept, Transition
from backend.core.undo import undo
from backend.core.workflow import Move, from_any, may_be_taken_back
from backend.education.actions import EVENT_VERBS
from backend.education.models import LegalEducationEvent, Venue
from backend.people.models import Resident, User
from backend.places.models import Community
from tests.conftest import new_event
from tests.core.residents import resident, table

HOLD = EVENT_VERBS["hold"]
_COUNTED = ("revision", "updated_at")


def test_a_move_that_went_further_than_this_house_stays() -> None:
    told = Move("cancel", "取消", from_any("open"), "cancelled")
    noted = Move("hold", "标记", from_any("open"), "held", undoable=True)
    may_be_taken_back([noted])
    with pytest.raises(RuleViolation) as refused:
        may_be_taken_back([noted, told])
    assert refused.value.code == "move_stays"
    assert "取消" in refused.value.message


def test_no_more_than_many_at_once() -> None:
    within_limit(MOST_AT_ONCE)
    with pytest.raises(RuleViolation) as refused:
        within_limit(MOST_AT_ONCE + 1)
    assert refused.value.code == "too_many"
    assert str(MOST_AT_ONCE + 1) in refused.value.message


@pytest.fixture
def events(venue: Venue) -> list[LegalEducationEvent]:
    """Two that can be held, and one that cannot."""
    made = [gate.save(new_event(venue, code=f"pf-{n}"), by=SYSTEM) for n in range(3)]
    return [gate.move(event, "open", by=SYSTEM) for event in made[:2]] + made[2:]


def _states() -> dict[str, str]:
    return dict(LegalEducationEvent.objects.values_list("code", "status"))


@pytest.mark.django_db
def test_looking_first_says_what_the_verb_would_and_writes_nothing(
    events: list[LegalEducationEvent], actor: Actor
) -> None:
    before = [table(m) for m in (LegalEducationEvent, ChangeSet, Transition)]
    seen = bulk.foresee(events, "hold", HOLD, by=actor)
    assert [table(m) for m in (LegalEducationEvent, ChangeSet, Transition)] == before
    assert [event.code for event in seen.done] == ["pf-0", "pf-1"]
    assert [(g.violation.code, len(g.records)) for g in seen.refused] == [("wrong_state", 1)]
    # What was foreseen is what comes.
    told = bulk.carry(events, "hold", HOLD, by=actor, reason="")
    assert [event.code for event in told.done] == [event.code for event in seen.done]
    assert told.stayed == seen.stayed


@pytest.mark.django_db
def test_what_is_done_is_one_act(events: list[LegalEducationEvent], actor: Actor) -> None:
    sets = ChangeSet.objects.count()
    told = bulk.carry(events, "hold", HOLD, by=actor, reason="补登")
    assert _states() == {"pf-0": "held", "pf-1": "held", "pf-2": "planned"}
    assert ChangeSet.objects.count() == sets + 1
    (made,) = told.change_sets
    assert (made.verb, made.reason, made.actor_name) == (
        "hold education.LegalEducationEvent",
        "补登",
        "worker",
    )
    assert made.transitions.count() == 2


@pytest.mark.django_db
def test_all_or_nothing_leaves_no_act_behind(
    events: list[LegalEducationEvent], actor: Actor
) -> None:
    before = [table(m) for m in (LegalEducationEvent, ChangeSet, Transition)]
    told = bulk.carry(events, "hold", HOLD, by=actor, policy=Policy.ALL_OR_NOTHING)
    assert (told.done, told.change_sets, told.stayed) == ([], [], 1)
    assert [table(m) for m in (LegalEducationEvent, ChangeSet, Transition)] == before


@pytest.mark.django_db
def test_two_communities_have_an_act_each(
    events: list[LegalEducationEvent], other_community: Community, admin_user: User
) -> None:
    place = gate.save(
        Venue(community=other_community, code="hall", name="礼堂", kind="stool_theatre"), by=SYSTEM
    )
    there = gate.move(gate.save(new_event(place, code="pf-df"), by=SYSTEM), "open", by=SYSTEM)
    told = bulk.carry([*events, there], "hold", HOLD, by=Actor.of(admin_user, "test"))
    assert {made.community_id for made in told.change_sets} == {
        events[0].community_id,
        other_community.pk,
    }
    assert [made.transitions.count() for made in told.change_sets] == [2, 1]


@pytest.mark.django_db
def test_it_is_taken_back_with_the_states_and_noted(
    events: list[LegalEducationEvent], actor: Actor
) -> None:
    before = table(LegalEducationEvent, *_COUNTED)
    told = bulk.carry(events, "hold", HOLD, by=actor)
    assert bulk.may_undo(told.change_sets[0], actor)
    (undone,) = bulk.take_back(told.change_sets, by=actor)
    assert (undone.restored, undone.left) == (2, [])
    assert table(LegalEducationEvent, *_COUNTED) == before
    ways = Transition.objects.filter(change_set=undone.change_set)
    assert {(w.move, w.source, w.target) for w in ways} == {("undo", "held", "open")}
    assert not bulk.may_undo(told.change_sets[0], actor)
    with pytest.raises(RuleViolation) as again:
        bulk.take_back(told.change_sets, by=actor)
    assert again.value.code == "already_undone"


@pytest.mark.django_db
def test_what_others_have_worked_on_since_is_left(
    events: list[LegalEducationEvent], actor: Actor
) -> None:
    told = bulk.carry(events, "hold", HOLD, by=actor)
    later = LegalEducationEvent.objects.get(code="pf-0")
    later.title = "改了名"
    gate.save(later, by=SYSTEM)
    (undone,) = bulk.take_back(told.change_sets, by=actor)
    assert undone.left == [("education.LegalEducationEvent", later.pk, "changed")]
    assert _states() == {"pf-0": "held", "pf-1": "open", "pf-2": "planned"}


@pytest.mark.django_db
def test_a_move_that_stays_takes_the_whole_undo_with_it(
    events: list[LegalEducationEvent], actor: Actor
) -> None:
    told = bulk.carry(events, "cancel", EVENT_VERBS["cancel"], by=actor, reason="下雨")
    before = [table(m) for m in (LegalEducationEvent, ChangeSet, Transition)]
    assert not bulk.may_undo(told.change_sets[0], actor)
    with pytest.raises(RuleViolation) as refused:
        bulk.take_back(told.change_sets, by=actor)
    assert refused.value.code == "move_stays"
    assert [table(m) for m in (LegalEducationEvent, ChangeSet, Transition)] == before


@pytest.mark.django_db
def test_an_undo_that_does_not_ask_for_moves_leaves_them(
    events: list[LegalEducationEvent], actor: Actor
) -> None:
    """Undoing an import takes no state back: whoever moved the record since has worked on it."""
    told = bulk.carry(events[:1], "hold", HOLD, by=actor)
    done = undo(told.change_sets[0], by=actor)
    assert [why for _label, _pk, why in done.left] == ["state_by_verb_only"]
    assert _states()["pf-0"] == "held"


@pytest.mark.django_db
def test_who_may_not_move_takes_nothing_back(
    events: list[LegalEducationEvent], actor: Actor, other_worker: User
) -> None:
    told = bulk.carry(events, "hold", HOLD, by=actor)
    stranger = Actor.of(other_worker, "test")
    assert not bulk.may_undo(told.change_sets[0], stranger)
    with pytest.raises(RuleViolation) as refused:
        bulk.take_back(told.change_sets, by=stranger)
    assert refused.value.code == "not_allowed"
    assert _states()["pf-0"] == "held"


@pytest.mark.django_db
def test_deleting_many_is_taken_back_under_their_numbers(
    community: Community, secretary: User
) -> None:
    rows = [gate.save(resident(community, name), by=SYSTEM) for name in ("李一", "李二")]
    before = table(Resident, *_COUNTED)
    by = Actor.of(secretary, "test")

    def drop(record: Kept, *, by: Actor, reason: str) -> None:
        gate.delete(record, by=by, reason=reason)

    told = bulk.carry(rows, "delete", drop, by=by, reason="重复登记")
    assert not Resident.objects.exists()
    (undone,) = bulk.take_back(told.change_sets, by=by)
    assert (undone.restored, table(Resident, *_COUNTED)) == (2, before)


@pytest.mark.django_db
def test_a_call_that_changes_nothing_does_not_drop_the_act_that_it_joins(
    community: Community,
) -> None:
    person = gate.save(resident(community), by=SYSTEM)
    with (
        gate.change_set("many", by=SYSTEM, community_id=community.pk) as made,
        gate.joining(made),
    ):
        gate.save(person, by=SYSTEM)
        with pytest.raises(ManyViolations):
            gate.save_many([resident(community, "")], by=SYSTEM)
        gate.save(resident(community, "李二"), by=SYSTEM)
    assert ChangeSet.objects.get(pk=made.pk).parts.count() == 1
