"""How many rows a file has is known, roughly, before they are read: so that the time left can be told."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlwt

from backend.imports.reading import read_sheet
from tests.imports.workbooks import make_ods, make_xlsb, ods_text

ROWS = 300
ROW = "<table:table-row>{}</table:table-row>"
XML = """<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">{}</Workbook>"""


def xlsx(path: Path) -> None:
    book = openpyxl.Workbook()
    for number in range(ROWS):
        book.active.append([f"张{number}"])
    book.save(path)


def xls(path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("一")
    for number in range(ROWS):
        sheet.write(number, 0, f"张{number}")
    book.save(str(path))


def xlsb(path: Path) -> None:
    make_xlsb(path, [[f"张{number}"] for number in range(ROWS)])


def csv(path: Path) -> None:
    path.write_text("".join(f"张{number},1\n" for number in range(ROWS)))


def ods(path: Path) -> None:
    """Another table stands before it, and a great many blank rows end it, as programs write them."""
    blank = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    other = f'<table:table table:name="空">{ROW.format("<table:table-cell/>") * 50}</table:table>'
    rows = "".join(ROW.format(ods_text(f"张{number}")) for number in range(ROWS))
    make_ods(path, f'{other}<table:table table:name="一">{rows}{blank}</table:table>')


def xml_of_2003(path: Path) -> None:
    cell = '<Row><Cell><Data ss:Type="String">张{}</Data></Cell></Row>'
    rows = "".join(cell.format(number) for number in range(ROWS))
    blank = "<Row><Cell/></Row>" * 50
    first = f'<Worksheet ss:Name="空"><Table>{blank}</Table></Worksheet>'
    second = f'<Worksheet ss:Name="一"><Table>{blank}{rows}</Table></Worksheet>'
    path.write_text(XML.format(first + second), encoding="utf-8")


@pytest.mark.parametrize("make", [xlsx, xls, xlsb, csv, ods, xml_of_2003])
def test_tells_about_how_many_rows_there_are(make: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "表"
    make(path)
    with read_sheet(path) as sheet:
        assert len(list(sheet.rows)) == ROWS
        assert ROWS - 1 <= sheet.last_row <= ROWS + 1
