"""Days, months, times and moments."""

import datetime
from datetime import date, time, timedelta

import pytest

from backend.imports.cells import clean_date, clean_moment, clean_month, clean_time
from backend.imports.problems import Level
from tests.imports.cleaning import problem_of

pytestmark = pytest.mark.once

APRIL_1 = date(2026, 4, 1)
moment = datetime.datetime


@pytest.mark.parametrize(
    "cell",
    [
        "2026.4.1",
        "2026.04.01",
        "2026/4/1",
        "2026-4-1",
        "2026年4月1日",
        "2026年4月1",
        "2026 年 4 月 1 日",
        "２０２６．４．１",
        "20260401",
        20260401,
        20260401.0,
        46113,
        46113.0,
        46113.75,
        "46113",
        "2026年4月1日（星期三）",
        "2026年4月1日 周三 上午9:00",
        "2026-04-01 00:00:00",
        "2026-04-01T09:30",
        "2026年4月1日上午",
        "2026.4.1。",
        date(2026, 4, 1),
        moment(2026, 4, 1, 9, 5),
    ],
)
def test_takes_a_day_however_it_is_written(cell: object) -> None:
    assert clean_date(cell) == APRIL_1


def test_takes_serials_of_the_1904_system() -> None:
    assert clean_date(46113 - 1462, epoch1904=True) == APRIL_1
    assert clean_date(str(46113 - 1462), epoch1904=True) == APRIL_1


@pytest.mark.parametrize(
    "cell", ["4月1日", "4月1", "4.1", "4/1", "4月1日（星期三）", "4月1日 9:00"]
)
def test_asks_for_the_year_unless_the_sheet_says_it(cell: str) -> None:
    problem = problem_of(clean_date, cell)
    assert (problem.code, problem.level) == ("date_no_year", Level.QUESTION)
    assert clean_date(cell, year=2026) == APRIL_1


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2026.4", "date_no_day"),
        ("2026年4月", "date_no_day"),
        (2026.4, "date_no_day"),
        ("2026年2月30日", "date_impossible"),
        ("2月30日", "date_impossible"),
        ("2026-13-01", "date_impossible"),
        (20260230, "date_impossible"),
        ("26.4.1", "date_short_year"),
        ("26年4月1日", "date_short_year"),
        ("1899-12-31", "date_invalid"),
        ("2101.1.1", "date_invalid"),
        (date(1899, 12, 31), "date_invalid"),
        ("下周", "date_invalid"),
        ("2026", "date_invalid"),
        (2026, "date_invalid"),
        (5, "date_invalid"),
        (-46113.0, "date_invalid"),
        (float("nan"), "date_invalid"),
        (float("inf"), "date_invalid"),
        ("2026.4.123", "date_invalid"),
        ("2026.4.1-2026.4.3", "date_invalid"),
        ("12/25/2026", "date_invalid"),
        (True, "date_invalid"),
        (time(9, 5), "date_invalid"),
        (timedelta(1), "date_invalid"),
        ("#VALUE!", "cell_error"),
        ("2026年" + " " * 50_000 + "x", "date_invalid"),
    ],
)
def test_refuses_a_day_it_cannot_be_sure_of(cell: object, code: str) -> None:
    assert problem_of(clean_date, cell).code == code


def test_29_february_is_a_day_only_in_leap_years() -> None:
    assert problem_of(clean_date, "2月29日").code == "date_no_year"
    assert problem_of(clean_date, "2月29日", year=2026).code == "date_impossible"
    assert clean_date("2月29日", year=2028) == date(2028, 2, 29)


@pytest.mark.parametrize("clean", [clean_date, clean_month, clean_time, clean_moment])
@pytest.mark.parametrize("cell", [None, "", "　", "无", "—", "/"])
def test_takes_what_staff_write_for_nothing_as_empty(clean: object, cell: object) -> None:
    assert clean(cell) is None  # type: ignore[operator]


@pytest.mark.parametrize(
    "cell",
    [
        "1958-03",
        "1958.3",
        "1958.03",
        "1958/3",
        "1958年3月",
        "１９５８年３月",
        "195803",
        195803,
        195803.0,
        1958.3,
        1958.03,
        "1958-03-15",
        "1958年3月15日",
        "19580315",
        19580315.0,
        21259.0,
        date(1958, 3, 15),
        moment(1958, 3, 15, 8),
    ],
)
def test_takes_a_month_and_drops_the_day(cell: object) -> None:
    assert clean_month(cell) == "1958-03"


