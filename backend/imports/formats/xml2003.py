"""The XML of Excel 2003 (SpreadsheetML), which many office systems export under the name .xls."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from .cells import (
    MAX_COLUMNS,
    MAX_HIDDEN,
    MAX_ROWS,
    UNCALCULATED,
    CellValue,
    Row,
    Spans,
    filled,
    tidy,
)
from .refusal import Refusal
from .xlsx_package import parser
from .xlsx_stream import iso_moment

_DECLARED = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_PIECE = 256 * 2**10
# The longest cell that the reader keeps together.
_LONGEST_TEXT = 2**20


def encoding_of(head: bytes) -> str:
    """The encoding of XML that begins so; the Chinese ones as the one that holds them all."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    found = _DECLARED.match(head.removeprefix(b"\xef\xbb\xbf"))
    name = found[1].decode().lower() if found else "utf-8"
    return "gb18030" if name in ("gb2312", "gbk", "gb18030", "gb_2312-80") else "utf-8-sig"


class Xml2003Book:
    """A workbook in one XML file."""

    epoch1904 = False

    def __init__(self, path: Path, encoding: str) -> None:
        self._path, self._encoding = path, encoding
        self.hidden: set[int] = set()
        survey = _Survey()
        for _ in self._read(survey):
            pass
        self._names = survey.sheets
        self._rows = survey.rows
        # Of the sheet that is read.
        self.last_row = 0
        self.epoch1904 = survey.epoch1904

    def sheets(self) -> list[tuple[str, bool]]:
        """The worksheets in order: name, and whether it is hidden."""
        return list(self._names.items())

    def has_rows(self, name: str) -> bool:
        """Whether a sheet has any row that is not blank."""
        return bool(self._rows[name]) and next(self.rows(name), None) is not None

    def rows(self, name: str) -> Iterator[Row]:
        """The rows that are not blank, vertical merges filled in. Raises: `file_broken`."""
        table = _Table(list(self._names).index(name))
        self.hidden, self.last_row = table.hidden, self._rows[name]
        return filled(self._taken(table), table.spans)

    def _taken(self, table: "_Table") -> Iterator[Row]:
        for _ in self._read(table):
            yield from table.take()
            if table.finished:
                return
        yield from table.take()

    def _read(self, events: "_Survey | _Table") -> Iterator[None]:
        reading = parser(events.start)
        reading.EndElementHandler = events.end
        reading.CharacterDataHandler = events.characters
        try:
            with self._path.open(encoding=self._encoding, newline="") as file:
                first = True
                while piece := file.read(_PIECE):
                    if first:
                        # Decoded here: what the text says of its encoding holds no more.
                        piece = re.sub(r"^\ufeff?\s*<\?xml[^>]*\?>", "", piece)
                        first = False
                    reading.Parse(piece)
                    yield
            reading.Parse("", True)
        except (expat.ExpatError, UnicodeDecodeError) as error:
            raise Refusal("file_broken") from error


def _of(name: str) -> str:
    return name.rpartition(":")[2]


def _plain(attributes: dict[str, str]) -> dict[str, str]:
    return {_of(name): value for name, value in attributes.items()}


class _Survey:
    """Finds the sheets, whether they are hidden, and how many rows of each hold anything."""

    def __init__(self) -> None:
        self.sheets: dict[str, bool] = {}
        self.rows: Counter[str] = Counter()
        self.epoch1904 = False
        self._sheet = ""
        self._inside = ""
        self._new_row = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._inside = kind = _of(name)
        if kind == "Worksheet":
            self._sheet = _plain(attributes).get("Name", f"Sheet{len(self.sheets) + 1}")
            self.sheets.setdefault(self._sheet, False)
        elif kind == "Row":
            self._new_row = True
        elif kind == "Data":
            # Outside of any row it counts, too: it must be looked at.
            self.rows[self._sheet] += self._new_row or not self.rows[self._sheet]
            self._new_row = False
        elif kind == "Date1904":
            self.epoch1904 = True

    def characters(self, text: str) -> None:
        if self._inside == "Visible" and "Hidden" in text and self._sheet:
            self.sheets[self._sheet] = True

    def end(self, name: str) -> None:
        self._inside = ""


class _Table:
    """Makes rows of the worksheet at one place."""

    def __init__(self, place: int) -> None:
        self.finished = False
        self.spans: Spans = {}
        self.hidden: set[int] = set()
        self._to_come = place
        self._inside = False
        self._done: list[Row] = []
        self._row, self._column = 0, -1
        self._cells: dict[int, CellValue] = {}
        self._kind: str | None = None
        self._formula = False
        self._across = 0
        self._text: list[str] = []
        self._length = 0

    def take(self) -> list[Row]:
        """The rows that were completed since the last call."""
        done, self._done = self._done, []
        return done

    def start(self, name: str, attributes: dict[str, str]) -> None:
        kind = _of(name)
        if kind == "Worksheet":
            self._inside = self._to_come == 0
            self._to_come -= 1
        if not self._inside:
            return
        if kind == "Row":
            given = _plain(attributes)
            self._row = _number(given, "Index", self._row + 1, MAX_ROWS)
            self._column = -1
            if given.get("Hidden") == "1" and len(self.hidden) < MAX_HIDDEN:
                self.hidden.add(self._row)
        elif kind == "Cell":
            given = _plain(attributes)
            self._column = _number(given, "Index", self._column + 2, MAX_COLUMNS) - 1
            self._formula = "Formula" in given
            down = _number(given, "MergeDown", 0, MAX_ROWS)
            if down:
                span = (self._column, self._row + down)
                self.spans.setdefault(self._row, []).append(span)
            if self._formula:
                self._cells[self._column] = UNCALCULATED
            self._across = _number(given, "MergeAcross", 0, MAX_COLUMNS)
        elif kind == "Data":
            self._kind = _plain(attributes).get("Type", "String")
            self._text.clear()
            self._length = 0

    def characters(self, text: str) -> None:
        if self._kind is not None:
            self._length += len(text)
            if self._length > _LONGEST_TEXT:
                raise Refusal("file_too_large")
            self._text.append(text)

    def end(self, name: str) -> None:
        if not self._inside:
            return
        kind = _of(name)
        if kind == "Data" and self._kind is not None:
            self._cells[self._column] = _value(self._kind, "".join(self._text))
            self._kind = None
        elif kind == "Cell":
            self._column += self._across
        elif kind == "Row":
            if self._cells:
                cells = tidy(map(self._cells.get, range(max(self._cells) + 1)))
                self._cells.clear()
                if cells:
                    self._done.append((self._row, cells))
        elif kind == "Worksheet":
            self._inside, self.finished = False, True


def _number(given: dict[str, str], name: str, otherwise: int, most: int) -> int:
    written = given.get(name)
    if written is None:
        return otherwise
    if not written.isascii() or not written.isdecimal() or len(written) > 9 or int(written) > most:
        raise Refusal("file_broken")
    return int(written)


def _value(kind: str, text: str) -> CellValue:
    if kind == "Number":
        return float(text)
    if kind == "DateTime":
        return iso_moment(text.removesuffix(".000"))
    if kind == "Boolean":
        return text.strip() == "1"
    return text
