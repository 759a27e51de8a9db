"""Who may have an uploaded sheet back, whole: who brought it, and who may see its people in full."""

from typing import Any

from backend.core.access import Actor
from backend.core.disclosures import log_export
from backend.core.reveals import reveal_scope
from backend.imports.models import ImportBatch
from backend.imports.sheet import Sheet, sheet_of


def _names_people(sheet: Sheet) -> bool:
    return any(column.personal for column in sheet.columns)


def may_download(user: Any, batch: ImportBatch) -> bool:
    """Whether the user may have the batch's file back, as it came."""
    sheet = sheet_of(batch.register)
    if not _names_people(sheet) or batch.uploaded_by_id == user.pk:
        return True
    model: Any = sheet.main_model
    return reveal_scope(user, model.area).covers(batch.community_id)


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
