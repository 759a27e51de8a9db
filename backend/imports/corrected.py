"""The corrected workbook: the file as staff made it, bad cells coloured, a column 错误说明.

An .xlsx keeps its layout; .xls, .ods and CSV come back as an .xlsx of the same content.
"""

import logging
from collections import defaultdict
from io import BytesIO
from pathlib import Path
from zipfile import is_zipfile

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from backend.imports.columns import as_shown
from backend.imports.formats.cells import MAX_COLUMNS
from backend.imports.formats.layout import fits_in_memory
from backend.imports.models import ImportBatch
from backend.imports.plan import Problem
from backend.imports.problems import Level
from backend.imports.queries import row_problems
from backend.imports.reading import read_sheet

_logger = logging.getLogger(__name__)

HEADING = "错误说明"
# openpyxl holds about 50 times the file in memory: beyond this the content alone comes back.
KEEP_LAYOUT_BYTES = 2 * 1024 * 1024
BAD = PatternFill("solid", start_color="FFFFC7CE")
ASKED = PatternFill("solid", start_color="FFFFEB9C")
BOLD = Font(bold=True, color="FF9C0006")


def corrected_workbook(batch: ImportBatch) -> bytes:
    """The corrected workbook of a batch, as .xlsx."""
    by_row: dict[int, list[Problem]] = defaultdict(list)
    for problem in row_problems(batch):
        if problem.row is not None and problem.level != Level.NOTE:
            by_row[problem.row].append(problem)
    path = Path(batch.upload.path)
    book = _as_it_was(path, batch) or _content_of(path, batch)
    sheet = book[batch.sheet] if batch.sheet in book.sheetnames else book.worksheets[0]
    _explain(sheet, batch, by_row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _as_it_was(path: Path, batch: ImportBatch) -> Workbook | None:
    if path.stat().st_size > KEEP_LAYOUT_BYTES or not is_zipfile(path):
        return None
    try:
        if not fits_in_memory(path):
            return None
        book = load_workbook(path)
    except Exception as error:
        # Parts of the file that the import never looked at may hold anything, and openpyxl raises
        # whatever comes of it; the content is given back all the same.
        _logger.info("A layout was not kept: %s", type(error).__name__)
        return None
    return book if batch.sheet in book.sheetnames else None


def _content_of(path: Path, batch: ImportBatch) -> Workbook:
    book = Workbook()
    sheet = book.active
    sheet.title = (batch.sheet or "Sheet1")[:31]
    with read_sheet(path, sheet=batch.sheet or None, called=batch.file_name) as source:
        for number, cells in source.rows:
            for index, value in enumerate(cells, start=1):
                if value is not None:
                    cell = sheet.cell(number, index, value)
                    if cell.data_type == "f":
                        # Text that looks like a formula was text.
                        cell.data_type = "s"
    return book


def _explain(sheet: Worksheet, batch: ImportBatch, by_row: dict[int, list[Problem]]) -> None:
    header_row = batch.header_row or 1
    by_heading = {heading["heading"]: heading["index"] + 1 for heading in batch.headings}
    place = _place_for_explanation(sheet, header_row, by_heading)
    head = sheet.cell(header_row, place)
    if not isinstance(head, MergedCell):
        head.value, head.font = HEADING, BOLD
    sheet.column_dimensions[head.column_letter].width = 48
    for number, problems in by_row.items():
        for problem in problems:
            column = by_heading.get(problem.column or "")
            if column is not None:
                fill = BAD if problem.level == Level.ERROR else ASKED
                cell = sheet.cell(number, column)
                if not isinstance(cell, MergedCell):
                    cell.fill = fill
                    cell.comment = Comment(problem.message, "Linli")
        cell = sheet.cell(number, place)
        if not isinstance(cell, MergedCell):
            cell.value = "；".join(
                f"{p.column}：{p.message}" if p.column else p.message for p in problems
            )
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _place_for_explanation(sheet: Worksheet, header_row: int, by_heading: dict[str, int]) -> int:
    """The column of an earlier 错误说明, so that a second round does not add another; else a new one."""
    for index in range(1, max(by_heading.values(), default=0) + 2):
        value = sheet.cell(header_row, index).value
        if isinstance(value, str) and as_shown(value) == HEADING:
            for row in range(header_row + 1, min(sheet.max_row, header_row + 100_000) + 1):
                cell = sheet.cell(row, index)
                if cell.value is not None and not isinstance(cell, MergedCell):
                    cell.value = None
            return index
    return min(max(by_heading.values(), default=0) + 1, MAX_COLUMNS)
