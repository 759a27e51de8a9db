"""Rows of cells, whatever file they come from: what is blank, and what a merged cell says."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Protocol

CellValue = None | str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta
Row = tuple[int, list[CellValue]]
# (first row, first column), (last row, last column), all counted from 0.
Merge = tuple[tuple[int, int], tuple[int, int]]
# By the number of the first row: the column, and the number of the last row.
Spans = dict[int, list[tuple[int, int]]]

# No spreadsheet program has more columns; .ods files repeat blank cells up to there and beyond.
# What stands for a formula whose result the file does not hold: the program that wrote it had not
# worked it out. To the cleaners it is an error.
UNCALCULATED = "#UNCALCULATED!"
# How many hidden rows are remembered by their numbers.
MAX_HIDDEN = 1_000

MAX_COLUMNS = 16_384
MAX_ROWS = 1_048_576


class Book(Protocol):
    """An open workbook: the one shape that every file format is brought to."""

    epoch1904: bool
    # The rows of the sheet read last that the spreadsheet program does not show: filtered, hidden.
    hidden: set[int]

    def sheets(self) -> list[tuple[str, bool]]:
        """The worksheets in order: name, and whether it is hidden."""

    def has_rows(self, name: str) -> bool:
        """Whether a sheet has any row that is not blank."""

    def rows(self, name: str) -> Iterator[Row]:
        """The rows that are not blank, by the number that the spreadsheet program shows."""


def tidy(values: Iterable[CellValue]) -> list[CellValue]:
    """The cells of a row: text of spaces only is empty, empty cells at the end are cut off."""
    cells = [None if type(v) is str and (not v or v.isspace()) else v for v in values]
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def fill_down(rows: Iterator[Row], merges: Iterable[Merge]) -> Iterator[Row]:
    """The rows, with merged cells filled down their first column, inside the merged range only.

    Nothing is filled to the right: a title merged over the table would appear in every column.
    A row that has no cell of its own stays blank: a title three rows high is one row.
    """
    spans: Spans = {}
    for (first, column), (last, _) in merges:
        if last > first:
            spans.setdefault(first + 1, []).append((column, last + 1))
    return filled(rows, spans) if spans else rows


def filled(rows: Iterator[Row], spans: Spans) -> Iterator[Row]:
    """As `fill_down`, for spans that may still be found while the rows are read."""
    open_spans: dict[int, tuple[int, CellValue]] = {}
    for number, cells in rows:
        for column, (last, value) in list(open_spans.items()):
            if number > last:
                del open_spans[column]
                continue
            if column >= len(cells):
                cells.extend([None] * (column + 1 - len(cells)))
            if cells[column] is None:
                cells[column] = value
        for column, last in spans.get(number, ()):
            if column < len(cells) and cells[column] is not None:
                open_spans[column] = (last, cells[column])
        yield number, cells
