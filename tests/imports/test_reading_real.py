"""Files as Excel, WPS, LibreOffice and office systems really write them: each to its rows."""

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt

from backend.imports.reading import UnreadableFile, read_sheet

from .workbooks import make_ods, make_xlsx, make_zip, ods_text, xlsx_members, xml_row

pytestmark = pytest.mark.once

HEAD = xml_row(1, {"A": "姓名", "B": "签到时间"})
TOP = (1, ["姓名", "签到时间"])


def rows_of(path: Path) -> list[tuple[int, list[Any]]]:
    with read_sheet(path) as sheet:
        return list(sheet.rows)


def hidden_of(path: Path) -> tuple[int, ...]:
    with read_sheet(path) as sheet:
        list(sheet.rows)
        return sheet.hidden()


def with_styles(path: Path, rows: list[str], styles: str, **more: str) -> Path:
    members = xlsx_members(rows)
    members["xl/styles.xml"] = styles
    return make_zip(path, {**members, **more})  # type: ignore[dict-item]


def test_the_pinyin_that_chinese_excel_keeps_beside_a_word_is_no_part_of_it(tmp_path: Path) -> None:
    strings = (
        "<si><t>姓名</t><rPh sb='0' eb='2'><t>xing'ming</t></rPh><phoneticPr fontId='1'/></si>"
        "<si><r><t>张</t></r><r><rPr><b/></rPr><t>安然</t></r><rPh sb='0' eb='1'><t>zhang</t></rPh></si>"
    )
    rows = [
        '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row>'
    ]
    assert rows_of(make_xlsx(tmp_path / "a", rows, strings)) == [(1, ["姓名"]), (2, ["张安然"])]


# What a Chinese Excel or WPS makes of 3-2, typed into a cell: a day, in its own built-in format.
@pytest.mark.parametrize("built_in", [14, 22, 27, 31, 36, 50, 57, 58])
def test_built_in_formats_of_chinese_programs_are_dates(built_in: int, tmp_path: Path) -> None:
    styles = (
        f'<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="{built_in}"/></cellXfs></styleSheet>'
    )
    row = '<row r="2"><c r="A2" s="0"><v>45748</v></c><c r="B2" s="1"><v>45748</v></c></row>'
    path = with_styles(tmp_path / "a", [HEAD, row], styles)
    assert rows_of(path) == [TOP, (2, [45748.0, dt.date(2025, 4, 1)])]


