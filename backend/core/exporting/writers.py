"""Rows into a file: .xlsx as a list or a ledger, CSV with a mark. Streamed: no row is kept."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, BinaryIO

from backend.core.errors import RuleViolation
from backend.core.exporting.kinds import Kind, Words, in_csv, plain
from backend.core.exporting.sheet_xml import display_width, height_maker, rows_xml, tail_maker
from backend.core.exporting.shell import (
    LEDGER_ROW,
    LINE,
    SHEET,
    LedgerFrame,
    SheetColumn,
    shell_of,
)

BOM = "\ufeff"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
# The last row that any spreadsheet program has.
LAST_ROW = 1_048_576
# Whose cells say how wide a column is.
_LOOKED_AT = 200
_NARROW, _WIDE, _WIDEST = 6, 36, 44
# Rows joined before they are compressed.
_AT_ONCE = 500
# Little packing, for its time: the rest would take twice as long and save a tenth.
_LEVEL = 1


@dataclass(frozen=True)
class Told:
    """A column as it is written: its heading, what it holds, and how a value is said in words."""

    heading: str
    kind: Kind = Kind.TEXT
    words: Words | None = None


Rows = Iterable[Sequence[Any]]


def write_workbook(
    target: BinaryIO,
    rows: Rows,
    columns: Sequence[Told],
    *,
    name: str,
    frame: LedgerFrame | None = None,
) -> int:
    """Writes an .xlsx, a ledger if there is a frame; answers how many rows it holds.

    Raises: export_too_long for more rows than a worksheet has.
    """
    stream = iter(rows)
    first = list(islice(stream, _LOOKED_AT))
    plains = [plain(column.kind, column.words) for column in columns]
    widths = _widths(columns, plains, first)
    shell = shell_of(
        name,
        [SheetColumn(c.heading, c.kind, w) for c, w in zip(columns, widths, strict=True)],
        frame,
    )
    tails = [
        tail_maker(column.kind, style, told)
        for column, style, told in zip(columns, shell.styles, plains, strict=True)
    ]
    wrapped = [
        # One character less than it is wide: programs leave some room at the sides.
        (index, width - 1)
        for index, (column, width) in enumerate(zip(columns, widths, strict=True))
        if column.kind in (Kind.LONG, Kind.TEXT) and column.words is None
    ]
    least = LINE if frame is None else LEDGER_ROW
    texts = rows_xml(
        chain(first, stream),
        tails,
        shell.first_row,
        height=height_maker(wrapped, LINE, least),
        numbered=shell.numbered,
    )
    room = LAST_ROW - shell.first_row - len(shell.foot)
    count = 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as package:
        for part, content in shell.parts:
            package.writestr(part, content)
        with package.open(SHEET, "w", force_zip64=True) as sheet:
            sheet.write(shell.before.encode())
            for some in _portions(texts):
                count += len(some)
                if count > room:
                    raise too_long()
                sheet.write("".join(some).encode())
            sheet.write(shell.feet(shell.first_row + count - 1, count).encode())
            sheet.write(shell.after.encode())
    return count


def write_csv(target: BinaryIO, rows: Rows, columns: Sequence[Told]) -> int:
    """Writes CSV as Excel reads it; answers how many rows it holds."""
    told = [in_csv(column.kind, column.words) for column in columns]
    text = io.TextIOWrapper(target, "utf-8", newline="", write_through=False)
    text.write(BOM)
    writer = csv.writer(text)
    writer.writerow([column.heading for column in columns])
    count = 0
    for row in rows:
        writer.writerow([tell(value) for tell, value in zip(told, row, strict=True)])
        count += 1
    text.flush()
    # The target is the caller's: it is not closed with this.
    text.detach()
    return count


def too_long() -> RuleViolation:
    """Why so many rows do not become a workbook."""
    return RuleViolation(
        "export_too_long",
        "符合条件的记录超过了一张工作表能放下的 1048576 行。请缩小筛选范围，或选 CSV。",
    )


def _portions(texts: Iterator[str]) -> Iterator[list[str]]:
    while some := list(islice(texts, _AT_ONCE)):
        yield some


def _widths(
    columns: Sequence[Told], plains: Sequence[Callable[[Any], Any]], rows: Rows
) -> list[float]:
    """In characters; the first rows stand for all."""
    found = []
    for index, column in enumerate(columns):
        if column.kind == Kind.MOMENT:
            found.append(17.0)
            continue
        if column.kind == Kind.DAY:
            found.append(12.0)
            continue
        most = _WIDE if column.kind == Kind.LONG else _WIDEST
        longest = max((_width(plains[index](row[index])) for row in rows), default=0)
        found.append(float(min(max(_width(column.heading), longest, _NARROW) + 2, most)))
    return found


def _width(value: Any) -> int:
    if value is None:
        return 0
    return max(map(display_width, str(value).split("\n")))
