"""A sign-in sheet as a community worker keeps it, with what goes wrong in such sheets; and its mending."""

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

from backend.imports.patching.notes import BAD, FILLS

HEADINGS = ("序号", "姓 名", "性别", "年龄", "本人手机", "住在几号楼", "文化程度", "签名", "备注")
HEADER_ROW = 4
# Row 5 is on the roster; row 6 is his wife, who answers his phone; rows 7, 10 and 11 are bad.
PEOPLE: tuple[tuple[Any, ...], ...] = (
    (1, "张安然", "男", 65, 13900000001, "3-2-501", "初中", "√", None),
    (2, "李知远", "女", "63岁", "139 0000 0001", "同上", "初中", "√", "带了小孙子"),
    (3, "王清和", "男", 50, "1390000003", "4号楼", "大专", "√", None),
    (4, "赵云舒", "男", 48, 13900000004, "4-1-102", "高中", "√", None),
    (5, "钱若水", "女", None, None, None, None, "√", "路过，没留电话"),
    (6, "孙若谷", "女", 165, 13900000006, "5-1-101", "小学", "√", None),
    (7, "周明礼", "南", 71, "1.39E+10", "5-1-102", "高中", None, None),
    (8, "吴静好", "女", 58, "13900000008/13900000009", "3-1-201", "大专", "√", None),
)
# What is said on the paper, by row and column.
ON_PAPER = {(7, "E"): "13900000003", (10, "D"): 65, (11, "C"): "男", (11, "E"): "13900000007"}
_LINE = Side(style="thin")
_WIDTHS = {"A": 6, "B": 10, "C": 6, "D": 7, "E": 26, "F": 14, "G": 10, "H": 8, "I": 20}


def sheet_with_problems(folder: Path, day: datetime.date) -> Path:
    """Two title rows and a hint above the headings, borders and widths, a total and a signature."""
    book = Workbook()
    sheet: Worksheet = book.active
    sheet.title = "签到表"
    title = (
        f"活动名称：民法典进小区    时间：{day.year}年{day.month}月{day.day}日    地点：小马扎剧场"
    )
    for text in ("新河社区普法活动签到表", title, "请用正楷填写，手机号仅用于活动通知"):
        sheet.append([text])
    for row in (1, 2, 3):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(HEADINGS))
    sheet["A1"].font = Font(name="宋体", size=18, bold=True)
    sheet["A1"].alignment = Alignment(horizontal="center")
    for row in (HEADINGS, *PEOPLE):
        sheet.append(row)
    sheet.append(["合计", None, None, len(PEOPLE)])
    sheet.append(["制表人：王工作"])
    for cells in sheet.iter_rows(min_row=HEADER_ROW, max_row=HEADER_ROW + len(PEOPLE)):
        for cell in cells:
            cell.border = Border(_LINE, _LINE, _LINE, _LINE)
    for column, width in _WIDTHS.items():
        sheet.column_dimensions[column].width = width
    path = folder / "民法典签到表.xlsx"
    book.save(path)
    return path


def red_cells(path: Path) -> set[tuple[int, str]]:
    """The cells that a corrected workbook shows as bad, by row and column."""
    sheet = load_workbook(path)["签到表"]
    return {
        (cell.row, cell.column_letter)
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.start_color.rgb == FILLS[BAD]
    }


def mend(path: Path, right: Mapping[tuple[int, str], Any]) -> Path:
    """Writes what is right into red cells, and nothing else, and saves as a person would."""
    book = load_workbook(path)
    for (row, column), value in right.items():
        book["签到表"][f"{column}{row}"] = value
    book.save(path)
    return path
