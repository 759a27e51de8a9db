"""Reads of attachments."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from backend.core.access import Actor
from backend.core.models import Kept
from backend.files import rules
from backend.files.models import Attachment
from backend.files.permissions import may_attach, may_remove


def attachments_of(model_label: str, pks: Iterable[int]) -> Any:
    """Every attachment of these records, removed ones too: what erasing a person goes through."""
    return Attachment.objects.of(model_label, list(pks))


def attachments_on(record: Kept, user: Any) -> Any:
    """The attachments of a record that the user may see."""
    seen = Attachment.of_seen_records(user, among={record._meta.label})
    return Attachment.objects.filter(seen).kept().on(record)


def attachment_count(model: type[Kept]) -> Coalesce:
    """How many files hang on each row of a model, as an expression for its lists."""
    rows = Attachment.objects.filter(target_model=model._meta.label, target_id=OuterRef("pk"))
    counted = rows.kept().order_by().values("target_id").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def removed_from(record: Kept) -> Any:
    """What was taken off a record and is still there to be brought back, the latest first."""
    removed = Attachment.objects.on(record).filter(removed_at__isnull=False)
    return removed.order_by("-removed_at")[: rules.MAX_PER_RECORD]


def restorable_from(record: Kept, by: Actor) -> list[Attachment]:
    """What was taken off a record and the actor may bring back, the latest first."""
    removed = removed_from(record) if may_attach(by, record) else ()
    return [attachment for attachment in removed if may_remove(by, attachment)]
