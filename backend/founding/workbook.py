"""The workbook that an office fills in: a page a sheet, and notes with an example of each."""

from importlib import import_module
from io import BytesIO
from typing import Any

from backend.core.words import in_chinese
from backend.founding import sheets
from backend.imports.identity import Identity
from backend.imports.templates_out.choices import choices_of
from backend.imports.templates_out.hints import hint_of
from backend.imports.templates_out.workbook import Page, Template
from backend.places.models import Subdistrict

NAME = "开通小区模板.xlsx"
# Lists reach so far down.
_LAST = 300
# The column of another page from which one chooses: (page, attribute) -> (page, attribute).
_DRAWN = {
    (sheets.ACCOUNTS, "estate"): (sheets.PLACES_TITLE, "estate"),
    ("服务项目", "category"): ("服务类别", "name"),
    ("服务项目", "provider"): ("单位", "name"),
    ("清凉驿站", "organization"): ("单位", "name"),
}
_STEPS = (
    "1. 一页填一样东西，从左到右填。红底的列必须填，用不到的页留空。",
    "2. 鼠标停在列名上有说明；能从下拉框里选的，尽量选。不要改表名和列名。",
    "3. 填好后回到“开通小区”上传。先看预览，确认之后才会写入，写入后还能撤销。",
    "4. 这里不写密码，也不写居民的个人信息。居民用“居民”页的导入。",
)
_HEADING, _GREY = "#A62C1B", "#EFE9E6"


def workbook_for(subdistrict: Subdistrict) -> bytes:
    """The template as an .xlsx."""
    out = BytesIO()
    # Loaded when a workbook is made: no import has a use for it.
    book = import_module("xlsxwriter").Workbook(
        out, {"in_memory": True, "strings_to_formulas": False}
    )
    parts = sheets.parts(subdistrict.pk)
    _notes(book, parts, subdistrict)
    for part in parts:
        sheet = part.sheet
        columns = [column for column in sheet.columns if not column.ignored]
        choices = {c.attribute: choices_of(c, sheet, None, None) for c in columns}
        Page(
            book,
            Template(
                identity=Identity(sheet.register, "", ""),
                sheet_name=sheet.title,
                heading=sheet.title,
                columns=columns,
                choices={name: found for name, found in choices.items() if found is not None},
                note=f"{part.told}红底的列必须填。不要改列名。",
                drawn_from=_drawn_from(sheet.title, parts),
            ),
        ).write()
    book.get_worksheet_by_name(sheets.NOTES).activate()
    book.close()
    return out.getvalue()


def _drawn_from(title: str, parts: tuple[sheets.Part, ...]) -> dict[str, str]:
    cell_of = import_module("xlsxwriter.utility").xl_rowcol_to_cell
    found = {}
    for (page, attribute), (other, name) in _DRAWN.items():
        if page != title:
            continue
        columns = next(part.sheet.columns for part in parts if part.sheet.title == other)
        at = [c.attribute for c in columns if not c.ignored].index(name)
        # Below the heading, the note, and the names of the columns.
        first, last = (cell_of(row, at, row_abs=True, col_abs=True) for row in (3, _LAST))
        found[attribute] = f"='{other}'!{first}:{last}"
    return found


def _notes(book: Any, parts: tuple[sheets.Part, ...], subdistrict: Subdistrict) -> None:
    page = book.add_worksheet(sheets.NOTES)
    large = book.add_format({"bold": True, "font_size": 16})
    bold = book.add_format({"bold": True, "font_size": 12, "font_color": _HEADING})
    named = book.add_format({"bold": True, "bg_color": _GREY, "border": 1})
    plain = book.add_format({"border": 1})
    page.set_column(0, 7, 18)
    page.write_string(0, 0, f"{subdistrict.name}：开通一个社区", large)
    row = 1
    for step in _STEPS:
        page.write_string(row, 0, step)
        row += 1
    for part in parts:
        row += 1
        page.write_string(row, 0, part.sheet.title, bold)
        page.write_string(row + 1, 0, part.told)
        example = dict(part.example)
        for at, column in enumerate(c for c in part.sheet.columns if not c.ignored):
            mark = "（必填）" if column.required else ""
            page.write_string(row + 2, at, column.heading + mark, named)
            page.write_string(row + 3, at, example.get(column.attribute, ""), plain)
            page.write_comment(
                row + 2, at, in_chinese(hint_of(column).in_words() or "文字。"), {"author": "Linli"}
            )
        row += 4
    page.hide_gridlines(2)
