"""What a tablet tells, as pure rules."""

import datetime

import pytest

from backend.core.errors import RuleViolation
from backend.education import tap_rules

NOW = datetime.datetime(2026, 4, 1, 11, 0, tzinfo=datetime.UTC)


def code_of(rule: object, *given: object) -> str | None:
    try:
        rule(*given)  # type: ignore[operator]
    except RuleViolation as violation:
        return violation.code
    return None


@pytest.mark.parametrize("told", [None, 5, "", "19:00", "2026-04-01T19:00:00", {}, "²"])
def test_what_is_no_moment_is_refused(told: object) -> None:
    assert code_of(tap_rules.moment_of, told) == "invalid_value"


def test_a_moment_keeps_its_offset() -> None:
    assert tap_rules.moment_of("2026-04-01T19:00:00+08:00") == NOW
    assert tap_rules.moment_of("2026-04-01T11:00:00.000Z") == NOW


def test_what_waited_for_more_than_two_minutes_came_late() -> None:
    minute = datetime.timedelta(minutes=1)
    assert not tap_rules.came_late(NOW - 2 * minute, NOW)
    assert tap_rules.came_late(NOW - 3 * minute, NOW)
    assert not tap_rules.came_late(NOW + minute, NOW)


def test_only_the_account_that_tapped_sends_and_not_everything_at_once() -> None:
    assert code_of(tap_rules.tapped_by_the_same, "a", "a") is None
    assert code_of(tap_rules.tapped_by_the_same, "a", "b") == "other_account"
    assert code_of(tap_rules.tapped_by_the_same, "", "b") == "other_account"
    assert code_of(tap_rules.taps_are_few, 50) is None
    assert code_of(tap_rules.taps_are_few, 51) == "too_many_entries"
