"""Templates filled in as staff would, and dropped on the pages."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from backend.education.models import LegalEducationEvent
from backend.imports.models import ImportBatch
from backend.people.models import User
from tests.schema.asking import caller

# Pages of the registers that can be imported.
PAGES = {
    "attendance": "/admin/education/attendance/import/",
    "residents": "/admin/people/resident/import/",
    "legal_education_events": "/admin/education/legaleducationevent/import/",
}
PEOPLE = [
    {"姓名": "张安然", "联系电话": "13712340001"},
    {"姓名": "李知远", "联系电话": "13712340002"},
]


def get(user: User, register: str, **query: str) -> Any:
    return caller(user).get(f"/templates/{register}.xlsx", query)


def filled(content: bytes, rows: list[dict[str, Any]]) -> bytes:
    """A template as staff would fill it in: below the headings, saved by another program."""
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    header = next(row for row in range(1, 10) if sheet.cell(row, 1).fill.fgColor.rgb != "00000000")
    places = {cell.value: cell.column for cell in sheet[header]}
    for number, row in enumerate(rows, start=header + 1):
        for heading, value in row.items():
            sheet.cell(number, places[heading], value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(user: User, register: str, content: bytes, **given: Any) -> ImportBatch:
    file = SimpleUploadedFile("表.xlsx", content)
    done = caller(user).post(PAGES[register], {"import_file": file} | given)
    assert done.status_code == 302, done.content.decode()[-2000:]
    return ImportBatch.objects.get(pk=done["Location"].split("/")[-3])


def event_template(user: User, event: LegalEducationEvent) -> bytes:
    done = get(user, "attendance", event=event.code)
    assert done.status_code == 200
    return bytes(done.content)