def test_and_in_xls_too(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    sheet.write(0, 0, "住址")
    marked = xlwt.easyxf(num_format_str='m"月"d"日"')
    for column in range(3):
        sheet.write(1, column, 45748, marked)
    sheet.write(2, 0, 45748)
    book.save(str(path))
    content = path.read_bytes()
    # The library gives this format the number 165: here it becomes Excel's own 58.
    number = (165).to_bytes(2, "little")
    changed = bytearray(content)
    at = content.find(b"\xe0\x00\x14\x00")
    while at >= 0:
        if changed[at + 6 : at + 8] == number:
            changed[at + 6 : at + 8] = (58).to_bytes(2, "little")
        at = content.find(b"\xe0\x00\x14\x00", at + 1)
    path.write_bytes(changed)
    day = dt.date(2025, 4, 1)
    assert rows_of(path) == [(1, ["住址"]), (2, [day, day, day]), (3, [45748.0])]


@pytest.mark.parametrize(
    "code",
    [
        'yyyy"年"m"月"d"日"',
        "[$-804]yyyy\\年m\\月d\\日",
        "[DBNum1][$-804]yyyy年m月d日;@",
        "yyyy/m/d;@",
        "aaaa",
    ],
)
def test_dates_by_the_formats_that_chinese_programs_write_out(code: str, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["日期", 45748])
    book.active["B1"].number_format = code
    book.save(tmp_path / "a")
    assert rows_of(tmp_path / "a") == [
        (1, ["日期", dt.date(2025, 4, 1) if code != "aaaa" else 45748.0])
    ]


def test_iso_dates_booleans_and_cells_without_an_address(tmp_path: Path) -> None:
    row = (
        '<row><c t="d"><v>2025-04-01T09:30:00</v></c><c t="b"><v>1</v></c>'
        '<c t="str"><v>甲</v></c><c t="n"/><c><v>3</v></c></row>'
    )
    path = make_xlsx(tmp_path / "a", [HEAD, row])
    seen = [dt.datetime(2025, 4, 1, 9, 30), True, "甲", None, 3.0]
    assert rows_of(path) == [TOP, (2, seen)]


STRICT = "http://purl.oclc.org/ooxml"


def test_strict_office_open_xml(tmp_path: Path) -> None:
    path = make_xlsx(tmp_path / "a", [HEAD, '<row r="2"><c r="A2"><v>1</v></c></row>'])
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    plain = "http://schemas.openxmlformats.org"
    strict = {
        name: part.replace(
            f"{plain}/spreadsheetml/2006/main", f"{STRICT}/spreadsheetml/main"
        ).replace(
            f"{plain}/officeDocument/2006/relationships", f"{STRICT}/officeDocument/relationships"
        )
        for name, part in parts.items()
    }
    assert rows_of(make_zip(tmp_path / "b", strict)) == [TOP, (2, [1.0])]


@pytest.mark.parametrize(
    "styles",
    [
        "<styleSheet/>",
        "<styleSheet><cellXfs/></styleSheet>",
        '<styleSheet><numFmts count="0"/></styleSheet>',
    ],
)
def test_styles_without_cell_formats(styles: str, tmp_path: Path) -> None:
    row = '<row r="2"><c r="A2" s="7"><v>45748</v></c></row>'
    assert rows_of(with_styles(tmp_path / "a", [HEAD, row], styles)) == [TOP, (2, [45748.0])]


FORMULAS = [
    '<c r="A2"><f>1+1</f><v>2</v></c>',
    '<c r="B2"><f>1+1</f></c>',
    '<c r="C2"><f>1+1</f><v></v></c>',
    '<c r="D2"><f ca="1">NOW()</f><v/></c>',
    '<c r="E2" t="str"><f>""</f><v></v></c>',
    '<c r="F2"><f t="shared" si="0"/></c>',
    '<c r="G2" t="str"><f>A1</f><v>甲</v></c>',
]


def test_a_formula_without_its_result_is_told_from_an_empty_cell(tmp_path: Path) -> None:
    missing = "#UNCALCULATED!"
    expected = [TOP, (2, [2.0, missing, missing, missing, None, missing, "甲"])]
    quick = make_xlsx(tmp_path / "a", [HEAD, f'<row r="2">{"".join(FORMULAS)}</row>'])
    assert rows_of(quick) == expected
    # And where it is read cell by cell.
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    slow = make_xlsx(tmp_path / "b", [HEAD, f'<row r="2">{"".join(FORMULAS)}</row>', far])
    assert rows_of(slow)[:2] == expected


def test_a_picture_in_a_cell_of_wps_is_a_text_there(tmp_path: Path) -> None:
    picture = 'DISPIMG("ID_A16C8CE6E39B4F25934D584A1C41E1E1",1)'
    cell = f'<c r="A2" t="str"><f>_xlfn.{picture}</f><v>={picture}</v></c>'.replace(
        '"ID', "&quot;ID"
    ).replace('1",1)', "1&quot;,1)")
    assert rows_of(make_xlsx(tmp_path / "a", [HEAD, f'<row r="2">{cell}</row>'])) == [
        TOP,
        (2, [f"={picture}"]),
    ]


def test_what_programs_add_of_their_own_changes_nothing(tmp_path: Path) -> None:
    rows = [
        HEAD,
        '<row r="2" spans="1:2" ht="14.25" customHeight="1"><c r="A2" s="0"><v>1</v></c></row>',
    ]
    members = xlsx_members(rows)
    sheet = "".join(members["xl/worksheets/sheet1.xml"])  # type: ignore[arg-type]
    views = '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView></sheetViews>'
    tail = (
        '<autoFilter ref="A1:B2"/><mergeCells count="0"/><dataValidations count="0"/>'
        '<hyperlinks><hyperlink ref="A2" location="x"/></hyperlinks>'
        '<tableParts count="1"><tablePart r:id="rId9"/></tableParts>'
        '<extLst><ext uri="{x}"><x14:y xmlns:x14="u"/></ext></extLst>'
    )
    sheet = sheet.replace("<sheetData>", views + "<sheetData>").replace(
        "</sheetData>", "</sheetData>" + tail
    )
    sheet = sheet.replace(
        "<worksheet ",
        '<worksheet xmlns:r="r" xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData" ',
    )
    members |= {
        "xl/worksheets/sheet1.xml": sheet,
        "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0",
        "xl/cellimages.xml": "<etc:cellImages/>",
        "xl/externalLinks/externalLink1.xml": "<externalLink/>",
        "xl/tables/table1.xml": '<table ref="A1:B2" totalsRowCount="1"/>',
        "docProps/app.xml": "<Properties><Application>WPS 表格</Application></Properties>",
    }
    assert rows_of(make_zip(tmp_path / "a.xlsm", members)) == [TOP, (2, [1.0])]  # type: ignore[arg-type]


def test_hidden_and_filtered_rows_are_read_and_told(tmp_path: Path) -> None:
    rows = [xml_row(number, {"A": f"甲{number}"}) for number in range(1, 6)]
    rows[2] = rows[2].replace('<row r="3"', '<row r="3" hidden="1"')
    rows[3] = rows[3].replace('<row r="4"', '<row hidden="true" outlineLevel="1" r="4"')
    assert hidden_of(make_xlsx(tmp_path / "a.xlsx", rows)) == (3, 4)
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    for number in range(5):
        sheet.write(number, 0, "甲")
    sheet.row(2).hidden = True
    book.save(str(tmp_path / "a.xls"))
    assert hidden_of(tmp_path / "a.xls") == (3,)
    row = "<table:table-row%s>" + ods_text("甲") + "</table:table-row>"
    body = row % "" + row % ' table:visibility="filter"' + row % ' table:visibility="collapse"'
    path = make_ods(tmp_path / "a.ods", f'<table:table table:name="表">{body}</table:table>')
    assert hidden_of(path) == (2, 3)
    assert len(rows_of(path)) == 3


XML_2003 = """<?xml version="1.0"{encoding}?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:html="http://www.w3.org/TR/REC-html40">
 <Worksheet ss:Name="签到表"><Table>
  <Row><Cell ss:MergeAcross="2"><Data ss:Type="String">签到表</Data></Cell></Row>
  <Row ss:Index="3"><Cell><Data ss:Type="String">姓名</Data></Cell>
   <Cell ss:Index="3"><Data ss:Type="String">电话</Data></Cell><Cell><Data ss:Type="String">时间</Data></Cell></Row>
  <Row ss:Hidden="1"><Cell ss:MergeDown="1"><Data ss:Type="String">张<html:B>安然</html:B></Data></Cell>
   <Cell ss:Index="3"><Data ss:Type="Number">13900060001</Data></Cell>
   <Cell><Data ss:Type="DateTime">2025-04-12T09:05:00.000</Data></Cell></Row>
  <Row><Cell ss:Index="3"><Data ss:Type="Error">#REF!</Data></Cell><Cell ss:Formula="=NOW()"/></Row>
  <Row><Cell><Data ss:Type="Boolean">1</Data></Cell></Row>
 </Table></Worksheet>
 <Worksheet ss:Name="空"><Table/></Worksheet>
 <Worksheet ss:Name="旧"><Table><Row><Cell><Data ss:Type="String">x</Data></Cell></Row></Table>
  <WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetHidden</Visible></WorksheetOptions>
 </Worksheet>
</Workbook>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb2312", "gbk", "gb18030", "utf-16"])
def test_reads_the_xml_of_excel_2003_that_office_systems_call_xls(
    encoding: str, tmp_path: Path
) -> None:
    declared = "" if encoding.startswith("utf") else f' encoding="{encoding.upper()}"'
    path = tmp_path / "a.xls"
    path.write_bytes(XML_2003.format(encoding=declared).encode(encoding))
    with read_sheet(path) as sheet:
        assert (sheet.name, sheet.kind, sheet.skipped_sheets) == ("签到表", "xls", ("旧",))
        rows = list(sheet.rows)
        assert sheet.hidden() == (4,)
    assert rows == [
        (1, ["签到表"]),
        (3, ["姓名", None, "电话", "时间"]),
        (4, ["张安然", None, 13900060001.0, dt.datetime(2025, 4, 12, 9, 5)]),
        (5, ["张安然", None, "#REF!", "#UNCALCULATED!"]),
        (6, [True]),
    ]


@pytest.mark.parametrize(
    ("what", "instead"),
    [
        ('ss:Index="3"', 'ss:Index="-3"'),
        ('ss:Index="3"', 'ss:Index="99999999"'),
        ('ss:MergeDown="1"', 'ss:MergeDown="x"'),
        ("</Row>", ""),
        ("13900060001", "电话"),
        ("<Workbook", '<!DOCTYPE x [<!ENTITY a "b">]><Workbook'),
    ],
)
def test_refuses_such_xml_when_it_is_broken(what: str, instead: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_text(XML_2003.format(encoding="").replace(what, instead), encoding="utf-8")
    with pytest.raises(UnreadableFile) as caught:
        rows_of(path)
    assert caught.value.code == "file_broken"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8"])
def test_text_as_wps_and_excel_export_it(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes('姓名\t备注\r\n张安然\t"两行\n""字"""\r\n李知远\t1,200\r\n'.encode(encoding))
    assert rows_of(path) == [
        (1, ["姓名", "备注"]),
        (2, ["张安然", '两行\n"字"']),
        (3, ["李知远", "1,200"]),
    ]


def test_names_that_no_database_takes_are_made_harmless(tmp_path: Path) -> None:
    strings = "<si><t>姓_x0000_名_xD800_</t></si>"
    first = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    for rows in ([first], [first, far]):
        path = make_xlsx(tmp_path / "a", rows, strings)
        assert "\ud800" not in rows_of(path)[0][1][0]
    members = xlsx_members([HEAD])
    book = str(members["xl/workbook.xml"]).replace('name="表"', f'name="{"长" * 5000}"')
    path = make_zip(tmp_path / "b", {**members, "xl/workbook.xml": book})  # type: ignore[dict-item]
    with read_sheet(path) as sheet:
        assert sheet.name == "长" * 80
    with read_sheet(path, sheet="长" * 80) as sheet:
        assert list(sheet.rows) == [TOP]
