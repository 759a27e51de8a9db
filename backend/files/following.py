"""Attachments of a record that is merged into another one go with it."""

from backend.core import gate
from backend.core.access import Actor
from backend.core.models import ChangeSet, Kept
from backend.files.models import Attachment
from backend.people.merging import follows_merges


@follows_merges
def move_attachments(
    model: type[Kept], keep: int, drop: int, changes: ChangeSet, by: Actor
) -> None:
    """Hangs them on the record that stays; a file that it has already stays where it was."""
    label = model._meta.label
    there = set(Attachment.objects.of(label, [keep]).kept().values_list("sha256", flat=True))
    rows = list(Attachment.objects.of(label, [drop]).kept().exclude(sha256__in=there))
    for row in rows:
        row.target_id = keep
    gate.save_many(rows, by=by, within=changes, restoring=True, repointing=True)
