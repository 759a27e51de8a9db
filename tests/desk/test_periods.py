"""Periods, comparison and the geometry of charts: no database."""

from datetime import date

import pytest

from backend.core.desk import charts, periods
from backend.core.desk.periods import Period, change_in_percent
from backend.core.desk.words import percent_in_words


@pytest.mark.parametrize(
    ("code", "first", "last", "before"),
    [
        ("2026-01", date(2026, 1, 1), date(2026, 1, 31), "2025-12"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "2024-01"),
        ("2026Q1", date(2026, 1, 1), date(2026, 3, 31), "2025Q4"),
        ("2026H2", date(2026, 7, 1), date(2026, 12, 31), "2026H1"),
        ("2026H1", date(2026, 1, 1), date(2026, 6, 30), "2025H2"),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "2025"),
    ],
)
def test_a_period_has_a_name_and_whole_months(
    code: str, first: date, last: date, before: str
) -> None:
    period = periods.read(code)
    assert period is not None
    assert (period.first, period.last, period.code) == (first, last, code)
    assert period.before.code == before


@pytest.mark.parametrize("code", ["", "2026-13", "2026Q5", "2026H3", "1999", "2026-1", "２０２６"])
def test_what_names_no_period_is_none(code: str) -> None:
    assert periods.read(code) is None


def test_a_period_that_lasts_is_compared_with_as_many_days() -> None:
    half = Period("half", date(2026, 7, 1))
    today = date(2026, 11, 28)
    assert half.so_far(today) == today
    assert half.compared_until(today) == date(2026, 5, 31)
    assert (half.compared_until(today) - half.before.first) == today - half.first
    assert half.compared_until(date(2027, 3, 1)) == date(2026, 6, 30), "it is over: all of it"
    assert Period("month", date(2026, 3, 1)).compared_until(date(2026, 3, 30)) == date(2026, 2, 28)


def test_what_is_told_by_the_month_is_compared_with_as_many_months_that_are_over() -> None:
    half = Period("half", date(2026, 7, 1))
    for today, before, year in (
        (date(2026, 11, 29), date(2026, 4, 30), date(2025, 10, 31)),
        (date(2026, 11, 30), date(2026, 5, 31), date(2025, 11, 30)),
        (date(2026, 7, 30), date(2025, 12, 31), date(2025, 6, 30)),
        (date(2027, 1, 1), date(2026, 6, 30), date(2025, 12, 31)),
    ):
        assert half.as_many_months(half.before, today) == before
        assert half.as_many_months(half.year_before, today) == year


def test_what_changed_a_little_is_not_told_as_nothing() -> None:
    assert [percent_in_words(one) for one in (0, -3, 12)] == ["不到 1%", "3%", "12%"]


@pytest.mark.parametrize(
    ("now", "before", "percent"),
    # The report's −21 %: −0.215 < value ≤ −0.205.
    [(795, 1000, -21), (786, 1000, -21), (785, 1000, -22), (796, 1000, -20), (3, 2, 50), (0, 4, -100),
     (5, 5, 0), (7, 0, None), (0, 0, None)],
)  # fmt: skip
def test_the_change_is_rounded_as_the_report_does(
    now: int, before: int, percent: int | None
) -> None:
    assert change_in_percent(now, before) == percent


def test_this_and_the_last_of_each_kind_are_offered() -> None:
    codes = [period.code for period in periods.offered(date(2026, 1, 15))]
    assert codes == ["2026-01", "2025-12", "2026Q1", "2025Q4", "2026H1", "2025H2", "2026", "2025"]


def test_columns_and_bars_keep_their_proportions() -> None:
    one, two, none = charts.columns([("1", 10, "10"), ("2", 20, "20"), ("3", 0, "0")])
    assert one.height * 2 == two.height
    assert (none.height, none.shown) == (0, "")
    assert max(c.x + c.width for c in (one, two, none)) <= charts.WIDTH
    bars = charts.bars([(str(n), 20 - n) for n in range(12)], "其余")
    assert len(bars) == charts.MOST_BARS
    assert (bars[-1].label, bars[-1].value) == ("其余", sum(20 - n for n in range(7, 12)))
    assert charts.spark([0, 0]) == ""
    assert charts.spark([0, 4, 2]).split() == ["0.0,26.0", "60.0,2.0", "120.0,14.0"]
