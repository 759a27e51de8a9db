"""Verbs of attachments: put on, name, take away, bring back."""

from collections.abc import Sequence

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor
from backend.core.edits import edited_by
from backend.core.errors import RuleViolation, not_allowed, not_found
from backend.core.gate_forget import forget_in_history
from backend.core.models import ChangeSet, Record
from backend.files import rules
from backend.files.choices import KIND_BY_CONTENT, AttachmentKind
from backend.files.examining import Incoming, examine
from backend.files.models import Attachment
from backend.files.permissions import answered_for, may_attach, may_remove
from backend.files.storing import Staged, drop_files, staged


def require_attachable(record: Record, *, by: Actor) -> None:
    """Raises: not_allowed unless the actor may put files on the record."""
    if not may_attach(by, record):
        raise not_allowed()


def attach(
    record: Record,
    upload: Incoming,
    *,
    by: Actor,
    title: str = "",
    kind: AttachmentKind | None = None,
) -> Attachment:
    """The file, on the record: examined, made harmless and stored.

    Raises: not_allowed; what `examine` refuses; attachment_twice; attachments_full; too_long.
    """
    require_attachable(record, by=by)
    with staged(examine(upload)) as files:
        return attach_staged(record, files, by=by, name=str(upload.name), title=title, kind=kind)


def attach_staged(
    record: Record,
    files: Staged,
    *,
    by: Actor,
    name: str,
    title: str = "",
    kind: AttachmentKind | None = None,
) -> Attachment:
    """As `attach`, for a file that has been stored. Raises: as `attach`."""
    require_attachable(record, by=by)
    found = files.examined
    with transaction.atomic():
        _hold(record)
        attachment = gate.save(
            Attachment(
                community_id=record.community_id,
                target_model=record._meta.label,
                target_id=record.pk,
                kind=kind or KIND_BY_CONTENT[found.content_type],
                title=rules.without_numbers(title.strip()),
                original_name=rules.shown_name(name),
                stored=files.stored,
                thumbnail=files.thumbnail,
                size=len(found.content),
                sha256=found.sha256,
                content_type=found.content_type,
                width=found.width,
                height=found.height,
                uploaded_by=by.user,
            ),
            by=answered_for(by),
        )
    files.taken = True
    return attachment


def retitle(attachment: Attachment, title: str, *, by: Actor) -> Attachment:
    """The attachment under another title. Raises: not_allowed; too_long; changed_meanwhile."""
    _require_removable(attachment, by)
    attachment.title = rules.without_numbers(title.strip())
    return gate.save(attachment, by=answered_for(by))


edited_by(Attachment, lambda row, *, by: retitle(row, row.title, by=by))


def remove(attachment: Attachment, *, by: Actor, reason: str = "") -> Attachment:
    """The attachment, taken away: seen by nobody, and brought back by `restore` within 30 days.

    Raises: not_allowed; changed_meanwhile.
    """
    _require_removable(attachment, by)
    attachment.removed_at = attachment.removed_at or timezone.now()
    return gate.save(attachment, by=answered_for(by), reason=reason)


def restore(attachment: Attachment, *, by: Actor) -> Attachment:
    """The attachment, back on its record.

    Raises: not_allowed; not_found if the record is gone; attachment_twice; attachments_full.
    """
    _require_removable(attachment, by)
    record = attachment.record()
    if record is None:
        raise not_found("要添加附件的记录")
    with transaction.atomic():
        _hold(record)
        attachment.removed_at = None
        return gate.save(attachment, by=answered_for(by))


def erase_attachments(attachments: Sequence[Attachment], *, by: Actor, reason: str = "") -> int:
    """Deletes rows and, once that is committed, their files for good; answers how many rows.

    Raises: not_allowed; changed_meanwhile.
    """
    places = {attachment.community_id for attachment in attachments}
    place = places.pop() if len(places) == 1 else None
    with gate.change_set("erase attachments", by=by, community_id=place, reason=reason) as changes:
        names = erase_rows(attachments, by=by, within=changes)
        # Killed in between, files stay that no row names: the daily sweep finds them.
        transaction.on_commit(lambda: drop_files(names))
    return len(attachments)


def erase_rows(
    attachments: Sequence[Attachment], *, by: Actor, within: ChangeSet, reason: str = ""
) -> list[str]:
    """Deletes rows, what they were called also in history; answers the names of their files, which
    the caller deletes (`drop_files`) once the change set is committed, and not before.

    Raises: not_allowed; changed_meanwhile.
    """
    pks = [attachment.pk for attachment in attachments]
    names = [name for attachment in attachments for name in attachment.files]
    gate.delete_many(list(attachments), by=by, reason=reason, within=within)
    forget_in_history(Attachment, pks, ("title", "original_name"))
    return names


def _hold(record: Record) -> None:
    """Locks the record before what hangs on it is counted: two phones may send at one moment."""
    try:
        gate.hold(record)
    except ObjectDoesNotExist:
        raise not_found("要添加附件的记录") from None


def _require_removable(attachment: Attachment, by: Actor) -> None:
    if not may_remove(by, attachment):
        raise RuleViolation(
            "not_allowed",
            "上传后 24 小时内，上传人可以自己移除附件；现在请找社区工作者移除。",
        )
