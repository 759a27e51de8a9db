""".xls and .xlsb: read by calamine, after a walk through the records of an .xls.

The walk finds what calamine loses (error cells) and what would make it ask for gigabytes (a stray
cell in the far corner). A sheet of that kind is moved together, empty rows and columns taken out,
before calamine sees it, and its rows get their own numbers back afterwards.
"""

import io
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from .archive import Archive
from .cells import Row, fill_down
from .compound import Compound
from .dense import DENSE_CELLS, dense_rows
from .refusal import Refusal
from .xlsx_dates import EASTERN

_EOF, _FILEPASS, _DATE_1904, _BOUND_SHEET, _DIMENSIONS = 0x0A, 0x2F, 0x22, 0x85, 0x200
_ROW, _FORMAT_OF_STYLE = 0x208, 0xE0
_ROW_IS_HIDDEN = 0x20
_FORMULA, _BOOL_OR_ERROR, _MANY_NUMBERS = 0x06, 0x205, 0xBD
# Records that begin with the row and the column of a cell that has a value: formulas, a boolean or
# error, runs of numbers, text, numbers.
_MAY_BE_ERRORS = {_FORMULA, 0x206, 0x406, _BOOL_OR_ERROR}
_CELLS = {*_MAY_BE_ERRORS, _MANY_NUMBERS, 0xFD, 0x204, 0xD6, 0x203, 0x27E}
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
_ROW_COLUMN = struct.Struct("<HH")
_DIMENSION = struct.Struct("<IIHH")


@dataclass
class _Survey:
    """What the records of a sheet say."""

    start: int
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    errors: dict[int, dict[int, str]] = field(default_factory=dict)
    declared: int = 0
    hidden: set[int] = field(default_factory=set)
    # Numbers that are dates by a format that calamine does not know, by row and column.
    dates: dict[int, dict[int, bool]] = field(default_factory=dict)
    # Filled if the sheet was moved together: where its rows and columns were.
    row_numbers: Sequence[int] | None = None
    column_numbers: Sequence[int] | None = None

    @property
    def sparse(self) -> bool:
        """Whether calamine would ask for too much memory, by the cells or by what is declared."""
        if self.declared > DENSE_CELLS:
            return True
        area = (max(self.rows) + 1) * (max(self.columns) + 1) if self.rows else 0
        return area > DENSE_CELLS


class CalamineBook:
    """A workbook as calamine reads it, all of it."""

    epoch1904 = False
    hidden: set[int]
    # Of the sheet that is read.
    last_row = 0

    def __init__(self, content: bytes) -> None:
        self.hidden = set()
        self._workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        self._sheets = [
            (meta.name, meta.visible != SheetVisibleEnum.Visible)
            for meta in self._workbook.sheets_metadata
            if meta.typ == SheetTypeEnum.WorkSheet
        ]
        self._sheet = cache(self._workbook.get_sheet_by_name)

    def sheets(self) -> list[tuple[str, bool]]:
        """The worksheets in order: name, and whether it is hidden."""
        return self._sheets

    def has_rows(self, name: str) -> bool:
        """Whether a sheet has any row that is not blank."""
        return next(self.rows(name), None) is not None

    def rows(self, name: str) -> Iterator[Row]:
        """The rows that are not blank."""
        sheet = self._sheet(name)
        self.last_row = sheet.total_height
        return dense_rows(sheet)


class XlsbBook(CalamineBook):
    """An .xlsb workbook: no merged cells, no error texts. Raises: `file_broken`."""

    def __init__(self, path: Path) -> None:
        archive = Archive(path)
        for name in archive.names():
            if name.endswith(".bin"):
                # Unpacked once for nothing, to see that it is no larger than it says.
                for _ in archive.pieces(name):
                    pass
        super().__init__(path.read_bytes())


