"""On which days a repeating slot falls."""

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.errors import RuleViolation
from backend.services.choices import Frequency, OnHoliday
from backend.services.repeating import LAST, Repeats, days_of, rule_is_whole

pytestmark = pytest.mark.once
FIRST = date(2026, 1, 1)


def weekly(weekday: int = 2, **values: object) -> Repeats:
    given_values = {
        "frequency": Frequency.WEEKLY,
        "weekday": weekday,
        "nth": None,
        "valid_from": FIRST,
        "valid_until": None,
    }
    return Repeats(**(given_values | values))  # type: ignore[arg-type]


def test_every_wednesday_of_january() -> None:
    found = days_of(weekly(), FIRST, date(2026, 1, 31))
    assert list(found.values()) == [date(2026, 1, day) for day in (7, 14, 21, 28)]


def test_a_public_holiday_is_left_out_kept_or_put_off() -> None:
    # 2026-10-01 is a Thursday, and the first day of the national holiday.
    thursdays = {"first": date(2026, 9, 28), "last": date(2026, 10, 4)}

    def on(choice: str) -> list[date]:
        found = days_of(weekly(3, on_holiday=choice), **thursdays)
        return list(found.values())

    assert on(OnHoliday.SKIP) == []
    assert on(OnHoliday.KEEP) == [date(2026, 10, 1)]
    (put_off,) = on(OnHoliday.NEXT)
    assert date(2026, 10, 1) < put_off <= date(2026, 10, 10)


def test_a_weekend_is_no_holiday() -> None:
    saturdays = days_of(weekly(5), date(2026, 3, 1), date(2026, 3, 31))
    assert len(saturdays) == 4


def test_what_the_community_says_of_a_day_counts_more() -> None:
    day = date(2026, 1, 7)
    assert day not in days_of(weekly(), FIRST, date(2026, 1, 10), overrides={day: False})
    feast = date(2026, 10, 1)
    kept = days_of(weekly(3), feast, feast, overrides={feast: True})
    assert list(kept) == [feast]


def test_exceptions_and_closures() -> None:
    skipped = days_of(weekly(), FIRST, date(2026, 1, 31), skipped=[date(2026, 1, 14)])
    assert list(skipped) == [date(2026, 1, day) for day in (7, 21, 28)]
    shut = [(date(2026, 1, 10), date(2026, 1, 22))]
    closed = days_of(weekly(), FIRST, date(2026, 1, 31), closed=shut)
    assert list(closed) == [date(2026, 1, 7), date(2026, 1, 28)]
    more = days_of(weekly(), FIRST, date(2026, 1, 31), closed=shut, added=[date(2026, 1, 15)])
    assert date(2026, 1, 15) in more, "what is added takes place, whatever else is said"


@pytest.mark.parametrize(("nth", "day"), [(1, 6), (2, 13), (4, 27), (LAST, 27)])
def test_the_nth_friday_of_a_month(nth: int, day: int) -> None:
    monthly = weekly(4, frequency=Frequency.MONTHLY, nth=nth)
    found = days_of(monthly, date(2026, 3, 1), date(2026, 3, 31))
    assert list(found) == [date(2026, 3, day)]


def test_a_rule_says_all_that_it_must() -> None:
    for code, repeats in (
        ("nth_missing", weekly(frequency=Frequency.MONTHLY)),
        ("nth_invalid", weekly(nth=1)),
        ("term_reversed", weekly(valid_until=FIRST - timedelta(days=1))),
    ):
        with pytest.raises(RuleViolation) as refusal:
            rule_is_whole(repeats)
        assert refusal.value.code == code


@given(
    frequency=st.sampled_from(list(Frequency)),
    weekday=st.integers(0, 6),
    nth=st.sampled_from((1, 2, 3, 4, LAST)),
    start=st.dates(date(2024, 1, 1), date(2026, 12, 31)),
    ahead=st.integers(0, 90),
    length=st.integers(0, 60),
)
def test_the_days_are_those_that_a_walk_through_the_calendar_finds(
    frequency: str, weekday: int, nth: int, start: date, ahead: int, length: int
) -> None:
    """Counted a second way, day by day."""
    monthly = frequency == Frequency.MONTHLY
    repeats = Repeats(frequency, weekday, nth if monthly else None, start, None, OnHoliday.KEEP)
    first = start + timedelta(days=ahead)
    last = first + timedelta(days=length)
    begins = start + timedelta(days=(weekday - start.weekday()) % 7)
    # A fortnight counts weeks of Monday to Sunday from the week of the start.
    monday = start - timedelta(days=start.weekday())

    def takes_place(day: date) -> bool:
        if day.weekday() != weekday or day < begins:
            return False
        if frequency == Frequency.FORTNIGHTLY:
            return ((day - timedelta(days=day.weekday())) - monday).days % 14 == 0
        if monthly:
            days_in = calendar.monthrange(day.year, day.month)[1]
            return day.day + 7 > days_in if nth == LAST else (day.day - 1) // 7 + 1 == nth
        return True

    walk = [first + timedelta(days=n) for n in range(length + 1)]
    assert list(days_of(repeats, first, last)) == [day for day in walk if takes_place(day)]
