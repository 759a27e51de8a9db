"""A demand from the window to its end: who may do what, when, and what is refused."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import ManyViolations, RuleViolation
from backend.core.models import Transition
from backend.demands import actions, handling
from backend.demands.models import Demand, DemandNumbering, DemandSettings
from backend.places.models import Community
from tests.demands.conftest import Hall, ago, fresh, new, registered

pytestmark = pytest.mark.django_db


def said(do: Any) -> str:
    before = list(Demand.objects.order_by("pk").values())
    with pytest.raises(RuleViolation) as refused:
        do()
    assert list(Demand.objects.order_by("pk").values()) == before
    return refused.value.code


def move(demand: Demand, verb: str, by: Actor, reason: str = "") -> Demand:
    return actions.DEMAND_VERBS[verb](fresh(demand), by=by, reason=reason)  # type: ignore[no-any-return]


def test_numbers_have_no_gap_and_the_roster_fills_in(hall: Hall) -> None:
    year = timezone.localdate().year
    first = registered(hall, resident=hall.person)
    assert said(lambda: registered(hall, content="  ")) in ("content_missing", "required")
    with pytest.raises(RuleViolation):
        registered(hall, group=None, received_at=timezone.now() + timedelta(days=1))
    second = registered(hall)
    assert (first.code, second.code) == (f"sq-xinhe-{year}-0001", f"sq-xinhe-{year}-0002")
    assert (first.reporter_name, first.reporter_phone) == ("司马青云", "13900012345")
    last = ago(days=400)
    old = registered(hall, received_at=last)
    assert old.code == f"sq-xinhe-{timezone.localtime(last).year}-0001"
    assert first.registered_by_id == hall.worker.user.pk
    assert DemandNumbering.objects.get(year=year).last == 2
    # Nobody writes one past the verb: it would have no number.
    with pytest.raises(RuleViolation) as refused:
        gate.save(new(hall), by=SYSTEM)
    assert refused.value.field in ("year", "number")


def test_many_are_numbered_as_one_after_the_other(hall: Hall) -> None:
    made = actions.register_many([new(hall) for _ in range(3)], by=SYSTEM)
    assert [demand.number for demand in made] == [1, 2, 3]
    with pytest.raises(ManyViolations):
        actions.register_many([new(hall), new(hall, reporter_phone="12")], by=SYSTEM)
    assert registered(hall).number == 4


def test_a_later_change_of_deadlines_changes_no_demand_that_has_begun(hall: Hall) -> None:
    before = registered(hall)
    gate.save(DemandSettings(community=hall.community, ordinary_days=1), by=hall.secretary)
    kept = actions.change_demand(_with(before, remark="门卫说的"), by=hall.worker)
    assert kept.due_at == before.due_at
    after = registered(hall)
    assert before.due_at is not None
    assert after.due_at is not None
    assert after.due_at < before.due_at
    hurried = actions.change_demand(_with(before, urgency="urgent"), by=hall.worker)
    assert hurried.due_at == before.received_at + timedelta(hours=24)


def test_from_the_window_to_the_end(hall: Hall) -> None:
    demand = registered(hall, resident=hall.person)
    assert said(lambda: actions.respond(demand, "在查", by=hall.contact)) == "not_allowed"
    demand = handling.assign(demand, hall.company, by=hall.worker)
    assert demand.assigned_to == hall.company
    # The other company sees nothing of it.
    seen: Any = Demand.objects
    assert not seen.visible_to(hall.other_contact.user).exists()
    assert seen.visible_to(hall.contact.user).get() == demand
    assert said(lambda: move(demand, "take_up", hall.other_contact)) == "not_allowed"
    move(demand, "take_up", hall.contact)
    answered = actions.respond(demand, "今天派人去看", by=hall.contact)
    assert answered.first_response_at is not None
    assert said(lambda: actions.respond(demand, "又说", by=hall.contact)) == "already_answered"
    assert said(lambda: move(demand, "resolve", hall.contact)) == "reason_required"
    solved = move(demand, "resolve", hall.contact, "路灯已换")
    assert (solved.result, solved.first_response_at) == ("路灯已换", answered.first_response_at)
    # Their contact may not say that it is solved for the reporter, nor close it.
    assert said(lambda: handling.confirm(solved, by=hall.contact)) == "not_allowed"
    confirmed = handling.confirm(solved, by=hall.resident, satisfied=True)
    assert confirmed.satisfied is True
    assert said(lambda: move(demand, "close", hall.resident)) == "not_allowed"
    closed = move(demand, "close", hall.worker)
    assert closed.closed_at is not None
    change = lambda: actions.change_demand(_with(closed, content="另说"), by=hall.worker)  # noqa: E731
    assert said(change) == "demand_settled"
    steps = Transition.objects.filter(object_id=demand.pk).order_by("pk")
    assert [step.move for step in steps] == ["assign", "take_up", "resolve", "confirm", "close"]


def test_on_the_spot_is_confirmed_by_another(hall: Hall) -> None:
    demand = registered(hall)
    solved = move(demand, "resolve_on_the_spot", hall.worker, "当场开了证明")
    # Solving is the first answer where nobody gave one before.
    assert solved.first_response_at == solved.resolved_at
    assert said(lambda: handling.confirm(solved, by=hall.worker)) == "confirmer_is_handler"
    assert move(demand, "confirm", hall.secretary).status == "confirmed"


def test_a_reporter_who_is_not_content_has_it_done_again(hall: Hall) -> None:
    demand = registered(hall, resident=hall.person)
    move(demand, "resolve_on_the_spot", hall.worker, "已办")
    again = move(demand, "reopen", hall.resident, "灯还是不亮")
    assert (again.status, again.result, again.resolved_at) == ("reopened", "", None)
    handling.assign(again, hall.company, by=hall.worker)
    move(demand, "take_up", hall.contact)
    explained = move(demand, "explain_unresolvable", hall.worker, "产权单位不同意")
    assert explained.resolved_at is None
    assert move(demand, "close", hall.worker).status == "closed"


def test_a_wrong_assignment_goes_back_for_a_while(hall: Hall) -> None:
    demand = registered(hall, received_at=ago(days=40))
    handling.assign(demand, hall.company, by=hall.worker, occurred_at=ago(days=30))
    give_back = lambda: move(demand, "give_back", hall.contact, "不归我们管")  # noqa: E731
    assert said(give_back) == "give_back_too_late"
    other = registered(hall)
    handling.assign(other, hall.company, by=hall.worker)
    back = move(other, "give_back", hall.contact, "不归我们管")
    assert (back.status, back.assigned_to) == ("returned", None)
    assert handling.assign(back, hall.rival, by=hall.worker).status == "assigned"


def test_it_is_extended_once_with_a_reason(hall: Hall) -> None:
    demand = registered(hall)
    assert said(lambda: actions.extend(demand, 3, by=hall.worker, reason=" ")) == "reason_required"
    assert said(lambda: actions.extend(demand, 3, by=hall.contact, reason="等料")) == "not_allowed"
    later = actions.extend(demand, 3, by=hall.worker, reason="等材料")
    assert later.due_at is not None
    assert demand.due_at is not None
    assert later.due_at > demand.due_at
    again = lambda: actions.extend(later, 1, by=hall.worker, reason="还等")  # noqa: E731
    assert said(again) == "already_extended"


def test_struck_out_by_a_second_person(hall: Hall) -> None:
    original, demand = registered(hall), registered(hall)
    reason = "同一盏路灯"
    mark = handling.mark_duplicate
    own = lambda: mark(demand, original, by=hall.worker, reason=reason)  # noqa: E731
    assert said(own) == "second_person_needed"
    itself = lambda: mark(demand, demand, by=hall.secretary, reason=reason)  # noqa: E731
    assert said(itself) == "original_is_itself"
    done = mark(demand, original, by=hall.secretary, reason=reason)
    assert (done.status, done.duplicate_of) == ("duplicate", original)
    third = registered(hall)
    chain = lambda: mark(third, done, by=hall.secretary, reason=reason)  # noqa: E731
    assert said(chain) == "original_unfit"
    back = lambda: mark(original, third, by=hall.secretary, reason=reason)  # noqa: E731
    assert said(back) == "demand_is_original"
    assert said(lambda: move(third, "mark_invalid", hall.worker, "没有这事")) == (
        "second_person_needed"
    )
    assert move(third, "mark_invalid", hall.secretary, "没有这事").status == "invalid"
    assert Demand.objects.counted().get() == original


def test_a_steward_works_in_the_own_estate_alone(hall: Hall) -> None:
    mine = registered(hall, by=hall.steward)
    assert move(mine, "resolve_on_the_spot", hall.steward, "已劝离").status == "resolved"
    elsewhere = lambda: registered(hall, by=hall.steward, estate=None)  # noqa: E731
    assert said(elsewhere) == "not_allowed"
    theirs = registered(hall, estate=None)
    assert said(lambda: move(theirs, "resolve_on_the_spot", hall.steward, "办")) == "not_allowed"
    taken = lambda: actions.change_demand(_with(mine, estate=None), by=hall.steward)  # noqa: E731
    assert said(taken) == "not_allowed"
    rows: Any = Demand.objects
    assert rows.visible_to(hall.steward.user).get() == mine


def test_a_resident_brings_forward_the_own_ones_alone(
    hall: Hall, other_community: Community
) -> None:
    demand = actions.register_own(new(hall, estate=None, channel="hotline"), by=hall.resident)
    assert (demand.channel, demand.resident) == ("app", hall.person)
    theirs = registered(hall)
    rows: Any = Demand.objects
    assert rows.visible_to(hall.resident.user).get() == demand
    assert said(lambda: registered(hall, by=hall.resident)) == "not_allowed"
    assert said(lambda: move(theirs, "reopen", hall.resident, "不行")) == "not_allowed"
    abroad = Demand(community=other_community, content="路灯不亮")
    assert said(lambda: actions.register_own(abroad, by=hall.resident)) == "not_allowed"


def test_a_history_is_told_with_its_own_dates(hall: Hall) -> None:
    received, solved = ago(days=20), ago(days=15)
    demand = registered(hall, received_at=received)
    early = lambda: handling.move(  # noqa: E731
        demand, "resolve_on_the_spot", by=hall.worker, reason="办好", occurred_at=ago(days=21)
    )
    assert said(early) == "occurred_out_of_order"
    done = handling.move(
        demand, "resolve_on_the_spot", by=hall.worker, reason="办好", occurred_at=solved
    )
    step = Transition.objects.get(object_id=demand.pk)
    assert (done.resolved_at, step.occurred_at) == (solved, solved)
    assert step.recorded_at > solved


def test_overdue_is_asked_of_now(hall: Hall) -> None:
    late, new_one = registered(hall, received_at=ago(days=30)), registered(hall)
    rows: Any = Demand.objects
    assert rows.overdue().get() == late
    assert rows.unanswered().get() == late
    assert (late.is_late, new_one.is_late) == (True, False)
    move(late, "resolve_on_the_spot", hall.worker, "办好")
    assert not rows.overdue().exists()


def _with(demand: Demand, **values: Any) -> Demand:
    found = fresh(demand)
    for name, value in values.items():
        setattr(found, name, value)
    return found
