"""Who may have an uploaded sheet back, whole: who brought it, and who may see its people in full."""

from typing import Any
from urllib.parse import quote

from django.http import FileResponse

from backend.core.access import Actor
from backend.core.disclosures import log_export
from backend.core.errors import not_allowed, not_found
from backend.core.reveals import reveal_scope
from backend.imports.corrected import corrected_workbook
from backend.imports.models import ImportBatch
from backend.imports.sheet import Sheet, sheet_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _names_people(sheet: Sheet) -> bool:
    return any(column.personal for column in sheet.columns)


def may_download(user: Any, batch: ImportBatch) -> bool:
    """Whether the user may have the batch's file back, as it came."""
    sheet = sheet_of(batch.register)
    if not _names_people(sheet) or batch.uploaded_by_id == user.pk:
        return True
    model: Any = sheet.main_model
    return reveal_scope(user, model.area).covers(batch.community_id)


def has_corrected(user: Any, batch: ImportBatch) -> bool:
    """Whether a corrected workbook can be had of the batch, by this user."""
    return bool(batch.upload) and batch.header_row is not None and may_download(user, batch)


def corrected_file(batch: ImportBatch, *, by: Actor) -> FileResponse:
    """Their own file, with the bad cells coloured and a column 错误说明; whole, so logged.

    Raises: not_allowed; not_found where the file is no longer kept, or has no table; file_too_large.
    """
    if not may_download(by.user, batch):
        raise not_allowed()
    if not has_corrected(by.user, batch):
        raise not_found("这个导入批次的文件")
    made = corrected_workbook(batch)
    note_download(batch, by=by)
    response = FileResponse(made, content_type=XLSX)
    name = quote(f"{batch.file_name.rsplit('.', 1)[0]}-错误说明.xlsx")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    response["Cache-Control"] = "private, no-store"
    return response


def note_download(batch: ImportBatch, *, by: Actor) -> None:
    """Writes down that the sheet left whole."""
    sheet = sheet_of(batch.register)
    if _names_people(sheet):
        model: Any = sheet.main_model
        log_export(
            model,
            {batch.community_id: ()},
            by=by,
            reason=f"导入批次 {batch.code} 的错误说明",
            whole=True,
            details=f"{batch.read} 行",
        )
