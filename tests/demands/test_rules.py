"""Deadlines, and what the machine lets happen: pure rules."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.calendar import is_working_day, working_days_between
from backend.core.errors import RuleViolation
from backend.demands import rules
from backend.demands.choices import NOT_COUNTED, OPEN, SETTLED, DemandStatus
from backend.demands.rules import Terms
from backend.demands.states import DEMAND_MACHINE

HERE = ZoneInfo("Asia/Shanghai")
TERMS = Terms()
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 1)).map(
    lambda moment: moment.replace(tzinfo=HERE)
)


def said(do: Any) -> str:
    with pytest.raises(RuleViolation) as refused:
        do()
    return refused.value.code


def test_ordinary_demands_are_due_on_the_fifth_working_day() -> None:
    # 1 to 8 October 2025 are holidays, Saturday the 11th is worked.
    received = datetime(2025, 9, 29, 16, 30, tzinfo=HERE)
    due = rules.due_at(received, "ordinary", TERMS)
    assert due == datetime(2025, 10, 13, 23, 59, 59, tzinfo=HERE)
    off = {date(2025, 10, 11): False}
    assert rules.due_at(received, "ordinary", TERMS, off).date() == date(2025, 10, 14)


def test_urgent_demands_are_due_within_a_day_whatever_day_it_is() -> None:
    received = datetime(2025, 10, 1, 9, 5, tzinfo=HERE)
    assert rules.due_at(received, "urgent", TERMS) == received + timedelta(hours=24)
    # The first answer is no later than the solution.
    assert rules.respond_by(received, "urgent", TERMS) == received + timedelta(hours=24)
    assert rules.respond_by(received, "ordinary", TERMS).date() == date(2025, 10, 9)


@given(MOMENTS, st.sampled_from(["urgent", "ordinary"]), st.integers(1, 10))
def test_an_extension_adds_that_many_working_days(
    received: datetime, urgency: str, days: int
) -> None:
    before = rules.due_at(received, urgency, TERMS)
    after = rules.due_at(received, urgency, TERMS, extended_days=days)
    assert working_days_between(before.date(), after.date()) == days
    assert is_working_day(after.date())
    assert rules.respond_by(received, urgency, TERMS) <= before


def test_a_demand_is_extended_once_by_ten_days_at_most() -> None:
    rules.may_be_extended("in_progress", 0, 10, TERMS)
    assert said(lambda: rules.may_be_extended("in_progress", 0, 11, TERMS)) == "extension_too_long"
    assert said(lambda: rules.may_be_extended("in_progress", 0, 0, TERMS)) == "extension_too_long"
    assert said(lambda: rules.may_be_extended("assigned", 3, 1, TERMS)) == "already_extended"
    assert said(lambda: rules.may_be_extended("resolved", 0, 1, TERMS)) == "demand_not_open"


def test_a_wrong_assignment_goes_back_within_two_working_days() -> None:
    friday = datetime(2025, 6, 6, 10, tzinfo=HERE)
    last = datetime(2025, 6, 10, 23, 59, 59, tzinfo=HERE)
    rules.may_be_given_back(friday, last, TERMS)
    late = last + timedelta(seconds=1)
    assert said(lambda: rules.may_be_given_back(friday, late, TERMS)) == "give_back_too_late"


def test_open_demands_alone_are_overdue() -> None:
    now = datetime(2025, 6, 6, 10, tzinfo=HERE)
    for status in DemandStatus:
        assert rules.is_overdue(status, now - timedelta(seconds=1), now) == (status in OPEN)
        assert not rules.is_overdue(status, now, now)


def test_steps_happen_one_after_the_other() -> None:
    now = datetime(2025, 6, 6, 10, tzinfo=HERE)
    hour = timedelta(hours=1)
    rules.happened_in_order(now, [now - hour, None, now], now)
    assert said(lambda: rules.happened_in_order(now + hour, [], now)) == "occurred_in_future"
    order = lambda: rules.happened_in_order(now - 2 * hour, [None, now - hour], now)  # noqa: E731
    assert said(order) == "occurred_out_of_order"


def test_a_duplicate_points_at_an_original() -> None:
    rules.points_at_an_original(1, 2, "closed", 0)
    refused = {
        "original_missing": (1, None, "", 0),
        "original_is_itself": (1, 1, "assigned", 0),
        "original_unfit": (1, 2, "duplicate", 0),
        "demand_is_original": (1, 2, "assigned", 1),
    }
    for code, asked in refused.items():
        assert said(lambda asked=asked: rules.points_at_an_original(*asked)) == code


def test_the_second_person_is_another_one() -> None:
    rules.another_person_rejects(1, 2)
    rules.another_person_rejects(None, 2)
    assert said(lambda: rules.another_person_rejects(1, 1)) == "second_person_needed"
    rules.another_person_confirms(1, 2)
    assert said(lambda: rules.another_person_confirms(1, 1)) == "confirmer_is_handler"


def test_codes_are_slugs_of_at_most_forty_letters() -> None:
    assert rules.code_of("xinhe", 7, 2026, 1) == "sq-xinhe-2026-0001"
    assert rules.code_of("a" * 40, 7, 2026, 12345) == "sq-7-2026-12345"


def test_the_machine_is_the_one_of_the_domain() -> None:
    arrows = {(source, move.target) for move in DEMAND_MACHINE.moves for source in move.sources}
    arrows = {(source, target) for source, target in arrows if target not in NOT_COUNTED}
    assert arrows == {
        ("registered", "resolved"),
        ("registered", "assigned"),
        ("assigned", "in_progress"),
        ("assigned", "returned"),
        ("returned", "assigned"),
        ("in_progress", "resolved"),
        ("in_progress", "unresolvable_explained"),
        ("resolved", "confirmed"),
        ("resolved", "reopened"),
        ("reopened", "in_progress"),
        ("reopened", "assigned"),
        ("confirmed", "closed"),
        ("unresolvable_explained", "closed"),
    }
    # What is struck out, or closed, goes nowhere; a ledger that is taken back asks nobody.
    for status in SETTLED:
        assert DEMAND_MACHINE.available(status) == []
    assert [move.name for move in DEMAND_MACHINE.moves if move.silent] == ["void"]


@given(st.lists(st.sampled_from([move.name for move in DEMAND_MACHINE.moves]), max_size=12))
def test_no_sequence_of_moves_leaves_the_table(names: list[str]) -> None:
    at: str = DemandStatus.REGISTERED
    for name in names:
        move = DEMAND_MACHINE.move(name)
        if at in move.sources:
            at = move.target
        else:
            assert (
                said(lambda move=move, at=at: DEMAND_MACHINE.require(move.name, at, {}))
                == "wrong_state"
            )
    assert at in DemandStatus.values
