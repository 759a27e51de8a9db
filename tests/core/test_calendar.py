"""Working days of real years, of days that somebody says otherwise of, and of years nobody knows."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.calendar import (
    add_working_days,
    is_working_day,
    missing_note,
    working_days_between,
    years_missing,
)

pytestmark = pytest.mark.once
DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))
OVERRIDES = st.dictionaries(DAYS, st.booleans(), max_size=30)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 1, 1), False),
        # 春节 2025: 28 January to 4 February; the Sundays before and after are worked.
        (date(2025, 1, 26), True),
        (date(2025, 1, 28), False),
        (date(2025, 2, 4), False),
        (date(2025, 2, 5), True),
        (date(2025, 2, 8), True),
        (date(2025, 4, 27), True),
        (date(2025, 5, 2), False),
        # 国庆 and 中秋 2025 are one holiday of eight days.
        (date(2025, 9, 28), True),
        (date(2025, 10, 8), False),
        (date(2025, 10, 11), True),
        (date(2025, 10, 12), False),
        # 2026: a spring festival of nine days.
        (date(2026, 1, 4), True),
        (date(2026, 2, 14), True),
        (date(2026, 2, 15), False),
        (date(2026, 2, 23), False),
        (date(2026, 2, 28), True),
        (date(2026, 9, 20), True),
        (date(2026, 10, 10), True),
        (date(2026, 11, 28), False),
    ],
)
def test_the_national_table_is_known(day: date, works: bool) -> None:
    assert is_working_day(day) is works


def test_a_deadline_steps_over_the_spring_festival() -> None:
    # Friday the 24th, Sunday the 26th and Monday the 27th are worked, then nothing until 5 February.
    assert add_working_days(date(2025, 1, 23), 3) == date(2025, 1, 27)
    assert add_working_days(date(2025, 1, 23), 4) == date(2025, 2, 5)
    assert add_working_days(date(2025, 2, 5), -1) == date(2025, 1, 27)
    assert working_days_between(date(2025, 1, 27), date(2025, 2, 5)) == 1
    assert add_working_days(date(2025, 2, 1), 0) == date(2025, 2, 1)


def test_what_is_said_of_a_day_counts_more_than_the_table() -> None:
    holiday, worked = date(2025, 10, 1), date(2025, 10, 13)
    said = {holiday: True, worked: False}
    assert (is_working_day(holiday, said), is_working_day(worked, said)) == (True, False)
    assert add_working_days(date(2025, 10, 11), 1, said) == date(2025, 10, 14)


def test_a_year_without_a_table_is_monday_to_friday_and_says_so() -> None:
    # National Day 2031, a Wednesday: nobody knows yet that it is a holiday.
    assert is_working_day(date(2031, 10, 1))
    assert not is_working_day(date(2031, 10, 4))
    assert not is_working_day(date(2031, 10, 1), {date(2031, 10, 1): False})
    assert years_missing(date(2031, 3, 1), date(2025, 1, 1))[-1] == 2031
    assert 2025 not in years_missing(date(2031, 3, 1), date(2025, 1, 1))
    assert "2031" in missing_note(date(2031, 3, 1))
    assert missing_note(date(2025, 3, 1), date(2026, 3, 1)) == ""
    assert missing_note() == ""


def test_a_deadline_beyond_ten_years_is_a_mistake() -> None:
    with pytest.raises(OverflowError):
        add_working_days(date(2025, 1, 1), 100_000)
    with pytest.raises(OverflowError):
        working_days_between(date(1025, 1, 1), date(2025, 1, 1))


@given(DAYS, st.integers(-60, 60), OVERRIDES)
def test_counting_on_and_counting_back_agree(
    start: date, days: int, said: dict[date, bool]
) -> None:
    end = add_working_days(start, days, said)
    assert days == 0 or is_working_day(end, said)
    if days > 0:
        assert working_days_between(start, end, said) == days
        # The day before is one too few.
        assert working_days_between(start, end - timedelta(days=1), said) == days - 1
    if days < 0:
        # Counted from the other side, `end` itself is not one of them, and `start` is if worked.
        between = working_days_between(end, start, said)
        assert between == -days - 1 + is_working_day(start, said)
