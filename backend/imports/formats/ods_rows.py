"""The rows of one table of an .ods file, made of its parser's events."""

import datetime as dt
import re
from collections.abc import Iterator

from .cells import MAX_COLUMNS, MAX_HIDDEN, MAX_ROWS, CellValue, Row, Spans, tidy
from .refusal import Refusal
from .xlsx_stream import iso_moment

_CELL, _COVERED = "table:table-cell", "table:covered-table-cell"
_TIME = re.compile(r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?\Z")
_ERROR = re.compile(r"#[A-Z/0]+[!?]?\Z|Err:\d+\Z")
_NUMBERS = ("float", "percentage", "currency")


class TableRows:
    """Collects the rows of the table at one place among all tables of the file."""

    def __init__(self, place: int) -> None:
        self.finished = False
        # Vertically merged cells, as they are met.
        self.spans: Spans = {}
        self.hidden: set[int] = set()
        self._row_is_hidden = False
        self._tables_to_come = place
        self._inside = 0
        self._done: list[tuple[int, int, list[CellValue]]] = []
        self._row, self._row_repeat = 1, 1
        self._cells: dict[int, CellValue] = {}
        self._column = 0
        self._cell: dict[str, str] | None = None
        self._covered = False
        self._text: list[str] = []
        self._paragraphs = 0
        self._in_paragraph = False
        # Inside of a comment or a drawing that sits in the cell, and is not its value.
        self._aside = 0

    def take(self) -> Iterator[Row]:
        """The rows that were completed since the last call, repeated ones one by one."""
        done, self._done = self._done, []
        for first, repeat, cells in done:
            for number in range(first, first + repeat):
                yield number, list(cells)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if name == "table:table":
            if self._inside or self._tables_to_come == 0:
                self._inside += 1
            self._tables_to_come -= 1
        if self._inside != 1:
            return
        if self._cell is not None:
            self._start_in_cell(name, attributes)
        elif name in (_CELL, _COVERED):
            self._cell, self._covered = attributes, name == _COVERED
            self._text.clear()
            self._paragraphs = 0
        elif name == "table:table-row":
            self._row_repeat = _count(attributes, "table:number-rows-repeated")
            self._column = 0
            visible = attributes.get("table:visibility", "visible") == "visible"
            self._row_is_hidden = not visible

    def _start_in_cell(self, name: str, attributes: dict[str, str]) -> None:
        if self._aside or name == "office:annotation" or name.startswith("draw:"):
            self._aside += 1
        elif name == "text:p":
            if self._paragraphs:
                self._text.append("\n")
            self._paragraphs += 1
            self._in_paragraph = True
        elif name == "text:s":
            # Capped: a count of a milliard is no space.
            self._text.append(" " * min(_count(attributes, "text:c"), 1_000))
        elif name == "text:tab":
            self._text.append("\t")
        elif name == "text:line-break":
            self._text.append("\n")

    def end(self, name: str) -> None:
        """An element ends."""
        if not self._inside:
            return
        if name == "table:table":
            self._inside -= 1
            self.finished = not self._inside
        elif self._inside > 1:
            return
        elif self._aside:
            self._aside -= 1
        elif name == "text:p":
            self._in_paragraph = False
        elif name in (_CELL, _COVERED):
            self._end_cell()
        elif name == "table:table-row":
            self._end_row()

    def characters(self, text: str) -> None:
        """Some text."""
        if self._in_paragraph and not self._aside:
            self._text.append(text)

    def _end_cell(self) -> None:
        attributes = self._cell or {}
        self._cell = None
        repeat = _count(attributes, "table:number-columns-repeated")
        value = None if self._covered else _value(attributes, "".join(self._text))
        if value is not None and value != "":
            if repeat == 1 and self._column < MAX_COLUMNS:
                self._cells[self._column] = value
            else:
                last = min(self._column + repeat, MAX_COLUMNS)
                self._cells.update(dict.fromkeys(range(self._column, last), value))
            height = _count(attributes, "table:number-rows-spanned")
            if height > 1:
                span = (self._column, self._row + height - 1)
                self.spans.setdefault(self._row, []).append(span)
        self._column += repeat

    def _end_row(self) -> None:
        if self._cells:
            cells = tidy(map(self._cells.get, range(max(self._cells) + 1)))
            self._cells.clear()
            if cells:
                if self._row + self._row_repeat - 1 > MAX_ROWS:
                    raise Refusal("file_broken")
                self._done.append((self._row, self._row_repeat, cells))
                if self._row_is_hidden and len(self.hidden) < MAX_HIDDEN:
                    self.hidden.update(range(self._row, self._row + min(self._row_repeat, 99)))
        self._row += self._row_repeat


def _count(attributes: dict[str, str], name: str) -> int:
    return max(int(attributes[name]), 1) if name in attributes else 1


def _value(attributes: dict[str, str], text: str) -> CellValue:
    if not attributes:
        return text
    kind = attributes.get("office:value-type", "")
    if attributes.get("calcext:value-type") == "error":
        return text
    if kind == "string":
        return attributes.get("office:string-value", text)
    if kind in _NUMBERS:
        # Some programs give an error the value 0 and say what it is in the text only.
        return text if _ERROR.match(text) else float(attributes.get("office:value", "0"))
    if kind == "date":
        return iso_moment(attributes.get("office:date-value", text))
    if kind == "time":
        return _time(attributes.get("office:time-value", text))
    if kind == "boolean":
        return attributes.get("office:boolean-value") == "true"
    return attributes.get("office:string-value", text)


def _time(written: str) -> CellValue:
    """A time of day, or a duration from 24 hours on; the text itself if it is neither."""
    found = _TIME.match(written)
    if not found:
        return written
    sign, days, hours, minutes, seconds = found.groups()
    duration = dt.timedelta(
        days=int(days or 0),
        hours=int(hours or 0),
        minutes=int(minutes or 0),
        seconds=float((seconds or "0").replace(",", ".")),
    )
    if sign:
        return -duration
    return (dt.datetime.min + duration).time() if duration < dt.timedelta(days=1) else duration
