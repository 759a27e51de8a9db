"""A register's template as an .xlsx: headings, hints, lists, formats, and its identity."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from io import BytesIO
from typing import Any

from backend.imports.columns import Column
from backend.imports.formats.template_mark import NAME, PROPERTY
from backend.imports.identity import Identity
from backend.imports.templates_out.choices import Choices
from backend.imports.templates_out.hints import PLAIN, hint_of

# Lists and hints reach so far down; the formats hold for the whole column.
ROWS = 3_000
LISTS = "_lists"
# What a spreadsheet program takes as one list within a rule, and as the text beside a cell.
_LONGEST_LIST, _LONGEST_PROMPT, _LONGEST_TITLE = 255, 255, 32
_A4 = 9
_RED, _GREY, _LINE = "#A62C1B", "#EFE9E6", "#B9AEA8"
NOTE = "红底的列必须填，别的列可以留空。鼠标停在列名上有说明。一行填一个人（一件事），不要改列名。"


@dataclass
class Template:
    """What a template is made of."""

    identity: Identity
    sheet_name: str
    heading: str
    columns: Sequence[Column]
    # What stands above the headings: label and text.
    titles: Sequence[tuple[str, str]] = ()
    choices: dict[str, Choices] = field(default_factory=dict)
    # Rows filled in already, by attribute.
    rows: Sequence[dict[str, Any]] = ()
    note: str = NOTE
    # Cells of other pages that a column's list is made of: attribute -> "='小区'!$A$4:$A$99".
    drawn_from: dict[str, str] = field(default_factory=dict)


def workbook_of(template: Template) -> bytes:
    """The template as a file."""
    out = BytesIO()
    # Loaded when a workbook is made: no import has a use for it.
    book = import_module("xlsxwriter").Workbook(
        out, {"in_memory": True, "strings_to_formulas": False}
    )
    book.set_custom_property(PROPERTY, template.identity.as_mark())
    book.define_name(NAME, f'="{template.identity.as_mark()}"')
    # Hidden: nobody needs it in the list of names.
    book.defined_names[-1][3] = True
    Page(book, template).write()
    book.close()
    return out.getvalue()


class Page:
    """A visible sheet, as it is written."""

    def __init__(self, book: Any, template: Template) -> None:
        self.book = book
        self.template = template
        self.page = book.add_worksheet(template.sheet_name[:31])
        self.width = len(template.columns)
        # One a page: in a workbook of several each has its own.
        self.lists = LISTS + (template.sheet_name[:20] if book.worksheets()[1:] else "")
        # The heading, a line for each title, one for the note: then the columns.
        self.header = 2 + len(template.titles)

    def write(self) -> None:
        self._titles()
        self._headings()
        self._rows()
        self._lists()
        self._print()

    def _titles(self) -> None:
        last = self.width - 1
        heading = self.book.add_format({"bold": True, "font_size": 16, "align": "center"})
        plain = self.book.add_format({"align": "left", "valign": "vcenter"})
        note = self.book.add_format(
            {"font_color": "#6C625D", "font_size": 9, "text_wrap": True, "valign": "vcenter"}
        )
        self._across(0, self.template.heading, heading, last)
        self.page.set_row(0, 26)
        for row, (label, text) in enumerate(self.template.titles, start=1):
            self._across(row, f"{label}：{text}", plain, last)
            self.page.set_row(row, 18)
        self._across(self.header - 1, self.template.note, note, last)
        self.page.set_row(self.header - 1, 26)

    def _across(self, row: int, text: str, style: Any, last: int) -> None:
        if last > 0:
            self.page.merge_range(row, 0, row, last, "", style)
        self.page.write_string(row, 0, text, style)

    def _headings(self) -> None:
        shared = {"bold": True, "align": "center", "valign": "vcenter", "border": 1}
        shared |= {"border_color": _LINE, "text_wrap": True}
        required = self.book.add_format(shared | {"bg_color": _RED, "font_color": "#FFFFFF"})
        optional = self.book.add_format(shared | {"bg_color": _GREY})
        self.page.set_row(self.header, 24)
        for index, column in enumerate(self.template.columns):
            hint = hint_of(column)
            cells = self.book.add_format({"num_format": hint.number_format, "valign": "vcenter"})
            self.page.set_column(index, index, hint.width, cells)
            style = required if column.required else optional
            self.page.write_string(self.header, index, column.heading, style)
            self.page.write_comment(
                self.header,
                index,
                self._comment(column),
                {"author": "Linli", "font_size": 9, "x_scale": 1.6, "y_scale": 0.9},
            )
        self.page.freeze_panes(self.header + 1, 0)

    def _comment(self, column: Column) -> str:
        parts = ["必填。" if column.required else "可不填。", hint_of(column).in_words()]
        if column.attribute in {*self.template.choices, *self.template.drawn_from}:
            parts.append("可以从下拉框里选。")
        return "".join(dict.fromkeys(part for part in parts if part))

    def _rows(self) -> None:
        for row, values in enumerate(self.template.rows, start=self.header + 1):
            for index, column in enumerate(self.template.columns):
                value = values.get(column.attribute)
                if value not in (None, ""):
                    self._cell(row, index, column, value)

    def _cell(self, row: int, index: int, column: Column, value: Any) -> None:
        style = self.book.add_format({"num_format": hint_of(column).number_format})
        if isinstance(value, str):
            # Text, whatever it begins with: nothing in a template is ever run.
            self.page.write_string(row, index, value, style)
        else:
            self.page.write(row, index, value, style)

    def _lists(self) -> None:
        hidden: Any = None
        for index, column in enumerate(self.template.columns):
            choices = self.template.choices.get(column.attribute)
            rule = self._prompt(column)
            if choices is not None:
                written = ",".join(choices.values)
                source: Any = list(choices.values)
                if len(written) > _LONGEST_LIST or written.count(",") >= len(source):
                    if hidden is None:
                        hidden = self.book.add_worksheet(self.lists)
                        hidden.hide()
                    hidden.write_column(0, index, source)
                    cell_of = import_module("xlsxwriter.utility").xl_rowcol_to_cell
                    first, last = (
                        cell_of(at, index, row_abs=True, col_abs=True)
                        for at in (0, len(source) - 1)
                    )
                    name = self.lists if self.lists == LISTS else f"'{self.lists}'"
                    source = f"={name}!{first}:{last}"
                rule |= {"validate": "list", "source": source}
                if choices.closed:
                    # A warning and no more: 同上 may stand there, and the import says what is wrong.
                    rule |= {
                        "error_type": "warning",
                        "error_title": "不在下拉框里",
                        "error_message": "导入时可能认不出来。确定要这样填吗？",
                    }
                else:
                    rule["show_error"] = False
            elif column.attribute in self.template.drawn_from:
                drawn = self.template.drawn_from[column.attribute]
                rule |= {"validate": "list", "source": drawn, "show_error": False}
            elif rule:
                rule |= {"validate": "any"}
            if rule:
                top = self.header + 1
                self.page.data_validation(top, index, top + ROWS - 1, index, rule)

    def _prompt(self, column: Column) -> dict[str, Any]:
        hint = hint_of(column)
        # A box beside every cell is in the way; it stands where people go wrong.
        if not hint.example or hint.number_format == PLAIN:
            return {}
        return {
            "input_title": column.heading[:_LONGEST_TITLE],
            "input_message": hint.in_words()[:_LONGEST_PROMPT],
        }

    def _print(self) -> None:
        self.page.set_paper(_A4)
        if sum(hint_of(column).width for column in self.template.columns) > 95:
            self.page.set_landscape()
        self.page.fit_to_pages(1, 0)
        self.page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        self.page.repeat_rows(self.header)
        self.page.set_footer("&C第 &P 页 共 &N 页")
        self.page.hide_gridlines(0)
