"""The pure rules of the neighbours' festival."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.errors import RuleViolation
from backend.festivals import rules

D = datetime.date
MONTHS = st.dates(D(2020, 1, 1), D(2035, 12, 31))


def code_of(rule: object, *given: object) -> str:
    with pytest.raises(RuleViolation) as caught:
        rule(*given)  # type: ignore[operator]
    return caught.value.code


@pytest.mark.parametrize(
    ("day", "month", "found"),
    [
        (D(2025, 8, 9), D(2025, 9, 1), D(2025, 9, 13)),  # the second Saturday
        (D(2025, 8, 2), D(2025, 9, 1), D(2025, 9, 6)),  # the first
        (D(2025, 8, 30), D(2025, 9, 1), D(2025, 9, 27)),  # a fifth: the last of four
        (D(2025, 1, 31), D(2025, 2, 1), D(2025, 2, 28)),
        (D(2025, 12, 13), D(2026, 1, 1), D(2026, 1, 10)),
    ],
)
def test_the_same_weekday_of_another_month(day: D, month: D, found: D) -> None:
    assert rules.same_weekday_of_month(day, month) == found


@given(MONTHS, MONTHS)
def test_it_is_always_that_weekday_in_that_month(day: D, month: D) -> None:
    found = rules.same_weekday_of_month(day, month)
    assert (found.year, found.month) == (month.year, month.month)
    assert found.weekday() == day.weekday()
    was, now = (day.day - 1) // 7, (found.day - 1) // 7
    # The same one of the month; of a fifth one, the last where there are four.
    assert now == was or (
        was == 4 and now == 3 and (found + datetime.timedelta(7)).month != month.month
    )


@given(MONTHS)
def test_the_next_month_follows(day: D) -> None:
    found = rules.next_month(day)
    assert found.day == 1
    assert (found - datetime.timedelta(days=1)).month == day.month


def test_a_title_follows_its_month() -> None:
    now = D(2026, 1, 10)
    assert (
        rules.title_of_month("2025年12月红色邻里节", D(2025, 12, 13), now) == "2026年1月红色邻里节"
    )
    assert rules.title_of_month("十一月邻里节", D(2025, 11, 8), D(2025, 12, 13)) == "十二月邻里节"
    assert rules.title_of_month("十一月邻里节", D(2025, 1, 8), D(2025, 2, 13)) == "十一月邻里节"
    assert rules.title_of_month("红色邻里节", D(2025, 1, 8), D(2025, 2, 13)) == "红色邻里节"


def test_the_same_heads_are_not_counted_in_both() -> None:
    rules.heads_are_counted_one_way(None, [])
    rules.heads_are_counted_one_way(3, [1, 2])
    assert code_of(rules.heads_are_counted_one_way, None, [1]) == "heads_counted_twice"
    assert code_of(rules.heads_are_counted_one_way, 1, [None]) == "heads_counted_twice"


def test_nobody_uses_more_than_was_brought() -> None:
    rules.supply_adds_up(10, 8, 8)
    rules.supply_adds_up(10, None, None)
    assert code_of(rules.supply_adds_up, 10, 8, 9) == "supply_overused"
    assert code_of(rules.supply_adds_up, 10, None, 1) == "supply_overused"
    assert code_of(rules.supply_adds_up, -1, None, None) == "amount_invalid"


def test_a_count_that_changes_says_why_and_anew() -> None:
    rules.correction_is_explained(None, 5, "", "")
    rules.correction_is_explained(5, 5, "", "")
    rules.correction_is_explained(5, 6, "", "漏数一人")
    assert code_of(rules.correction_is_explained, 5, 6, "", " ") == "correction_unexplained"
    said = code_of(rules.correction_is_explained, 6, 7, "漏数一人", "漏数一人")
    assert said == "correction_unexplained"
