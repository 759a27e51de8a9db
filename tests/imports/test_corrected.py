"""The corrected workbook is staff's own: what is marked is marked, and nothing else changes."""

import re
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import load_workbook
from PIL import Image

from backend.imports.patching.notes import HEADING, Note, Task
from tests.imports.marking import (
    HEADINGS,
    SOFFICE,
    colours,
    converted,
    mark,
    members,
    rich_workbook,
    run,
)
from tests.imports.workbooks import make_zip, table_rows, xlsx_members, xml_row

pytestmark = pytest.mark.once
TASK = Task("签到表", header_row=3, last_heading=7)
NOTES = [
    Note(5, "联系电话：手机号应为 11 位，这里是 10 位，请核对。", {4: "bad"}),
    Note(6, "性别：性别请填“男”或“女”。<&>\x01", {2: "bad", 6: "asked"}),
]
_ROW = re.compile(rb"<row [^>]*?r=\"(\d+)\".*?(?:</row>|(?<=/)>)", re.DOTALL)


@pytest.fixture
def rich(tmp_path: Path) -> Path:
    Image.new("RGB", (8, 8), "red").save(tmp_path / "红.png")
    return rich_workbook(tmp_path / "签到表.xlsx", tmp_path / "红.png")


def rows_of(xml: bytes) -> dict[int, bytes]:
    return {int(found[1]): found[0] for found in _ROW.finditer(xml)}


def test_only_the_marked_cells_and_the_styles_change(rich: Path) -> None:
    before, after = members(rich), members(mark(rich, TASK, NOTES))
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"xl/worksheets/sheet1.xml", "xl/styles.xml"}
    assert set(before) == set(after)
    was, now = (found["xl/worksheets/sheet1.xml"] for found in (before, after))
    rows, marked = rows_of(was), rows_of(now)
    assert {number for number in rows if rows[number] != marked[number]} == {3, 5, 6}
    assert was.split(b"</sheetData>")[1] == now.split(b"</sheetData>")[1]
    # What stands at the end of the styles is added, what was there keeps its number.
    old, new = (found["xl/styles.xml"] for found in (before, after))
    assert (
        new.split(b"<cellXfs")[1]
        .split(b">", 1)[1]
        .startswith(old.split(b"<cellXfs")[1].split(b">", 1)[1].split(b"</cellXfs>")[0])
    )


def test_what_is_wrong_is_coloured_and_told(rich: Path) -> None:
    out = mark(rich, TASK, NOTES)
    assert colours(out, "签到表") == {"E5": "bad", "C6": "bad", "G6": "asked"}
    sheet = load_workbook(out)["签到表"]
    assert [sheet.cell(row, 9).value for row in range(2, 8)] == [
        None,
        HEADING,
        None,
        NOTES[0].text,
        "性别：性别请填“男”或“女”。<&>",
        None,
    ]
    assert sheet["I3"].font.b
    assert sheet.column_dimensions["I"].width == 48
    assert sheet.dimensions == "A1:I7"
    # The cell keeps all that it was but the fill.
    assert sheet["E5"].number_format == "@"
    assert sheet["E5"].border.left.style == "thin"
    assert sheet["E4"].fill.fill_type is None


def test_the_layout_stays(rich: Path) -> None:
    sheet = load_workbook(mark(rich, TASK, NOTES))["签到表"]
    assert [str(merged) for merged in sheet.merged_cells.ranges] == ["A1:H1"]
    assert sheet.row_dimensions[4].height == 30
    assert sheet.row_dimensions[6].hidden
    assert sheet.column_dimensions["B"].width == 21
    assert sheet.column_dimensions["G"].hidden
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("C4", "$3:$3")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.auto_filter.ref == "A3:H7"
    assert len(sheet.data_validations.dataValidation) == 1
    assert len(sheet.conditional_formatting) == 1
    assert sheet["B4"].comment.text == "本人来的"
    assert (len(sheet._images), len(sheet._charts)) == (1, 1)
    assert sheet["H6"].value == "=1+1"
    assert load_workbook(mark(rich, TASK, NOTES))["说明"].sheet_state == "hidden"


