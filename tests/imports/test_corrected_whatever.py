"""A corrected workbook comes back whatever else is wrong with the file, and never costs the server."""

import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile

from backend.core.access import Actor
from backend.education.models import LegalEducationEvent
from backend.imports.actions import Upload, plan_batch, receive
from backend.imports.corrected import corrected_workbook
from backend.imports.models import ImportBatch
from backend.imports.reading import read_sheet
from backend.imports.sheet import sheet_of
from backend.people.models import User
from tests.imports.workbooks import make_xlsx, xml_row
from tests.schema.asking import caller

pytestmark = pytest.mark.django_db
HEAD = xml_row(1, {"A": "姓名", "B": "联系电话"})
BAD = xml_row(2, {"A": "张安然", "B": "139"})
MERGED = '<mergeCells><mergeCell ref="A3:XFD1048576"/></mergeCells>'


def planned(
    content: bytes, event: LegalEducationEvent, by: Actor, name: str = "a.xlsx"
) -> ImportBatch:
    batch = receive(
        Upload(ContentFile(content), name, len(content)),
        sheet_of("attendance"),
        community=event.community,
        by=by,
        target_code=event.code,
    )
    return plan_batch(batch, by=by)


def back(batch: ImportBatch, folder: Path) -> dict[int, list[Any]]:
    """The rows of the corrected workbook, as the next upload would read them."""
    path = folder / "corrected.xlsx"
    with corrected_workbook(batch) as made:
        path.write_bytes(made.read())
    with read_sheet(path) as sheet:
        return dict(sheet.rows)


def with_part(folder: Path, name: str, content: bytes, sheet: str = "") -> bytes:
    path = make_xlsx(folder / "a.xlsx", [HEAD, BAD])
    with zipfile.ZipFile(path) as package:
        parts = {member: package.read(member) for member in package.namelist()}
    if sheet:
        key = "xl/worksheets/sheet1.xml"
        parts[key] = parts[key].replace(b"</sheetData>", b"</sheetData>" + sheet.encode())
    if name:
        parts[name] = content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for member, part in parts.items():
            package.writestr(member, part)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("name", "content", "sheet"),
    [
        # Parts that the import does not look at.
        ("xl/theme/theme1.xml", b"<a>" * 200_000, ""),
        ("docProps/core.xml", b"no xml", ""),
        # A library that builds the workbook in memory would unpack this, and make an object of each
        # cell of that.
        ("xl/media/image1.png", bytes(60 * 2**20), ""),
        ("", b"", MERGED),
    ],
    ids=["theme", "properties", "picture", "merge"],
)
@pytest.mark.slow
def test_rows_and_explanations_come_back(
    name: str,
    content: bytes,
    sheet: str,
    event_open: LegalEducationEvent,
    actor: Actor,
    tmp_path: Path,
) -> None:
    batch = planned(with_part(tmp_path, name, content, sheet), event_open, actor)
    assert batch.reject == 1
    rows = back(batch, tmp_path)
    assert rows[2][:2] == ["张安然", "139"]
    assert "请" in rows[2][2]
    assert rows[1][2] == "错误说明"


def test_characters_that_no_xlsx_may_hold_are_left_out(
    event_open: LegalEducationEvent, actor: Actor, tmp_path: Path
) -> None:
    text = ("姓名,联系电话\n张\x01安然,139\n" + "李知远,13700000002\n" * 99).encode()
    rows = back(planned(text, event_open, actor, "a.csv"), tmp_path)
    assert rows[2][0] == "张安然"
    assert len(rows) == 101


def test_of_a_file_that_cannot_be_read_the_page_says_so_again(
    event_open: LegalEducationEvent, actor: Actor, worker: User
) -> None:
    batch = planned(b"<html><table></table></html>", event_open, actor, "a.xls")
    address = f"/admin/imports/importbatch/{batch.pk}/corrected/"
    page = caller(worker).get(address, follow=True)
    assert page.status_code == 200
    assert page.redirect_chain
    assert "请用 WPS 或 Excel 另存为 .xlsx 后再上传" in page.content.decode()
