"""Who may put files on a record, and who may take them away."""

from django.utils import timezone

from backend.core.access import Actor, may
from backend.core.models import Kept
from backend.files import rules
from backend.files.models import Attachment
from backend.files.targets import target_of


def may_attach(by: Actor, record: Kept) -> bool:
    """Whether the actor may put files on the record: allowed both files and changing the record."""
    if target_of(record._meta.label) is None:
        return False
    return all(
        may(by, action, record.scope_community_id)
        for action in (Attachment.action("edit"), type(record).action("edit"))
    )


def may_remove(by: Actor, attachment: Attachment) -> bool:
    """Whether the actor may take it away: by right, or as the one who has just put it up."""
    community_id = attachment.scope_community_id
    if may(by, Attachment.action("delete"), community_id):
        return True
    return (
        by.user is not None
        and by.user.pk == attachment.uploaded_by_id
        and may(by, Attachment.action("edit"), community_id)
        and rules.own_may_be_removed(attachment.created_at, timezone.now())
    )
