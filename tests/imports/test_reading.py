"""Rows come out of every kind of file as a person sees them in the spreadsheet program."""

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt
from python_calamine import CalamineWorkbook

from backend.imports.formats import xlsx
from backend.imports.formats.dense import dense_rows
from backend.imports.reading import Sheet, UnknownSheet, UnreadableFile, read_sheet

from .workbooks import make_ods, make_xlsb, make_xlsx, ods_text, table_rows, xml_row

pytestmark = pytest.mark.once

TABLE = [["序号", "姓名", "日期"], [1.0, "张三", dt.date(2025, 4, 1)], [2.0, "李四", None]]
SEEN = [(3, [None, "序号", "姓名", "日期"]), (4, [None, 1.0, "张三", dt.date(2025, 4, 1)])]
SEEN.append((6, [None, 2.0, "李四"]))
PLACES = ((3, TABLE[0]), (4, TABLE[1]), (6, TABLE[2]))


def rows_of(path: Path, **asked: Any) -> list[tuple[int, list[Any]]]:
    with read_sheet(path, **asked) as sheet:
        return list(sheet.rows)


def opened(path: Path, **asked: Any) -> Sheet:
    with read_sheet(path, **asked) as sheet:
        return sheet


def save(path: Path, *sheets: tuple[str, list[list[Any]]], hidden: tuple[str, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        made = book.create_sheet(name)
        for row in rows:
            made.append(row)
        made.sheet_state = "hidden" if name in hidden else "visible"
    book.save(path)
    return path


def xlsx_table(path: Path) -> Path:
    book = openpyxl.Workbook()
    for number, values in PLACES:
        for column, value in enumerate(values, start=2):
            book.active.cell(number, column, value)
    book.active.cell(5, 2, "   ")
    book.active.cell(5, 4, "\u3000")
    book.save(path)
    return path


def xls_table(path: Path) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet")
    date = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for number, values in PLACES:
        for column, value in enumerate(values, start=1):
            if isinstance(value, dt.date):
                sheet.write(number - 1, column, value, date)
            elif value is not None:
                sheet.write(number - 1, column, value)
    sheet.write(4, 1, "   ")
    book.save(str(path))
    return path


def ods_table(path: Path) -> Path:
    def number(value: int) -> str:
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'

    day = '<table:table-cell office:value-type="date" office:date-value="2025-04-01"/>'
    blank = "<table:table-cell/>"
    rows = [
        blank + ods_text("序号") + ods_text("姓名") + ods_text("日期"),
        blank + number(1) + ods_text("张三") + day,
        blank + ods_text("   "),
        blank + number(2) + ods_text("李四"),
    ]
    lead = '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
    body = lead + "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    return make_ods(path, f'<table:table table:name="Sheet">{body}</table:table>')


@pytest.mark.parametrize("make", [xlsx_table, xls_table, ods_table])
@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.csv", "没有后缀"])
def test_tells_the_kind_by_content_and_numbers_rows_and_columns_as_shown(make, name, tmp_path):
    path = make(tmp_path / name)
    assert rows_of(path) == SEEN
    assert opened(path).kind == make.__name__.removesuffix("_table")


def test_reads_a_binary_workbook(tmp_path):
    path = make_xlsb(tmp_path / "a.xls", [["姓名", "年龄"], ["张三", 61.0]])
    assert rows_of(path) == [(1, ["姓名", "年龄"]), (2, ["张三", 61.0])]


def test_keeps_types_apart(tmp_path):
    moment = dt.datetime(2025, 4, 1, 9, 30)
    row = ["138", 13812345678, 1.5, True, moment, dt.time(9, 30), dt.timedelta(hours=30)]
    assert rows_of(save(tmp_path / "a", ("表", [row]))) == [(1, row)]


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_error_cells_say_which_error(kind, tmp_path):
    path = tmp_path / "a"
    if kind == "xlsx":
        path = save(path, ("表", [["#REF!", None, "好"], ["#N/A"], [None, "#DIV/0!"]]))
    elif kind == "xls":
        book = xlwt.Workbook()
        sheet = book.add_sheet("表")
        sheet.row(0).set_cell_error(0, "#REF!")
        sheet.write(0, 2, "好")
        sheet.row(1).set_cell_error(0, 0x2A)
        sheet.row(2).set_cell_error(1, "#DIV/0!")
        book.save(str(path))
    else:
        error = '<table:table-cell office:value-type="string" office:string-value="" '
        error += 'calcext:value-type="error"><text:p>%s</text:p></table:table-cell>'
        old = '<table:table-cell office:value-type="float" office:value="0"><text:p>%s</text:p>'
        old += "</table:table-cell>"
        rows = [
            error % "#REF!" + "<table:table-cell/>" + ods_text("好"),
            error % "#N/A",
            "<table:table-cell/>" + old % "#DIV/0!",
        ]
        body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
        path = make_ods(path, f'<table:table table:name="表">{body}</table:table>')
    assert rows_of(path) == [(1, ["#REF!", None, "好"]), (2, ["#N/A"]), (3, [None, "#DIV/0!"])]


def test_reads_an_error_that_calamine_does_not_know(tmp_path):
    rows = ['<row r="1"><c r="A1" t="str"><v>甲</v></c><c r="C1" t="e"><v>#SPILL!</v></c></row>']
    path = make_xlsx(tmp_path / "a", rows)
    with pytest.raises(Exception, match="SPILL"):
        CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    assert rows_of(path) == [(1, ["甲", None, "#SPILL!"])]


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_fills_merged_cells_down_inside_their_range_and_never_to_the_right(kind, tmp_path):
    """Title over A1:C2; 三组 over A4:A6; a block over B7:C8; row 6 has nothing of its own."""
    path = tmp_path / "a"
    cells = {"A1": "签到表", "A3": "组", "B3": "姓名", "A4": "三组", "B4": "甲", "B5": "乙"}
    cells |= {"A7": "四组", "B7": "块", "A8": "四组"}
    if kind == "xlsx":
        book = openpyxl.Workbook()
        for place, text in cells.items():
            book.active[place] = text
        for area in ("A1:C2", "A4:A6", "B7:C8"):
            book.active.merge_cells(area)
        book.save(path)
    elif kind == "xls":
        book = xlwt.Workbook()
        sheet = book.add_sheet("表")
        sheet.write_merge(0, 1, 0, 2, "签到表")
        sheet.write_merge(3, 5, 0, 0, "三组")
        sheet.write_merge(6, 7, 1, 2, "块")
        for place, text in cells.items():
            if place not in ("A1", "A4", "B7"):
                sheet.write(int(place[1]) - 1, "ABC".index(place[0]), text)
        book.save(str(path))
    else:
        under = "<table:covered-table-cell/>"
        rows = [
            ods_text("签到表", number_rows_spanned=2, number_columns_spanned=3) + under * 2,
            under * 3,
            ods_text("组") + ods_text("姓名"),
            ods_text("三组", number_rows_spanned=3) + ods_text("甲"),
            under + ods_text("乙"),
            under,
            ods_text("四组") + ods_text("块", number_rows_spanned=2, number_columns_spanned=2),
            ods_text("四组") + under * 2,
        ]
        body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
        path = make_ods(path, f'<table:table table:name="表">{body}</table:table>')
    assert rows_of(path) == [
        (1, ["签到表"]),
        (3, ["组", "姓名"]),
        (4, ["三组", "甲"]),
        (5, ["三组", "乙"]),
        (7, ["四组", "块"]),
        (8, ["四组", "块"]),
    ]


def test_asks_which_of_several_sheets_and_counts_neither_blank_nor_hidden_ones(tmp_path):
    sheets = [
        ("一月", [["甲"]]),
        ("空", []),
        ("空格", [["  "]]),
        ("藏", [["乙"]]),
        ("二月", [["丙"]]),
    ]
    path = save(tmp_path / "a", *sheets, hidden=("藏",))
    with pytest.raises(UnreadableFile) as caught, read_sheet(path):
        pass
    assert (caught.value.code, caught.value.level) == ("several_sheets", "question")
    assert caught.value.names == ("一月", "二月")
    assert "（一月、二月），请指明要导入哪一张" in caught.value.message
    assert rows_of(path, sheet="二月") == [(1, ["丙"])]
    assert rows_of(path, sheet="藏") == [(1, ["乙"])]
    assert opened(path, sheet="二月").skipped_sheets == ("一月", "藏")
    with pytest.raises(UnreadableFile, match="没有内容"):
        rows_of(path, sheet="空格")
    with pytest.raises(UnknownSheet) as unknown:
        rows_of(path, sheet="三月")
    assert unknown.value.names == ("一月", "空", "空格", "藏", "二月")


def test_takes_the_one_visible_sheet_of_xls_and_ods(tmp_path):
    book = xlwt.Workbook()
    for name in ("藏", "空", "表"):
        book.add_sheet(name)
    book.get_sheet("藏").write(0, 0, "乙")
    book.get_sheet("藏").visibility = 1
    book.get_sheet("表").write(0, 0, "甲")
    book.save(str(tmp_path / "a.xls"))
    style = '<style:style style:name="ta2" style:family="table"><style:table-properties '
    style += 'table:display="false"/></style:style>'
    row = "<table:table-row>%s</table:table-row></table:table>"
    tables = '<table:table table:name="藏" table:style-name="ta2">' + row % ods_text("乙")
    tables += '<table:table table:name="空">' + row % "<table:table-cell/>"
    tables += '<table:table table:name="表" table:style-name="ta1">' + row % ods_text("甲")
    make_ods(tmp_path / "a.ods", tables, style)
    for name in ("a.xls", "a.ods"):
        sheet = opened(tmp_path / name)
        assert (sheet.name, sheet.skipped_sheets) == ("表", ("藏",))
        assert rows_of(tmp_path / name) == [(1, ["甲"])]


def test_leaves_comments_out_of_ods_cells_and_keeps_their_paragraphs_and_spaces(tmp_path):
    comment = "<office:annotation><dc:date>x</dc:date><text:p>批注</text:p></office:annotation>"
    cell = f'<table:table-cell office:value-type="string">{comment}<text:p>甲<text:s text:c="2"/>'
    cell += "<text:span>乙</text:span></text:p><text:p>丙</text:p></table:table-cell>"
    time = '<table:table-cell office:value-type="time" office:time-value="PT%sM00S"/>'
    row = f"<table:table-row>{cell}{time % '09H30'}{time % '30H30'}</table:table-row>"
    path = make_ods(tmp_path / "a", f'<table:table table:name="表">{row}</table:table>')
    long = dt.timedelta(hours=30, minutes=30)
    assert rows_of(path) == [(1, ["甲  乙\n丙", dt.time(9, 30), long])]


def test_knows_the_1904_system(tmp_path):
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append([dt.date(2025, 4, 1), 44286])
    book.save(tmp_path / "a.xlsx")
    old = xlwt.Workbook()
    old.dates_1904 = 1
    old.add_sheet("表").write(0, 0, 44286, xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    old.save(str(tmp_path / "a.xls"))
    for name in ("a.xlsx", "a.xls"):
        assert opened(tmp_path / name).epoch1904
        assert rows_of(tmp_path / name)[0][1][0] == dt.date(2025, 4, 1)
    assert not opened(xlsx_table(tmp_path / "b")).epoch1904


def test_the_slow_reader_says_what_calamine_says(tmp_path, monkeypatch):
    formats = ["yyyy-mm-dd", 'yyyy"年"m"月"d"日"', "h:mm", "[h]:mm", "0.00", "General", "#,##0"]
    formats += ["[$-F800]dddd, mmmm dd, yyyy", '"dd"0', "[Red]0;[Blue]-0", "m/d/yy h:mm AM/PM"]
    numbers = [0, 0.25, 0.9999999, 1, 1.5, 59, 60, 61, 45748, 45748.39583, 2958465, 3000000]
    book = openpyxl.Workbook()
    for number in numbers:
        book.active.append([number] * len(formats))
        for cell, number_format in zip(book.active[book.active.max_row], formats, strict=True):
            cell.number_format = number_format
    book.active.append(["  两边  ", "a\nb", "x_x000D_y", "<&>", True, False, "", None, "尾"])
    book.active.append([])
    book.active.append([None, "后"])
    book.save(tmp_path / "a")
    shared = "<si/><si><r><t>甲</t></r><rPh><t>jia</t></rPh><r><t>乙</t></r></si>"
    cells = '<c r="A1" t="s"><v>1</v></c><c r="B1" t="s"><v>0</v></c><c r="C1"><v>7</v></c>'
    make_xlsx(tmp_path / "b", [f'<row r="1">{cells}</row>'], shared)
    for path in (tmp_path / "a", tmp_path / "b"):
        book = xlsx.XlsxBook(path)
        name = book.sheets()[0][0]
        quick = list(dense_rows(CalamineWorkbook.from_path(path).get_sheet_by_name(name)))
        monkeypatch.setattr(xlsx, "DENSE_CELLS", 0)
        assert list(book.rows(name)) == quick


def test_reads_cells_that_do_not_say_where_they_are(tmp_path):
    rows = ["<row><c><v>1</v></c><c/><c t='e'><v>#REF!</v></c></row>", "<row><c><v>2</v></c></row>"]
    path = make_xlsx(tmp_path / "a", rows)
    assert rows_of(path) == [(1, [1.0, None, "#REF!"]), (2, [2.0])]


def test_a_phone_formatted_as_hours_stays_a_number(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["甲", 1])
    book.active.append(["乙", 13812345678])
    book.active["B2"].number_format = "[h]:mm"
    book.save(tmp_path / "a")
    assert rows_of(tmp_path / "a") == [(1, ["甲", 1.0]), (2, ["乙", 13812345678.0])]


def test_streams_a_large_table_in_order(tmp_path):
    path = make_xlsx(tmp_path / "a", table_rows(20_000))
    with read_sheet(path) as sheet:
        for count, (number, cells) in enumerate(sheet.rows, start=1):
            assert number == count
            assert cells[0] == f"A-{count}"
            assert len(cells) == 9
    assert count == 20_000


def test_a_row_longer_than_a_frame_still_arrives(tmp_path):
    digits = "".join(map(str, range(6_000)))
    texts = {column: column + digits for column in ("A", "B", "C")}
    path = make_xlsx(tmp_path / "a", [xml_row(number, texts) for number in range(1, 200)])
    rows = rows_of(path)
    assert len(rows) == 199
    assert rows[-1] == (199, list(texts.values()))


def test_the_path_may_be_relative_and_chinese(tmp_path, monkeypatch):
    shutil.copy(xlsx_table(tmp_path / "a"), tmp_path / "签到表 '四月'.xlsx")
    monkeypatch.chdir(tmp_path)
    assert rows_of(Path("签到表 '四月'.xlsx")) == SEEN
