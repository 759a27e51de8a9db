"""Workbooks of many makes, and how the corrected one of each is had without a database."""

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation

from backend.imports.corrected import _CHILD
from backend.imports.patching.notes import Note, Task

SOFFICE = shutil.which("soffice")
HEADINGS = ["序号", "姓名", "性别", "年龄", "联系电话", "住址(楼号)", "签名", "备注"]


def mark(path: Path, task: Task, notes: Iterable[Note], *, memory_bytes: int = 0) -> Path:
    """The marked workbook, beside the file. Raises AssertionError if the child gives up."""
    out = path.with_name(f"{path.stem}-marked.xlsx")
    assert run(path, task, notes, out, memory_bytes=memory_bytes) == 0
    return out


def run(path: Path, task: Task, notes: Iterable[Note], out: Path, *, memory_bytes: int = 0) -> int:
    """The child's exit status."""
    request: dict[str, Any] = {"path": str(path), "called": path.stem, "task": asdict(task)}
    if memory_bytes:
        request["memory_bytes"] = memory_bytes
    lines = path.with_name(f"{path.stem}.notes")
    lines.write_text("".join(note.as_line() for note in notes), encoding="utf-8")
    with lines.open("rb") as given, out.open("w+b") as made:
        return subprocess.run(
            [sys.executable, "-I", str(_CHILD), json.dumps(request)],
            stdin=given,
            stdout=made,
            env={},
            check=False,
            timeout=120,
        ).returncode


def members(path: Path) -> dict[str, bytes]:
    """The parts of a workbook."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def rich_workbook(path: Path, picture: Path) -> Path:
    """A sheet with all that staff put into one: by openpyxl."""
    book = Workbook()
    sheet = book.active
    sheet.title = "签到表"
    line = Side(style="thin")
    sheet.append(["新河社区普法活动签到表"])
    sheet.merge_cells("A1:H1")
    sheet["A1"].font = Font(size=18, bold=True)
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet.append(["活动名称：民法典进小区", None, None, None, "时间：2026年4月1日"])
    sheet.append(HEADINGS)
    people = [
        [1, "张安然", "男", 65, "13900000001", "3-2-501", "√", None],
        [2, "李知远", "女", 70, "1371234567", "3-2-502", "√", None],
        [3, "王清和", "x", 50, "13712345679", "3号楼", None, "=1+1"],
        [4, "赵云舒", "男", 48, "13712345678", "3号楼", None, None],
    ]
    for row in people:
        sheet.append(row)
    for row in sheet["A3:H7"]:
        for cell in row:
            cell.border = Border(line, line, line, line)
    for cell in sheet[3]:
        cell.fill = PatternFill("solid", start_color="FFDDEBF7")
    sheet["E5"].fill = PatternFill("solid", start_color="FFE2EFDA")
    sheet["E5"].number_format = "@"
    sheet.row_dimensions[4].height = 30
    sheet.row_dimensions[6].hidden = True
    sheet.column_dimensions["B"].width = 21
    sheet.column_dimensions["G"].hidden = True
    sheet.freeze_panes = "C4"
    sheet.print_title_rows = "3:3"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.oddFooter.center.text = "第 &P 页"
    sheet.auto_filter.ref = "A3:H7"
    sheet.add_data_validation(DataValidation(type="list", formula1='"男,女"', sqref="C4:C99"))
    red = PatternFill("solid", bgColor="FFFFFF00")
    sheet.conditional_formatting.add("D4:D7", CellIsRule("greaterThan", ["60"], fill=red))
    sheet["B4"].comment = Comment("本人来的", "社区")
    sheet["B5"].hyperlink = "https://example.org/"
    sheet.add_image(Image(picture), "J2")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=4, min_row=3, max_row=7), titles_from_data=True)
    sheet.add_chart(chart, "J8")
    other = book.create_sheet("说明")
    other.sheet_state = "hidden"
    other["A1"] = "不导入"
    book.save(path)
    return path


def converted(path: Path, kind: str = "xlsx") -> Path:
    """The file as LibreOffice saves it."""
    folder = path.parent / f"lo-{path.stem}-{kind}"
    subprocess.run(
        [
            str(SOFFICE),
            f"-env:UserInstallation=file://{path.parent}/profile",
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            str(folder),
            str(path),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return folder / f"{path.stem}.{kind}"


def colours(path: Path, sheet: str) -> dict[str, str]:
    """The filled cells of a sheet that bear one of our two marks."""
    page = load_workbook(path)[sheet]
    ours = {"FFFFC7CD": "bad", "FFFFEB9B": "asked"}
    return {
        cell.coordinate: ours[cell.fill.fgColor.rgb]
        # Not down to a used range's last row: a million take minutes.
        for row in page.iter_rows(max_row=min(page.max_row, 4_000))
        for cell in row
        if cell.fill.fill_type == "solid" and cell.fill.fgColor.rgb in ours
    }
