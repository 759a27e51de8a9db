"""The content of a sheet as a new .xlsx, marked: for files whose own layout cannot be kept."""

import datetime as dt
from collections.abc import Iterator
from importlib import import_module
from typing import Any, BinaryIO

from ..formats.cells import CellValue, Row
from .notes import FILLS, HEADING, HEADING_COLOUR, WIDTH, Note, Task
from .xml import FORBIDDEN

_FORMATS = {dt.datetime: "yyyy-mm-dd hh:mm", dt.date: "yyyy-mm-dd", dt.time: "hh:mm"}
_FORMATS[dt.timedelta] = "[h]:mm"
_LONGEST_TEXT = 32_767
_WIDEST, _NARROWEST, _ROWS_FOR_WIDTH = 40, 8, 200


def rewrite(rows: Iterator[Row], task: Task, notes: Iterator[Note], out: BinaryIO) -> None:
    """Writes the workbook, one row in memory at a time."""
    # Loaded when a workbook is made: no import has a use for it.
    book = import_module("xlsxwriter").Workbook(out, {"constant_memory": True})
    page = book.add_worksheet((task.sheet or "Sheet1")[:31])
    _Page(book, page, task).write(rows, notes)
    page.freeze_panes(task.header_row, 0)
    book.close()


class _Page:
    def __init__(self, book: Any, page: Any, task: Task) -> None:
        self._book, self._page, self._task = book, page, task
        self._place = task.last_heading + 1 if task.explanation is None else task.explanation
        self._styles: dict[tuple[str, str], Any] = {}
        self._widths: dict[int, int] = {}
        self._head = book.add_format({"bold": True})
        self._told = book.add_format({"bold": True, "font_color": f"#{HEADING_COLOUR[2:]}"})

    def write(self, rows: Iterator[Row], notes: Iterator[Note]) -> None:
        header, following = self._task.header_row, next(notes, None)
        for number, cells in rows:
            note = None
            if following is not None and following.row == number:
                note, following = following, next(notes, None)
            for column, value in enumerate(cells):
                if value is None or (column == self._place and number > header):
                    continue
                self._measure(number, column, value)
                kind = note.cells.get(column, "") if note is not None else ""
                self._cell(number - 1, column, value, kind, number == header)
            if number == header:
                self._page.write_string(number - 1, self._place, HEADING, self._told)
            elif note is not None:
                for column in note.cells.keys() - {c for c, v in enumerate(cells) if v is not None}:
                    kind = note.cells[column]
                    self._page.write_blank(number - 1, column, None, self._style(kind, ""))
                self._page.write_string(number - 1, self._place, note.text)
        for column, width in self._widths.items():
            self._page.set_column(column, column, width)
        self._page.set_column(self._place, self._place, WIDTH)

    def _measure(self, number: int, column: int, value: CellValue) -> None:
        if number > self._task.header_row + _ROWS_FOR_WIDTH or number < self._task.header_row:
            return
        text = _FORMATS.get(type(value)) or str(value)
        width = sum(2 if ord(c) > 0x2E7F else 1 for c in text[:_WIDEST]) + 2
        known = self._widths.get(column, _NARROWEST)
        self._widths[column] = min(max(width, known), _WIDEST)

    def _style(self, kind: str, number_format: str) -> Any:
        key = (kind, number_format)
        if key not in self._styles:
            given = {"bg_color": f"#{FILLS[kind][2:]}"} if kind else {}
            if number_format:
                given["num_format"] = number_format
            self._styles[key] = self._book.add_format(given) if given else None
        return self._styles[key]

    def _cell(self, row: int, column: int, value: CellValue, kind: str, head: bool) -> None:
        style = self._head if head else self._style(kind, _FORMATS.get(type(value), ""))
        if isinstance(value, str):
            # As text, whatever it begins with: what looked like a formula was text.
            text = FORBIDDEN.sub("", value)[:_LONGEST_TEXT]
            self._page.write_string(row, column, text, style)
        elif isinstance(value, bool):
            self._page.write_boolean(row, column, value, style)
        elif isinstance(value, int | float):
            self._page.write_number(row, column, value, style)
        else:
            try:
                self._page.write_datetime(row, column, value, style)
            except (ValueError, OverflowError):
                self._page.write_string(row, column, str(value), style)
