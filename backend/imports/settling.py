"""Cells that say too little or too much, once staff have said which is meant."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from backend.imports.asking import BLANK, LEAVE_OUT, Questions, question
from backend.imports.cells.dates import with_century, with_month, with_year
from backend.imports.cells.phones import phones_in
from backend.imports.columns import Column
from backend.imports.directions import Choice
from backend.imports.plan import SheetRow
from backend.imports.problems import CellProblem, Level

# A cell may ask twice: of the second phone there is another question than of two phones.
_QUESTIONS_OF_A_CELL = 4

TWO_PHONES = question("phone_two", "一个格里有两个电话")
NO_YEAR = question("date_no_year", "日期没有写年份")
SHORT_YEAR = question("date_short_year", "年份只写了两位")
NO_DAY = question("time_no_day", "只有时间，没有日期")
MONTH = question("month_ambiguous", "分不清是 1 月还是 10 月")


@dataclass(frozen=True)
class Hints:
    """What a sheet and the day suggest: years with where they come from, and the sheet's day."""

    years: tuple[tuple[int, str], ...] = ()
    day: datetime.date | None = None

    @classmethod
    def of_years(
        cls,
        said: Iterable[tuple[int | None, str]],
        day: datetime.date | None = None,
        *,
        ahead: bool = False,
    ) -> "Hints":
        """What the sheet or its event says first, then this year and the last one, each once;
        the next one too where what is told of may lie `ahead`.
        """
        this = timezone.localdate().year
        years: dict[int, str] = {}
        coming = ((this + 1, "明年"),) if ahead else ()
        for year, why in (*said, (this, "今年"), (this - 1, "去年"), *coming):
            if year is not None:
                years[year] = f"{years[year]}、{why}" if year in years else why
        return cls(tuple(years.items()), day)


def _years(column: Column, hints: Hints) -> tuple[Choice, ...]:
    if "year" not in column.widget.context and "day" not in column.widget.context:
        return ()  # A birthday is not of this year.
    return tuple(Choice(str(year), f"{year} 年（{why}）") for year, why in hints.years)


def _phones(column: Column, hints: Hints) -> tuple[Choice, ...]:
    both = (
        (Choice("both", "两个都要：第一个为主，第二个记为其他电话"),)
        if column.widget.further
        else ()
    )
    return (
        Choice("first", "用第一个"),
        Choice("second", "用第二个"),
        *both,
        Choice("none", "电话都不要"),
    )


_CENTURIES = (Choice("20", "20 开头，如 26 是 2026 年"), Choice("19", "19 开头，如 58 是 1958 年"))
_MONTHS = (Choice("01", "1 月"), Choice("10", "10 月"))


def _days(column: Column, hints: Hints) -> tuple[Choice, ...]:
    return (Choice("day", f"{hints.day:%Y-%m-%d}（表头上方写的）"),) if hints.day else ()


_CHOICES: dict[str, Callable[[Column, Hints], tuple[Choice, ...]]] = {
    TWO_PHONES: _phones,
    NO_YEAR: _years,
    SHORT_YEAR: lambda column, hints: _CENTURIES,
    NO_DAY: _days,
    MONTH: lambda column, hints: _MONTHS,
}


def choices_of(column: Column, code: str, hints: Hints) -> tuple[Choice, ...]:
    """What may be said of a cell that asks."""
    ask = _CHOICES.get(code)
    found = ask(column, hints) if ask is not None else column.widget.choices(code)
    # Two phones have their own way to be none.
    blank = () if column.required or code == TWO_PHONES else (BLANK,)
    return (*found, *blank, LEAVE_OUT)


def settle(
    row: SheetRow,
    column: Column,
    shown: str,
    cell: Any,
    problem: CellProblem,
    questions: Questions,
    hints: Hints,
    clean: Callable[..., Any],
) -> Any:
    """The value of a cell that asks, as staff have answered; None while they have not.

    `clean` is asked again of what was chosen; what it then says counts.
    """
    for _ in range(_QUESTIONS_OF_A_CELL):
        if problem.level != Level.QUESTION:
            break
        choices = choices_of(column, problem.code, hints)
        answer = questions.decide(row, shown, problem.code, problem.message, choices)
        if answer in (None, LEAVE_OUT.value, BLANK.value, "none"):
            return None
        try:
            return _said(row, column, cell, problem.code, str(answer), hints, clean)
        except CellProblem as again:
            problem = again
    level = Level.ERROR if problem.level == Level.QUESTION else problem.level
    row.say(shown, problem.code, level, problem.message)
    return None


def _said(
    row: SheetRow,
    column: Column,
    cell: Any,
    code: str,
    answer: str,
    hints: Hints,
    clean: Callable[..., Any],
) -> Any:
    match code:
        case "phone_two":
            first, second, *_ = phones_in(cell)
            if answer == "both":
                row.values[column.widget.further] = clean(second)
            return clean(second if answer == "second" else first)
        case "date_no_year":
            return clean(with_year(cell, answer))
        case "date_short_year":
            return clean(with_century(cell, answer))
        case "time_no_day":
            return clean(cell, day=hints.day)
        case "month_ambiguous":
            return clean(with_month(cell, answer))
        case _:
            return column.widget.chosen(cell, code, answer)
