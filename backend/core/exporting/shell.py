"""Everything of a workbook but its rows, made by xlsxwriter: styles, widths, the printed page.

The plain form is a heading and rows. The ledger (台账) is what is printed, signed and filed: title,
unit, period and who made it above, a line to sign below.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from backend.core.exporting.kinds import Kind

SHEET = "xl/worksheets/sheet1.xml"
_A4 = 9
_FONT = {"font_name": "宋体", "font_size": 11}
_FORMATS = {Kind.DAY: "yyyy-mm-dd", Kind.MOMENT: "yyyy-mm-dd hh:mm"}
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_ROW = re.compile(r"<row .*?</row>", re.DOTALL)
_STYLE = re.compile(r'<c r="[A-Z]+\d+" s="(\d+)"/>')
# Of no use before the rows are known; nobody needs it.
_DIMENSION = re.compile(r"<dimension [^>]*/>")
SIGNED = ("制表人：", "审核人：", "（盖章）")


@dataclass(frozen=True)
class SheetColumn:
    """One column of the sheet; `width` in characters, a Chinese one counting two."""

    heading: str
    kind: Kind
    width: float


@dataclass(frozen=True)
class LedgerFrame:
    """What stands around a ledger's table."""

    title: str
    unit: str
    period: str
    maker: str
    made_on: str


@dataclass
class Shell:
    """The package without its rows."""

    parts: list[tuple[str, bytes]]
    # The sheet up to its first row of data, and what follows the last.
    before: str
    after: str
    first_row: int
    styles: list[str]
    numbered: str = ""
    # The rows below the data, each with the number that it has in `foot_rows`.
    foot: list[tuple[int, str]] = field(default_factory=list)

    def feet(self, last_row: int, count: int) -> str:
        """The rows below the data, once it is known where that ends and how many rows it had."""
        made = []
        for offset, (was, row) in enumerate(self.foot, 1):
            row = re.sub(rf'r="([A-Z]*){was}"', rf'r="\g<1>{last_row + offset}"', row)
            made.append(row)
        return "".join(made).replace(_COUNT, str(count))


_COUNT = "#COUNT#"
# In points: one line of text, and a row of a ledger, which is read on paper.
LINE, LEDGER_ROW = 15, 18


def tab_name(text: str) -> str:
    """A name that a worksheet may have."""
    return _FORBIDDEN.sub("", text)[:31].strip() or "导出"


def shell_of(name: str, columns: Sequence[SheetColumn], frame: LedgerFrame | None) -> Shell:
    """The workbook around rows of these columns; with a frame, a ledger with a column 序号."""
    content = io.BytesIO()
    # Loaded when a workbook is made: no import has a use for it.
    book = import_module("xlsxwriter").Workbook(content, {"constant_memory": True})
    sheet = book.add_worksheet(tab_name(name))
    _lay_out_page(sheet, frame)
    if frame is not None:
        columns = [SheetColumn("序号", Kind.NUMBER, 6), *columns]
    edge = {"border": 1} if frame is not None else {}
    for index, column in enumerate(columns):
        # So that what somebody adds below looks alike; borders are the table's alone.
        sheet.set_column(index, index, column.width, book.add_format(_look(column.kind)))
    if frame is not None:
        sheet.set_default_row(LEDGER_ROW)
    top = _write_top(book, sheet, columns, frame) if frame is not None else 0
    heading = book.add_format(
        _FONT | edge | {"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True}
    )
    for index, column in enumerate(columns):
        # As text, whatever it begins with.
        sheet.write_string(top, index, column.heading, heading)
    sheet.repeat_rows(top)
    sheet.freeze_panes(top + 1, 0)
    # A row that says the numbers of the styles, and is taken out again.
    for index, column in enumerate(columns):
        sheet.write_blank(top + 1, index, None, book.add_format(_look(column.kind) | edge))
    if frame is not None:
        _write_foot(book, sheet, len(columns), top + 2)
    book.close()
    return _taken_apart(content, len(columns), top + 1, numbered=frame is not None)


def _lay_out_page(sheet: Any, frame: LedgerFrame | None) -> None:
    sheet.set_paper(_A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    if frame is not None:
        sheet.center_horizontally()


def _look(kind: Kind) -> dict[str, Any]:
    look = _FONT | {"valign": "vcenter"}
    if kind == Kind.LONG:
        # Not as text by its number format: older programs show long ones as ####.
        return look | {"text_wrap": True, "quote_prefix": True}
    if kind in (Kind.TEXT, Kind.DIGITS):
        return look | {"num_format": "@"} | ({"text_wrap": True} if kind == Kind.TEXT else {})
    if kind in _FORMATS:
        return look | {"num_format": _FORMATS[kind], "align": "left"}
    return look | {"align": "center"}


def _write_top(book: Any, sheet: Any, columns: Sequence[SheetColumn], frame: LedgerFrame) -> int:
    """Title, and the line below it; answers the row of the heading."""
    last = len(columns) - 1
    big = book.add_format(_FONT | {"font_size": 18, "bold": True} | {"align": "center"})
    small = book.add_format(_FONT | {"valign": "vcenter"})
    line = "　　".join(
        (
            f"单位：{frame.unit}",
            f"期间：{frame.period}",
            f"制表人：{frame.maker}",
            f"制表日期：{frame.made_on}",
        )
    )
    for row, text, look, height in ((0, frame.title, big, 32), (1, line, small, 22)):
        sheet.set_row(row, height)
        if last:
            sheet.merge_range(row, 0, row, last, "", look)
        sheet.write_string(row, 0, text, look)
    return 2


def _write_foot(book: Any, sheet: Any, width: int, row: int) -> None:
    """A line that counts, and one to sign; no merges, for nobody knows yet where they stand."""
    plain = book.add_format(_FONT | {"valign": "vcenter"})
    sheet.write_string(row, 0, f"合计：{_COUNT} 条", plain)
    sheet.set_row(row + 1, 34)
    places = (0, width // 3, width * 2 // 3)
    spots: dict[int, str] = {}
    for place, text in zip(places, SIGNED, strict=True):
        spots[place] = f"{spots.get(place, '')}{text}" + ("" if text.endswith("）") else "________")
    for place, text in spots.items():
        sheet.write_string(row + 1, place, text, plain)


def _taken_apart(content: io.BytesIO, width: int, first: int, *, numbered: bool) -> Shell:
    with zipfile.ZipFile(content) as package:
        parts = [(name, package.read(name)) for name in package.namelist()]
    xml = dict(parts)[SHEET].decode()
    before, after = xml.split("</sheetData>")
    before = _DIMENSION.sub("", before)
    foot: list[tuple[int, str]] = []
    styles: list[str] = []
    for match in list(_ROW.finditer(before))[::-1]:
        number = int(re.match(r'<row r="(\d+)"', match[0])[1])  # type: ignore[index]
        if number > first:
            if number == first + 1:
                styles = _STYLE.findall(match[0])
            else:
                foot.insert(0, (number, match[0]))
            before = before[: match.start()] + before[match.end() :]
    if len(styles) != width:
        raise RuntimeError("the styles of the columns were not found")
    return Shell(
        parts=[part for part in parts if part[0] != SHEET],
        before=before,
        after="</sheetData>" + after,
        first_row=first + 1,
        styles=styles[1:] if numbered else styles,
        numbered=styles[0] if numbered else "",
        foot=foot,
    )
