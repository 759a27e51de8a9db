"""An .xlsx sheet read cell by cell, for what calamine cannot read safely.

calamine fills a rectangle around all cells: a table with one stray space in row 1 048 576 or in
column XFD would need gigabytes. This reader is some five times slower and keeps one row.
"""

import datetime as dt
import re
from collections.abc import Iterator

from .archive import Archive
from .cells import MAX_COLUMNS, MAX_ROWS, UNCALCULATED, CellValue, Row, tidy
from .refusal import Refusal
from .xlsx_dates import date_styles, moment
from .xlsx_package import SharedStrings, TextCollector, local, parser, unescaped

_BLANK_ROW = re.compile(
    rb'<row r="[0-9]+"(?:\s[^<>]*)?(?:/>|>(?:<c r="[A-Z]+[0-9]+"(?:\s[^<>]*)?/>)*</row>)'
)


def has_value(xml: bytes) -> bool:
    """Whether any cell in the XML may have a value, with or without a namespace prefix."""
    return b"v>" in xml or b"is>" in xml


class SheetStream:
    """Reads the sheets of one archive."""

    def __init__(self, archive: Archive, epoch1904: bool) -> None:
        self._archive = archive
        self._epoch1904 = epoch1904
        self._strings = SharedStrings(archive)
        styles = date_styles(archive)
        self._styles = styles.meanings
        # Whether only this reader knows all of the dates.
        self.eastern = styles.eastern

    def rows(self, member: str) -> Iterator[Row]:
        """The rows that are not blank. Raises: `file_broken`, `file_too_large`."""
        sheet = _Rows(self)
        reading = parser(sheet.start)
        reading.EndElementHandler = sheet.end
        reading.CharacterDataHandler = sheet.characters
        for xml in self._archive.whole_tags(member):
            # A million styled, blank rows are cut out before they cost anything.
            reading.Parse(xml if has_value(xml) else _BLANK_ROW.sub(b"", xml))
            yield from sheet.take()
        reading.Parse(b"", True)
        yield from sheet.take()

    def value(self, text: str, kind: str, style: str) -> CellValue:
        """The value of a `v` element, by its cell's type and style."""
        if kind == "n":
            number = float(text)
            meaning = self._styles[int(style)] if style and int(style) < len(self._styles) else ""
            return moment(number, meaning, self._epoch1904) if meaning else number
        if kind == "s":
            return self._strings[int(text)]
        if kind == "b":
            return text != "0"
        if kind == "d":
            return iso_moment(text)
        return None if kind == "inlineStr" else unescaped(text)


class _Rows:
    """Makes rows of the parser's events."""

    def __init__(self, sheet: SheetStream) -> None:
        self._value_of = sheet.value
        self._done: list[Row] = []
        self._columns: dict[str, int] = {}
        self._last_row = 0
        self._row: int | None = None
        self._column = -1
        self._cells: dict[int, CellValue] = {}
        self._kind = self._style = ""
        self._value: list[str] = []
        self._in_value = False
        self._formula = False
        self._inline: TextCollector | None = None

    def take(self) -> list[Row]:
        """The rows that were completed since the last call."""
        done, self._done = self._done, []
        return done

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if ":" in name:
            name = local(name)
        if name == "c":
            reference = attributes.get("r")
            if reference is None:
                self._column += 1
            else:
                self._place(reference)
            self._formula = False
            self._kind = attributes.get("t", "n")
            self._style = attributes.get("s", "")
        elif name == "v":
            self._in_value = True
        elif name == "f":
            self._formula = True
        elif name == "row":
            number = attributes.get("r")
            self._row = int(number) if number else None
            self._column = -1
        elif name == "is":
            self._inline = TextCollector()
        elif self._inline is not None:
            self._inline.start(name)

    def _place(self, reference: str) -> None:
        letters = reference.rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None:
            column = self._columns[letters] = column_of(letters)
        self._column = column
        if self._row is None:
            self._row = int(reference[len(letters) :])

    def end(self, name: str) -> None:
        """An element ends."""
        if ":" in name:
            name = local(name)
        if name == "v":
            self._in_value = False
        elif name == "c":
            if self._value:
                text = "".join(self._value)
                self._cells[self._column] = self._value_of(text, self._kind, self._style)
                self._value.clear()
            elif self._formula and self._kind != "str":
                self._cells[self._column] = UNCALCULATED
        elif name == "row":
            self._end_row()
        elif self._inline is not None:
            if name == "is":
                self._cells[self._column] = self._inline.take()
                self._inline = None
            else:
                self._inline.end(name)

    def _end_row(self) -> None:
        # A row that says no number, and whose cells say none, comes after the one before it.
        number = self._last_row + 1 if self._row is None else self._row
        if not 0 < number <= MAX_ROWS:
            raise Refusal("file_broken")
        self._last_row = number
        if self._cells:
            cells = tidy(map(self._cells.get, range(max(self._cells) + 1)))
            self._cells.clear()
            if cells:
                self._done.append((number, cells))

    def characters(self, text: str) -> None:
        """Some text."""
        if self._in_value:
            self._value.append(text)
        elif self._inline is not None:
            self._inline.characters(text)


def column_of(letters: str) -> int:
    """The number of a column, A being 0. Raises: `file_broken` for what is no column."""
    number = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            raise Refusal("file_broken")
        number = number * 26 + ord(letter) - 64
    if not 0 < number <= MAX_COLUMNS:
        raise Refusal("file_broken")
    return number - 1


def iso_moment(text: str) -> CellValue:
    """A date or time written out; the text itself if it is none. Midnight is a date."""
    try:
        written = dt.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        try:
            return dt.time.fromisoformat(text)
        except ValueError:
            return text
    return written.date() if written.time() == dt.time() else written
