"""How an export leaves: a workbook as staff would make it, and CSV that Excel reads as UTF-8."""

import io
from datetime import datetime
from typing import Any

from import_export.formats.base_formats import CSV, XLSX
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

BOM = "\ufeff"
WIDEST = 40
_MOMENT = "yyyy-mm-dd hh:mm"


class ChineseCsv(CSV):
    """CSV with a byte-order mark: without it Excel takes Chinese for another encoding."""

    def export_data(self, dataset: Any, **kwargs: Any) -> Any:
        return BOM + super().export_data(dataset, **kwargs)

    def is_binary(self) -> bool:
        return False


class ChineseXlsx(XLSX):
    """A workbook with a named sheet, a frozen heading, real numbers and dates, fitting widths."""

    def export_data(self, dataset: Any, **kwargs: Any) -> Any:
        book = Workbook(write_only=True)
        sheet = book.create_sheet(title=(dataset.title or "导出")[:31])
        sheet.freeze_panes = "A2"
        headings = [str(heading) for heading in dataset.headers or []]
        for index, width in enumerate(_widths(headings, dataset), start=1):
            sheet.column_dimensions[get_column_letter(index)].width = width
        sheet.append([_heading(sheet, text) for text in headings])
        for row in dataset:
            sheet.append([_cell(sheet, value) for value in row])
        content = io.BytesIO()
        book.save(content)
        return content.getvalue()


def _heading(sheet: Any, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    cell.alignment = Alignment(horizontal="center", vertical="center")
    return cell


def _cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, datetime):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = _MOMENT
        return cell
    if value == "":
        return None
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, value)
        # Text, whatever it begins with: nothing in an export is ever run.
        cell.data_type = "s"
        return cell
    return value


def _widths(headings: list[str], dataset: Any) -> list[int]:
    """In characters; a Chinese one is twice as wide. The first rows stand for all."""
    rows = [headings, *(dataset[n] for n in range(min(len(dataset), 100)))]
    return [
        min(max((_width(row[i]) for row in rows), default=8) + 2, WIDEST)
        for i in range(len(headings))
    ]


def _width(value: Any) -> int:
    if isinstance(value, datetime):
        return len(_MOMENT)
    text = "" if value is None else str(value)
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)
