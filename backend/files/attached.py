"""`record.attached`: what hangs on a record, so that a list of records is read in one statement."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch

from backend.core.models import Kept
from backend.files.models import Attachment
from backend.files.targets import targets


class Attached:
    """Stands on a model as a relation does: Django prefetches through it, into `to_attr`.

    No field: a label and a key are no relation that the database, or an optimizer, could follow.
    """

    def __get__(self, record: Any, model: type[Kept]) -> Any:
        return self if record is None else Attachment.objects.on(record).kept()

    def is_cached(self, record: Kept) -> bool:
        """Never: only `to_attr` keeps anything."""
        return False

    def get_prefetch_querysets(
        self, records: Sequence[Kept], querysets: Sequence[Any] | None = None
    ) -> tuple[Any, ...]:
        """Django's hook: all rows of these records, and how to tell whose is whose."""
        rows = querysets[0] if querysets else Attachment.objects.kept()
        found = rows.of(records[0]._meta.label, [record.pk for record in records])
        return found, _target_id, _pk, False, "attached", False


def _target_id(attachment: Attachment) -> int:
    return attachment.target_id


def _pk(record: Kept) -> Any:
    return record.pk


def prefetched(user: Any, to_attr: str) -> Prefetch:
    """The attachments that `user` may see, for a list of records: `.prefetch_related(...)`."""
    return Prefetch("attached", Attachment.objects.visible_to(user), to_attr=to_attr)


def give_to_targets() -> None:
    """Puts `attached` on every model whose records take attachments."""
    for model in targets().values():
        model.attached = Attached()  # type: ignore[attr-defined]
