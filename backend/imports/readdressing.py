"""A template that was dropped in the wrong place: taken where it belongs, or here all the same."""

from pathlib import Path
from typing import IO, Any

from django.core.files.base import File

from backend.core.access import Actor
from backend.core.errors import RuleViolation, not_found
from backend.imports import rules
from backend.imports.actions import Upload, receive
from backend.imports.choices import BatchStatus
from backend.imports.identity import OTHER, UNKNOWN, Place, identity_in, place_of
from backend.imports.models import ImportBatch
from backend.imports.reading import UnreadableFile, read_sheet
from backend.imports.sheet import sheet_of


def misplaced(batch: ImportBatch) -> str:
    """Why the batch was refused, if for its template: one of the codes of identity.py; else ""."""
    if batch.status != BatchStatus.REFUSED or not batch.upload:
        return ""
    codes = {problem["code"] for problem in batch.file_problems}
    return next((code for code in (OTHER, UNKNOWN) if code in codes), "")


def take_again(batch: ImportBatch, *, by: Actor, as_template: bool) -> ImportBatch:
    """A new batch of the same file: where its template says, or where it was put the first time.

    It is still to be planned. Raises: wrong_state unless the batch was refused for its template;
        not_found if the template's place is not there for `by`; upload_gone; as `receive`.
    """
    if not misplaced(batch):
        raise RuleViolation("wrong_state", "这批导入不是因为模板不符被退回的，请重新上传。")
    place = _place(batch, by) if as_template else None
    if as_template and place is None:
        raise not_found("模板里写的活动")
    with _opened(batch) as content:
        return receive(
            Upload(File(content), batch.file_name, batch.upload.size),
            place.sheet if place else sheet_of(batch.register),
            community=place.community if place else batch.community,
            by=by,
            target_code=_code(place.target) if place else batch.target,
            sheet_name=batch.sheet,
            despite_template=not as_template,
        )


def _opened(batch: ImportBatch) -> IO[bytes]:
    try:
        return Path(batch.upload.path).open("rb")
    except FileNotFoundError:
        raise rules.upload_is_gone() from None


def _place(batch: ImportBatch, by: Actor) -> Place | None:
    try:
        with read_sheet(
            Path(batch.upload.path), sheet=batch.sheet or None, called=batch.file_name
        ) as source:
            identity = identity_in(source.mark)
    except UnreadableFile as unreadable:
        if unreadable.code == "upload_gone":
            raise rules.upload_is_gone() from None
        return None
    return place_of(identity, by) if identity is not None else None


def _code(target: Any) -> str:
    return target.code if target is not None else ""
