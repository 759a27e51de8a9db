"""Convening, seats, minutes and tasks: rules alone."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.errors import RuleViolation
from backend.meetings import rules
from backend.people.choices import OrganizationKind as Body

pytestmark = pytest.mark.once
DAY = date(2025, 4, 10)
NINE = datetime(2025, 4, 10, 9, 0, tzinfo=UTC)


def _code(do: Callable[[], object]) -> str:
    try:
        do()
    except RuleViolation as violation:
        return violation.code
    return ""


@given(st.integers(-5, 40), st.integers(0, 30))
def test_a_notice_is_in_time_from_the_day_on_that_the_setting_names(given_: int, days: int) -> None:
    said = _code(lambda: rules.notice_is_long_enough(DAY, DAY + timedelta(days=given_), days))
    assert said == ("" if given_ >= days else "notice_too_short")


@given(st.integers(-40, 40), st.sampled_from(["open", "in_progress", "done", "verified"]))
def test_a_task_is_overdue_from_the_day_after(days: int, status: str) -> None:
    expected = days > 0 and status in ("open", "in_progress")
    assert rules.is_overdue(status, DAY, DAY + timedelta(days=days)) == expected


@pytest.mark.parametrize(
    ("tier", "holder", "body", "code"),
    [
        ("core", "organization", Body.PARTY_COMMITTEE, ""),
        ("core", "organization", Body.RESIDENTS_COMMITTEE, "seat_unsuitable"),
        ("core", "party_member", None, "seat_unsuitable"),
        ("tripartite", "organization", Body.PROPERTY_COMPANY, ""),
        ("tripartite", "organization", Body.MERCHANT, "seat_unsuitable"),
        ("extended", "organization", Body.MERCHANT, ""),
        ("extended", "organization", Body.PROPERTY_COMPANY, "seat_unsuitable"),
        ("extended", "resident", None, ""),
        ("extended", "party_member", None, ""),
    ],
)
def test_who_may_hold_which_seat(tier: str, holder: str, body: str | None, code: str) -> None:
    assert _code(lambda: rules.seat_suits_holder(tier, holder, body)) == code


@pytest.mark.parametrize(
    ("holder", "organization", "person", "code"),
    [
        ("organization", True, "", ""),
        ("organization", False, "", "seat_holder_missing"),
        ("organization", True, "李梅", "seat_holder_twice"),
        ("resident", False, "李梅", ""),
        ("resident", True, "李梅", "seat_holder_twice"),
        ("party_member", False, " ", "seat_holder_missing"),
    ],
)
def test_a_seat_has_one_holder(holder: str, organization: bool, person: str, code: str) -> None:
    assert _code(lambda: rules.seat_has_one_holder(holder, organization, person)) == code


def test_the_owners_matters_are_only_recommended() -> None:
    assert _code(lambda: rules.joint_meeting_only_recommends("", "decision")) == ""
    assert _code(lambda: rules.joint_meeting_only_recommends("company", "recommendation")) == ""
    assert (
        _code(lambda: rules.joint_meeting_only_recommends("company", "decision")) == "owners_decide"
    )


def test_nobody_verifies_the_own_work() -> None:
    assert _code(lambda: rules.another_person_verifies(7, 7)) == "verifier_is_doer"
    assert _code(lambda: rules.another_person_verifies(7, 8)) == ""
    # History that a sheet tells names no accounts.
    assert _code(lambda: rules.another_person_verifies(None, None)) == ""


def test_nothing_is_recorded_before_it_happens() -> None:
    later = NINE + timedelta(minutes=1)
    assert _code(lambda: rules.happened_in_order(later, None, NINE)) == "occurred_in_future"
    assert _code(lambda: rules.happened_in_order(NINE, later, later)) == "occurred_before_opening"
    assert _code(lambda: rules.happened_in_order(NINE, NINE, NINE)) == ""


def test_minutes_say_which_revision_they_change() -> None:
    assert _code(lambda: rules.minutes_start_from(3, 3)) == ""
    assert _code(lambda: rules.minutes_start_from(2, 3)) == "minutes_conflict"