def test_a_second_round_takes_the_marks_of_the_first_away(rich: Path, tmp_path: Path) -> None:
    first = mark(rich, TASK, NOTES)
    again = Task("签到表", header_row=3, last_heading=8, explanation=8)
    second = mark(first, again, [Note(7, "新的问题。", {1: "asked"})])
    assert colours(second, "签到表") == {"B7": "asked"}
    sheet = load_workbook(second)["签到表"]
    assert sheet["I3"].value == HEADING
    assert sheet["J3"].value is None, "the same column, not another one"
    assert [sheet.cell(row, 9).value for row in range(4, 8)] == [None, None, None, "新的问题。"]
    assert sheet["E5"].number_format == "@"
    assert sheet["E5"].border.left.style == "thin"
    # What is left in the styles does not grow with every round of the same problems.
    third = mark(second, again, [])
    assert colours(third, "签到表") == {}


def test_a_deleted_explanation_is_no_reason_to_keep_the_colours(rich: Path) -> None:
    first = mark(rich, TASK, NOTES)
    book = load_workbook(first)
    book["签到表"].delete_cols(9)
    book.save(first)
    assert colours(first, "签到表") != {}
    assert colours(mark(first, TASK, NOTES[:1]), "签到表") == {"E5": "bad"}


def test_what_stands_to_the_right_of_the_table_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("签到表")
    sheet.write_row(0, 0, HEADINGS)
    sheet.write_row(1, 0, [1, "张安然", "男", 65, "137"])
    sheet.write(5, 8, "旁注")
    sheet.merge_range("J1:K9", "旁边的说明")
    # Hidden to the end, as people do who want no empty columns.
    sheet.set_column(8, 16383, 9, None, {"hidden": True})
    book.close()
    task = Task("签到表", header_row=1, last_heading=7)
    out = mark(path, task, [Note(2, "电话不对。", {4: "bad"})])
    sheet = load_workbook(out)["签到表"]
    assert (sheet["L1"].value, sheet["L2"].value) == (HEADING, "电话不对。")
    assert sheet["I6"].value == "旁注"
    columns = re.findall(rb"<col [^>]*>", members(out)["xl/worksheets/sheet1.xml"])
    assert [b"hidden" in c for c in columns] == [True, False, True]
    (ours,) = (c for c in columns if b'min="12"' in c)
    assert b'max="12"' in ours