class XlsBook(CalamineBook):
    """An .xls workbook. Raises: `file_password`, `file_broken`."""

    def __init__(self, path: Path) -> None:
        compound = Compound(path.read_bytes())
        stream_name = "Workbook" if "Workbook" in compound else "Book"
        stream = compound.stream(stream_name)
        starts: list[int] = []
        eastern: set[int] = set()
        styles = 0
        for kind, at, length in _records(stream, 0):
            if kind == _FILEPASS:
                raise Refusal("file_password")
            if kind == _DATE_1904:
                self.epoch1904 = stream[at : at + length] == b"\x01\x00"
            elif kind == _FORMAT_OF_STYLE:
                if int.from_bytes(stream[at + 2 : at + 4], "little") in EASTERN:
                    eastern.add(styles)
                styles += 1
            elif kind == _BOUND_SHEET:
                starts.append(int.from_bytes(stream[at : at + 4], "little"))
        self._surveys = [_surveyed(stream, start, eastern, self.epoch1904) for start in starts]
        content = compound.content
        if any(survey.sparse for survey in self._surveys):
            patched = bytearray(stream)
            for survey in self._surveys:
                if survey.sparse:
                    _move_together(patched, survey)
            content = compound.with_stream(stream_name, bytes(patched))
        super().__init__(content)
        # calamine lists the sheets in the order of the same records.
        names = [meta.name for meta in self._workbook.sheets_metadata]
        self._survey_of = dict(zip(names, self._surveys, strict=True))

    def rows(self, name: str) -> Iterator[Row]:
        """The rows that are not blank, error cells and vertical merges filled in."""
        survey = self._survey_of[name]
        sheet = self._sheet(name)
        self.hidden, self.last_row = survey.hidden, len(survey.rows)
        rows = dense_rows(
            sheet, survey.errors, survey.row_numbers, survey.column_numbers, survey.dates
        )
        return fill_down(rows, sheet.merged_cell_ranges or ())


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """The records up to the end of a substream: kind, where the data begin, their length."""
    header = _ROW_COLUMN.unpack_from
    end = len(stream) - 4
    while at <= end:
        kind, length = header(stream, at)
        if kind == _EOF:
            return
        yield kind, at + 4, length
        at += 4 + length


def _surveyed(stream: bytes, start: int, eastern: set[int], epoch1904: bool) -> _Survey:
    survey = _Survey(start)
    for kind, at, length in _records(stream, start):
        if kind == _DIMENSIONS and length >= _DIMENSION.size:
            top, bottom, left, right = _DIMENSION.unpack_from(stream, at)
            survey.declared = max(bottom - top + 1, 0) * max(right - left + 1, 0)
        if kind == _ROW and length >= 16 and stream[at + 12] & _ROW_IS_HIDDEN:
            survey.hidden.add(int.from_bytes(stream[at : at + 2], "little") + 1)
        if kind not in _CELLS:
            continue
        row, column = _ROW_COLUMN.unpack_from(stream, at)
        if eastern:
            _note_dates(survey, stream, kind, at, length, eastern, epoch1904)
        survey.rows.add(row)
        survey.columns.add(column)
        if kind == _MANY_NUMBERS:
            last = int.from_bytes(stream[at + length - 2 : at + length], "little")
            survey.columns.update(range(column, last + 1))
        if kind in _MAY_BE_ERRORS:
            error = _error_in(kind, stream[at : at + length])
            if error:
                survey.errors.setdefault(row, {})[column] = error
    return survey


def _note_dates(
    survey: _Survey,
    stream: bytes,
    kind: int,
    at: int,
    length: int,
    eastern: set[int],
    epoch1904: bool,
) -> None:
    row, column = _ROW_COLUMN.unpack_from(stream, at)
    # A run of numbers has a style, of two bytes, before each of them, of four.
    places = range(at + 4, at + length - 2, 6) if kind == _MANY_NUMBERS else (at + 4,)
    for index, place in enumerate(places):
        if int.from_bytes(stream[place : place + 2], "little") in eastern:
            survey.dates.setdefault(row, {})[column + index] = epoch1904


def _error_in(kind: int, data: bytes) -> str:
    """The error text of a cell record; "" for any other value."""
    if kind == _BOOL_OR_ERROR:
        return _ERRORS.get(data[6], "") if data[7:8] == b"\x01" else ""
    is_error = data[12:14] == b"\xff\xff" and data[6] == 2
    return _ERRORS.get(data[8], "") if is_error else ""


def _move_together(stream: bytearray, survey: _Survey) -> None:
    """Renumbers the rows and columns of a sheet in its records so that none is empty."""
    survey.row_numbers = sorted(survey.rows)
    survey.column_numbers = sorted(survey.columns)
    new_row = {row: index for index, row in enumerate(survey.row_numbers)}
    new_column = {column: index for index, column in enumerate(survey.column_numbers)}
    for kind, at, length in _records(bytes(stream), survey.start):
        if kind == _DIMENSIONS and length >= _DIMENSION.size:
            _DIMENSION.pack_into(stream, at, 0, 1, 0, 1)
        if kind in _CELLS:
            row, column = _ROW_COLUMN.unpack_from(stream, at)
            _ROW_COLUMN.pack_into(stream, at, new_row[row], new_column[column])
            if kind == _MANY_NUMBERS:
                last = int.from_bytes(stream[at + length - 2 : at + length], "little")
                stream[at + length - 2 : at + length] = new_column[last].to_bytes(2, "little")
