"""The rules of red partners at their edges, and against a slow count of days and minutes."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.errors import RuleViolation
from backend.partners import report_rules, rules
from backend.partners.choices import AgreementStatus as A

pytestmark = pytest.mark.once
START = date(2025, 4, 16)
DAY = timedelta(days=1)
SOME_DAYS = st.integers(-20, 60).map(lambda n: START + n * DAY)


def code_of(rule: Any, *args: Any) -> str | None:
    try:
        rule(*args)
    except RuleViolation as refused:
        return refused.code
    return None


def test_a_term_has_two_days_at_least() -> None:
    assert code_of(rules.agreement_term, START, START) == "agreement_term_reversed"
    assert code_of(rules.agreement_term, START, START - DAY) == "agreement_term_reversed"
    assert code_of(rules.agreement_term, START, START + DAY) is None


def test_the_last_day_is_part_of_the_term() -> None:
    assert code_of(rules.may_expire, START, START) == "agreement_still_runs"
    assert code_of(rules.may_expire, START, START + DAY) is None
    assert not rules.is_overdue(A.ACTIVE, START, START)
    assert rules.is_overdue(A.ACTIVE, START, START + DAY)
    assert not rules.is_overdue(A.EXPIRED, START, START + DAY)
    assert code_of(rules.may_begin, START, START - DAY) == "agreement_not_begun"
    assert code_of(rules.may_begin, START, START) is None


@given(st.sampled_from(A), st.integers(1, 40), SOME_DAYS)
def test_reminders_come_twice_at_most_and_never_after_the_end(
    status: A, ahead: int, today: date
) -> None:
    end = START + 30 * DAY
    due = rules.reminder_due(status, end, ahead, today)
    left = (end - today).days
    if status != A.ACTIVE or left > ahead or left < 0:
        assert due is None
    else:
        assert due == ("last_week" if left <= 7 else "early")


@given(
    st.sampled_from(A), SOME_DAYS, st.one_of(st.none(), st.integers(0, 60).map(lambda n: n * DAY))
)
def test_a_post_stands_under_an_agreement_alone(
    status: A, since: date, length: timedelta | None
) -> None:
    end = START + 30 * DAY
    until = None if length is None else since + length
    said = code_of(rules.post_has_agreement, status, START, end, since, until)
    never_held = status in (A.DRAFT, A.SIGNED)
    if never_held or (until is None and status != A.ACTIVE):
        assert said == "agreement_not_active"
    else:
        days = {since + n * DAY for n in range(((until or since) - since).days + 1)}
        term = {START + n * DAY for n in range(31)}
        assert (said is None) == (days <= term)


@given(SOME_DAYS, SOME_DAYS, SOME_DAYS)
def test_a_post_that_is_closed_by_its_agreement_never_ends_before_it_began(
    since: date, ends_on: date, today: date
) -> None:
    last = rules.last_day_of_post(since, ends_on, today)
    assert last >= since
    assert last <= max(since, ends_on)


SHIFTS = st.tuples(st.integers(0, 22), st.integers(1, 23)).map(
    lambda t: (
        (time(min(t[0], t[1])), time(max(t[0], t[1]) if t[0] != t[1] else t[1] + 1))
        if max(t) < 23 or t[0] != t[1]
        else (time(22), time(23))
    )
)


@given(SHIFTS, st.lists(SHIFTS, max_size=4))
def test_shifts_overlap_when_they_share_an_hour(own: Any, others: list[Any]) -> None:
    def hours(shift: Any) -> set[int]:
        return set(range(shift[0].hour, shift[1].hour))

    shared = any(hours(own) & hours(other) for other in others)
    assert (code_of(rules.shifts_do_not_overlap, own, others) == "shift_overlaps") == shared


def test_one_shift_may_begin_when_another_ends() -> None:
    morning, noon = (time(8), time(12)), (time(12), time(18))
    assert code_of(rules.shifts_do_not_overlap, noon, [morning]) is None
    assert code_of(rules.shifts_do_not_overlap, (time(11, 59), time(13)), [morning]) == (
        "shift_overlaps"
    )


@pytest.mark.parametrize(
    ("register", "code", "known", "said"),
    [
        ("", "sq-1", None, "escalation_missing"),
        ("people.Resident", "sq-1", None, "escalation_missing"),
        ("demands.Demand", " ", None, "escalation_missing"),
        ("demands.Demand", "sq-1", False, "escalation_unknown"),
        ("demands.Demand", "sq-1", None, None),
        ("mediation.MediationCase", "tj-1", True, None),
    ],
)
def test_an_issue_goes_on_where_it_is_known(
    register: str, code: str, known: bool | None, said: str | None
) -> None:
    assert code_of(rules.escalation_is_named, register, code, known) == said


@pytest.mark.parametrize(
    ("reported", "offered"),
    [
        ([], (2025, 12)),
        ([(2025, 11)], (2025, 12)),
        ([(2025, 12)], (2026, 1)),
        ([(2025, 12), (2026, 1)], (2026, 1)),
    ],
)
def test_last_month_is_reported_first(
    reported: list[tuple[int, int]], offered: tuple[int, int]
) -> None:
    assert report_rules.month_to_report(date(2026, 1, 31), reported) == offered
