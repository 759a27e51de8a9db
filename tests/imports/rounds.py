"""One round of an import: uploaded, its good rows taken, the corrected workbook had."""

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from backend.education.models import LegalEducationEvent
from backend.imports.models import ImportBatch
from backend.imports.patching.notes import HEADING
from backend.imports.queries import row_problems
from backend.people.models import User
from tests.imports.doors import PAGES
from tests.schema.asking import caller


def upload(user: User, name: str, content: bytes, register: str = "attendance") -> ImportBatch:
    given: dict[str, Any] = {"import_file": SimpleUploadedFile(name, content)}
    if register == "attendance":
        given["target"] = LegalEducationEvent.objects.get(code="pf-open").pk
    done = caller(user).post(PAGES[register], given)
    assert done.status_code == 302
    return ImportBatch.objects.get(pk=done["Location"].split("/")[-3])


def take_good(user: User, batch: ImportBatch) -> None:
    address = f"/admin/imports/importbatch/{batch.pk}/confirm/"
    caller(user).post(address, {"take_good": "1"})
    batch.refresh_from_db()
    assert batch.status == "committed"


def corrected(user: User, batch: ImportBatch, folder: Path) -> Path:
    done = caller(user).get(f"/admin/imports/importbatch/{batch.pk}/corrected/")
    assert done.status_code == 200
    path = folder / f"{batch.pk}.xlsx"
    path.write_bytes(done.getvalue())  # type: ignore[attr-defined]
    return path


def explained(path: Path, sheet: str) -> tuple[str, dict[int, str]]:
    """The column of the explanations, and the explanations by row."""
    page = load_workbook(path)[sheet]
    (head,) = (cell for row in page.iter_rows() for cell in row if cell.value == HEADING)
    column = page[head.column_letter]
    told = {cell.row: cell.value for cell in column if cell.value and cell.row != head.row}
    return head.column_letter, told


def rejected(batch: ImportBatch) -> set[int]:
    return {p.row for p in row_problems(batch) if p.row and p.level != "note"}
