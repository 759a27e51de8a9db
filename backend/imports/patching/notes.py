"""What is to be marked, row by row, as the parent hands it over: JSON lines in the sheet's order."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

HEADING = "错误说明"
BAD, ASKED = "bad", "asked"
# Nearly Excel's own colours for bad and neutral, and yet none that anybody else uses: the next
# round knows by them what it had marked.
FILLS = {BAD: "FFFFC7CD", ASKED: "FFFFEB9B"}
HEADING_COLOUR = "FF9C0006"
# Spreadsheet programs take no longer text in a cell.
LONGEST = 32_000
WIDTH = 48


class OddPackage(Exception):
    """A workbook that is not written as known programs write it: its layout cannot be kept."""


@dataclass(frozen=True, slots=True)
class Note:
    """A row's explanation, and its cells (column from 0) that are bad or asked about."""

    row: int
    text: str
    cells: dict[int, str]

    def as_line(self) -> str:
        """The note on its way to the child."""
        return json.dumps([self.row, self.text[:LONGEST], sorted(self.cells.items())]) + "\n"


def notes_of(lines: Iterable[bytes]) -> Iterator[Note]:
    """The notes that come from the parent."""
    for line in lines:
        row, text, cells = json.loads(line)
        yield Note(row, text, dict(cells))


@dataclass(frozen=True)
class Task:
    """Which sheet is marked, and where: rows from 1, columns from 0."""

    sheet: str
    header_row: int
    # The column of the last heading; the explanation stands to the right of it …
    last_heading: int
    # … or where an earlier one stands.
    explanation: int | None = None
