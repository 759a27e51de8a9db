"""Imports forget a person: the file and the plan that name them go, the batch's counts stay."""

from collections.abc import Callable, Sequence
from typing import Any

from backend.core import gate
from backend.core.access import Actor
from backend.core.gate_forget import forget
from backend.core.models import ChangeSet
from backend.core.one_by_one import one_by_one
from backend.core.traces import cleaned, cleaner, file_mentions, stands_in
from backend.imports.choices import BatchStatus
from backend.imports.models import ImportBatch, MappingProfile, PlanChunk

_GIVE_UP = {BatchStatus.READING: "refuse", BatchStatus.PLANNED: "discard"}


def batches_that_mention(values: Sequence[str]) -> list[ImportBatch]:
    """The imports whose file, plan, or texts hold one of the values."""
    needles = [value.encode() for value in values]
    planned = {
        chunk.batch_id
        for chunk in one_by_one(PlanChunk.objects.order_by("pk"))
        if stands_in(chunk.payload, needles)
    }
    clean = cleaner(values)
    return [
        batch
        for batch in ImportBatch.objects.order_by("pk")
        if batch.pk in planned or _texts(batch, clean) or _file_mentions(batch, values)
    ]


def forget_in_imports(values: Sequence[str], *, by: Actor, within: ChangeSet) -> list[str]:
    """Takes the values out of all imports; answers the files that are to be deleted.

    What was not yet carried out and names the person is given up: it would bring them back.
    """
    clean = cleaner(values)
    files = []
    for batch in batches_that_mention(values):
        verb = _GIVE_UP.get(BatchStatus(batch.status))
        if verb is not None:
            batch = gate.move(batch, verb, by=by, within=within)
        gate.drop_notes(PlanChunk.objects.filter(batch=batch))
        texts = _texts(batch, clean)
        if batch.upload:
            files.append(str(batch.upload.name))
            texts["upload"] = ""
        forget(ImportBatch, [batch], _always(texts), within)
    _forget_profiles(clean, by, within)
    return files


def _forget_profiles(clean: Callable[[str], str], by: Actor, within: ChangeSet) -> None:
    """Headings name people where somebody has made a column of each: what was said of them goes."""
    named = [
        profile
        for profile in MappingProfile.objects.order_by("pk")
        if any(clean(text) != text for text in (*profile.headings, *profile.columns))
    ]
    gate.delete_many(named, by=by, within=within)


def _always(values: dict[str, Any]) -> Callable[[Any], dict[str, Any]]:
    return lambda row: values


def _texts(batch: ImportBatch, clean: Callable[[str], str]) -> dict[str, Any]:
    """What changes when the batch's texts are cleaned: names of files and columns, problems."""
    found: dict[str, Any] = {}
    for name in ("file_name", "sheet", "target", "headings", "file_problems", "undo_reason"):
        value = getattr(batch, name)
        if cleaned(value, clean) != value:
            found[name] = cleaned(value, clean)
    return found


def _file_mentions(batch: ImportBatch, values: Sequence[str]) -> bool:
    storage, name = batch.upload.storage, str(batch.upload.name or "")
    if not name:
        return False
    try:
        with storage.open(name) as file:
            return file_mentions(file.read(), values)
    except FileNotFoundError:
        return False
