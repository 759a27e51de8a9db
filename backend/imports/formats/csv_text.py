"""CSV: comma, semicolon or tab, told apart by which of them makes the rows agree."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from .cells import Row, tidy
from .refusal import Refusal

SEPARATORS = ",;\t"
_SAMPLE = 64 * 2**10
# Characters: 30 cells as long as a spreadsheet program allows.
_LONGEST_ROW = 2**20
# Excel's hint in the first line; Excel does not show that line.
_HINT = re.compile(r"\ufeff?sep=(.)\r?\n?\Z", re.IGNORECASE)
# The trick by which exports keep Excel from turning a phone into a number: ="13812345678".
_FORCED_TEXT = re.compile(r'="([^"]*)"\Z')
# What exports do to text that a program would run: one quote before it (backend/core/exporting).
_QUOTED = re.compile(r"'+[=+\-@\t\r]")


class CsvBook:
    """A CSV file, as a workbook of one sheet that is called like the file."""

    epoch1904 = False
    last_row = 0

    def __init__(self, path: Path, encoding: str, called: str = "") -> None:
        self._path = path
        self.hidden: set[int] = set()
        self._called = called or path.stem
        self._encoding = encoding

    def sheets(self) -> list[tuple[str, bool]]:
        """The one sheet."""
        return [(self._called, False)]

    def has_rows(self, name: str) -> bool:
        """Whether there is any row that is not blank."""
        return next(self.rows(name), None) is not None

    def rows(self, name: str) -> Iterator[Row]:
        """The rows by record: a line break in quotes does not begin another row.

        Raises: `file_broken` for a quote that is never closed; `file_too_large` for a row without
        end.
        """
        with self._path.open("rb") as file:
            # Line breaks within quotes count as well: near enough to tell how long it will take.
            self.last_row = sum(piece.count(b"\n") for piece in iter(lambda: file.read(2**20), b""))
        with self._path.open(encoding=self._encoding, newline="") as file:
            sample = file.read(_SAMPLE)
            file.seek(0)
            hint = _HINT.match(sample.partition("\n")[0])
            if hint:
                file.readline()
            lines = _Lines(file)
            reader = csv.reader(lines, delimiter=hint[1] if hint else _separator(sample))
            try:
                for number, fields in enumerate(reader, start=1):
                    lines.of_this_row = 0
                    cells = tidy(map(_text, fields))
                    if cells:
                        yield number, cells
            except csv.Error as error:
                raise Refusal("file_broken") from error


class _Lines:
    """The lines of a file, as long as no row takes more of them than memory is worth."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.of_this_row = 0

    def __iter__(self) -> Iterator[str]:
        while line := self._file.readline(_LONGEST_ROW):
            self.of_this_row += len(line)
            if self.of_this_row >= _LONGEST_ROW:
                raise Refusal("file_too_large")
            yield line


def _text(field: str) -> str:
    if field[:1] == "'" and _QUOTED.match(field):
        return field[1:]
    forced = _FORCED_TEXT.match(field) if field[:2] == '="' else None
    return forced[1] if forced else field.rstrip("\x1a")


def _separator(sample: str) -> str:
    """The separator by which most rows have one and the same number of fields."""
    # Without the last line, which may be cut off.
    lines = sample[: sample.rfind("\n") + 1] or sample

    def agreement(separator: str) -> tuple[float, int]:
        try:
            rows = csv.reader(io.StringIO(lines, newline=""), delimiter=separator)
            counts = Counter(len(fields) for fields in rows if any(map(str.strip, fields)))
        except csv.Error:
            return 0.0, 0
        total = counts.total()
        del counts[1]
        if not counts:
            return 0.0, 0
        fields, rows_alike = max(counts.items(), key=lambda item: (item[1], item[0]))
        return rows_alike / total, fields

    return max(SEPARATORS, key=agreement)