@pytest.mark.slow
def test_every_row_can_be_marked_and_none_is_missed(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("表")
    sheet.write_row(0, 0, HEADINGS)
    for row in range(1, 3001):
        sheet.write_row(row, 0, [row, "张安然", "男", 65, f"137{row}", "3-2-501" * 9])
    book.close()
    task = Task("表", header_row=1, last_heading=7)
    for rows in (range(2, 3002), range(2, 3002, 97), (3001,), (2,)):
        out = mark(path, task, [Note(row, f"第 {row} 行", {4: "bad"}) for row in rows])
        sheet = load_workbook(out)["表"]
        told = [sheet.cell(row, 9).value for row in rows]
        assert told == [f"第 {row} 行" for row in rows]
        assert len(colours(out, "表")) == len(rows)


def test_prefixes_and_single_quotes_are_read_too(tmp_path: Path) -> None:
    """As the SDKs of other houses write it."""
    rows = [xml_row(1, {"A": "姓名", "B": "联系电话"}), xml_row(2, {"A": "张安然", "B": "137"})]
    parts = xlsx_members(())
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    body = re.sub(r"<(/?)(row|c|is|t)\b", r"<\1x:\2", "".join(rows))
    body = re.sub(r'(\w)="(\w+)"', r"\1='\2'", body)
    parts["xl/worksheets/sheet1.xml"] = (
        f"<x:worksheet xmlns:x='{main}'><x:sheetData>{body}</x:sheetData></x:worksheet>"
    )
    parts["xl/styles.xml"] = (
        f"<x:styleSheet xmlns:x='{main}'><x:fonts count='1'><x:font/></x:fonts>"
        "<x:fills count='1'><x:fill/></x:fills><x:borders count='1'><x:border/></x:borders>"
        "<x:cellXfs count='1'><x:xf fontId='0' fillId='0' borderId='0'/></x:cellXfs></x:styleSheet>"
    )
    path = make_zip(tmp_path / "表.xlsx", parts)  # type: ignore[arg-type]
    task = Task("表", header_row=1, last_heading=1)
    out = mark(path, task, [Note(2, "电话不对。", {1: "bad"})])
    sheet = members(out)["xl/worksheets/sheet1.xml"].decode()
    assert '<x:t xml:space="preserve">&#30005;' in sheet
    assert "<x:cols><x:col " in sheet
    assert 'count="3"' in members(out)["xl/styles.xml"].decode()


@pytest.mark.parametrize("odd", ["comment", "no_places", "disorder", "no_styles", "overlap"])
def test_an_odd_package_comes_back_as_its_content(tmp_path: Path, odd: str) -> None:
    rows = [xml_row(1, {"A": "姓名", "B": "联系电话"}), xml_row(2, {"A": "张安然", "B": "137"})]
    parts = xlsx_members(rows)
    styles = "<styleSheet><fonts><font/></fonts><fills><fill/></fills><cellXfs><xf/></cellXfs></styleSheet>"
    parts["xl/styles.xml"] = styles
    sheet = "".join(parts["xl/worksheets/sheet1.xml"])  # type: ignore[arg-type]
    if odd == "comment":
        sheet = sheet.replace("<sheetData>", '<sheetData><!-- <row r="2"> -->')
    elif odd == "no_places":
        sheet = re.sub(r' r="[A-Z]?\d"', "", sheet)
    elif odd == "disorder":
        sheet = re.sub(r'(<row r="1">.*?</row>)(<row r="2">.*?</row>)', r"\2\1", sheet)
    elif odd == "no_styles":
        del parts["xl/styles.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet
    path = make_zip(tmp_path / "表.xlsx", parts)  # type: ignore[arg-type]
    if odd == "overlap":
        overlapping(path)
    out = mark(path, Task("表", header_row=1, last_heading=1), [Note(2, "电话不对。", {1: "bad"})])
    sheet = load_workbook(out)["表"]
    if odd != "disorder":
        assert [cell.value for cell in sheet[1]] == ["姓名", "联系电话", HEADING]
        assert [cell.value for cell in sheet[2]] == ["张安然", "137", "电话不对。"]
        assert colours(out, "表") == {"B2": "bad"}
    assert out.stat().st_size < 20_000


def overlapping(path: Path) -> None:
    """Adds members that all point at the same packed bytes: copied, they would come out large."""
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        count = len(archive.infolist())
        sheet = archive.getinfo("xl/worksheets/sheet1.xml")
        start = archive.start_dir
    central = bytes(data[start : data.rindex(b"PK\x05\x06")])
    entry = next(
        central[at : at + 46 + len(sheet.filename)]
        for at in range(len(central))
        if central[at : at + 4] == b"PK\x01\x02"
        and central[at + 46 :].startswith(sheet.filename.encode())
    )
    for number in range(500):
        name = f"xl/worksheets/Sheet{number:03}"[: len(sheet.filename)].ljust(
            len(sheet.filename), "x"
        )
        central += entry[:46] + name.encode()
    end = data[data.rindex(b"PK\x05\x06") :]
    total = count + 500
    end[8:12] = total.to_bytes(2, "little") * 2
    end[12:16] = len(central).to_bytes(4, "little")
    path.write_bytes(bytes(data[:start]) + central + bytes(end))


def test_macros_do_not_come_back(tmp_path: Path) -> None:
    parts = xlsx_members([xml_row(1, {"A": "姓名"}), xml_row(2, {"A": "张安然"})])
    kind = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    parts["[Content_Types].xml"] = (
        f'<Types><Override PartName="/xl/workbook.xml" ContentType="{kind}"/>'
        '<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/>'
        "</Types>"
    )
    relations = str(parts["xl/_rels/workbook.xml.rels"])
    more = '<Relationship Id="r9" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/>'
    parts["xl/_rels/workbook.xml.rels"] = relations.replace("</Rel", more + "</Rel")
    parts["xl/vbaProject.bin"] = b"macro"
    parts["xl/styles.xml"] = (
        "<styleSheet><fonts><font/></fonts><fills><fill/></fills><cellXfs><xf/></cellXfs></styleSheet>"
    )
    path = make_zip(tmp_path / "表.xlsm", parts)  # type: ignore[arg-type]
    out = members(mark(path, Task("表", 1, 0), [Note(2, "不对。", {0: "bad"})]))
    assert "xl/vbaProject.bin" not in out
    assert b"vba" not in out["[Content_Types].xml"] + out["xl/_rels/workbook.xml.rels"]
    assert b"spreadsheetml.sheet.main+xml" in out["[Content_Types].xml"]


def test_a_bomb_ends_the_child_and_nothing_else(tmp_path: Path) -> None:
    big = xlsx_members(table_rows(60_000, "ABCDEFGHIJKLMNOP"))
    path = make_zip(tmp_path / "表.xlsx", big)  # type: ignore[arg-type]
    task = Task("表", header_row=1, last_heading=15)
    out = tmp_path / "out.xlsx"
    assert run(path, task, [Note(2, "不对。", {})], out, memory_bytes=2 * 2**20) in (3, 4)


@pytest.mark.slow
def test_a_hundred_thousand_rows_stay_within_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("表")
    style = book.add_format({"border": 1})
    sheet.write_row(0, 0, HEADINGS, style)
    for row in range(1, 100_001):
        sheet.write_row(row, 0, [row, "张安然", "男", 65, f"137{row:08}", "3-2-501"], style)
    book.close()
    task = Task("表", header_row=1, last_heading=7)
    notes = [Note(row, f"第 {row} 行", {4: "bad"}) for row in range(2, 100_002)]
    # Beyond what the process takes to start: 60 MB of address space.
    out = mark(path, task, notes, memory_bytes=60 * 2**20)
    last = rows_of(members(out)["xl/worksheets/sheet1.xml"])[100_001]
    assert b'<c r="I100001"' in last


@pytest.mark.slow
@pytest.mark.skipif(SOFFICE is None, reason="needs LibreOffice")
def test_another_program_opens_it_and_finds_all_there(rich: Path) -> None:
    """LibreOffice reads what we wrote, and what it saves can be marked again."""
    saved = converted(mark(rich, TASK, NOTES))
    sheet = load_workbook(saved)["签到表"]
    assert sheet["I5"].value == NOTES[0].text
    assert colours(saved, "签到表") == {"E5": "bad", "C6": "bad", "G6": "asked"}
    assert (len(sheet._images), len(sheet._charts)) == (1, 1)
    again = Task("签到表", header_row=3, last_heading=8, explanation=8)
    second = mark(saved, again, [Note(7, "新的问题。", {1: "asked"})])
    assert colours(second, "签到表") == {"B7": "asked"}
    page = load_workbook(second)["签到表"]
    assert [page.cell(row, 9).value for row in (3, 5, 7)] == [HEADING, None, "新的问题。"]
    before, after = members(saved), members(second)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"xl/worksheets/sheet1.xml", "xl/styles.xml"}