@pytest.mark.parametrize(
    ("cell", "expected"), [("1958.1", "1958-01"), ("1958.10", "1958-10"), (1958.12, "1958-12")]
)
def test_tells_january_october_and_december_apart(cell: object, expected: str) -> None:
    assert clean_month(cell) == expected


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (1958.1, "month_ambiguous"),
        ("58.3", "date_short_year"),
        ("1958", "month_missing"),
        ("1958年", "month_missing"),
        (1958, "month_missing"),
        (1958.0, "month_missing"),
        ("1958.13", "date_invalid"),
        (1958.13, "date_invalid"),
        (1958.123, "date_invalid"),
        (1958.99999, "date_invalid"),
        ("1858.3", "date_invalid"),
        ("1958-02-30", "date_impossible"),
        ("三月", "date_invalid"),
        (True, "date_invalid"),
        (timedelta(1), "date_invalid"),
    ],
)
def test_refuses_a_month_it_cannot_be_sure_of(cell: object, code: str) -> None:
    problem = problem_of(clean_month, cell)
    assert problem.code == code
    asks = code in ("month_ambiguous", "date_short_year")
    assert problem.level is (Level.QUESTION if asks else Level.ERROR)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("9:05", time(9, 5)),
        ("09：05", time(9, 5)),
        ("9:05:30", time(9, 5, 30)),
        ("9点05分", time(9, 5)),
        ("9时5分30秒", time(9, 5, 30)),
        ("9点", time(9)),
        ("上午9:05", time(9, 5)),
        ("上午 9 点半", time(9, 30)),
        ("下午2点半", time(14, 30)),
        ("下午14:30", time(14, 30)),
        ("中午12点", time(12)),
        ("中午1点", time(13)),
        ("晚上7:30", time(19, 30)),
        ("14：30", time(14, 30)),
        ("2:30 PM", time(14, 30)),
        ("12:30am", time(0, 30)),
        (0.375, time(9)),
        (0.0, time(0)),
        (0.9999999, time(23, 59, 59)),
        (time(9, 5), time(9, 5)),
        (timedelta(hours=9, minutes=5), time(9, 5)),
        (moment(2026, 4, 1, 9, 5), time(9, 5)),
    ],
)
def test_takes_a_time_of_day(cell: object, expected: time) -> None:
    assert clean_time(cell) == expected


@pytest.mark.parametrize(
    "cell",
    [
        "25:00",
        "9:75",
        "上午14:00",
        "晚上12点",
        "上午",
        "准时",
        "905",
        1.5,
        9,
        True,
        date(2026, 4, 1),
        timedelta(days=1),
        timedelta(days=-1),
        "9:" + " " * 50_000 + "x",
    ],
)
def test_refuses_what_is_no_time_or_may_be_two(cell: object) -> None:
    assert problem_of(clean_time, cell).code == "time_invalid"


@pytest.mark.parametrize(
    "cell",
    [
        "9:05",
        "上午9点05分",
        "9:05-11:00",
        time(9, 5),
        timedelta(hours=9, minutes=5),
        "2026-04-01 9:05",
        "2026年4月1日上午9:05",
        "2026年4月1日（星期三）9点05分",
        "2026.4.1 9:05-11:00",
        "4月1日 9:05",
        "2026-04-01T09:05",
        moment(2026, 4, 1, 9, 5),
        46113 + 545 / 1440,
    ],
)
def test_takes_a_moment_on_the_day_of_the_event(cell: object) -> None:
    assert clean_moment(cell, day=APRIL_1) == moment(2026, 4, 1, 9, 5)


def test_takes_the_day_in_the_cell_before_that_of_the_event() -> None:
    assert clean_moment("2026-04-02 9:05", day=APRIL_1) == moment(2026, 4, 2, 9, 5)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2026-04-01", "time_missing"),
        ("2026年4月1日上午", "time_missing"),
        ("2026-04-01 无", "time_missing"),
        ("4月1日", "time_missing"),
        (46113, "time_missing"),
        (46113.0, "time_missing"),
        (date(2026, 4, 1), "time_missing"),
        ("2026-04-01 25:00", "time_invalid"),
        ("2026-02-30 9:05", "date_impossible"),
        ("2026.4", "date_no_day"),
        ("4月2日 9:05", "date_no_year"),
        ("4月2日", "date_no_year"),
        ("准时", "time_invalid"),
        ("26.4.1 9:05", "date_short_year"),
        (True, "time_invalid"),
        ("#REF!", "cell_error"),
    ],
)
def test_refuses_a_moment_it_cannot_be_sure_of(cell: object, code: str) -> None:
    assert problem_of(clean_moment, cell, day=APRIL_1).code == code


@pytest.mark.parametrize("cell", ["9:05", 0.375, time(9, 5)])
def test_asks_for_the_day_of_a_time_alone(cell: object) -> None:
    problem = problem_of(clean_moment, cell)
    assert (problem.code, problem.level) == ("time_no_day", Level.QUESTION)
    assert problem_of(clean_moment, "4月1日 9:05").code == "date_no_year"
