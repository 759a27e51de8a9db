"""Who may put files on a record, and who may take them away."""

from dataclasses import replace
from typing import Any

from django.utils import timezone

from backend.core.access import Actor, Scope, may, scope_of
from backend.core.gate_rights import all_own
from backend.core.models import Kept
from backend.core.roles import GRANTS
from backend.files import rules
from backend.files.models import Attachment
from backend.files.targets import target_of


def may_attach(by: Actor, record: Kept) -> bool:
    """Whether the actor may put files on the record: allowed files, and to change the record.

    Where the record's area says who may attach, that is asked instead of who may change. A body's
    contact may where it says so of the body's own records.
    """
    if target_of(record._meta.label) is None or record.emptied:
        return False
    if all_own(type(record), [record], by, "attach"):
        return True
    own = type(record).action("attach")
    wanted = (Attachment.action("edit"), own if own in GRANTS else type(record).action("edit"))
    return all(_reaches(scope_of(by, action), record) for action in wanted)


def may_remove(by: Actor, attachment: Attachment) -> bool:
    """Whether the actor may take it away: by right, or as the one who has just put it up."""
    community_id = attachment.community_id
    if may(by, Attachment.action("delete"), community_id):
        return True
    where = scope_of(by, Attachment.action("edit"))
    return (
        by.user is not None
        and by.user.pk == attachment.uploaded_by_id
        and (where.covers(community_id) or community_id in where.estate_communities)
        and rules.own_may_be_removed(attachment.created_at, timezone.now())
    )


def answered_for(by: Actor) -> Actor:
    """The same actor, by name, for a gate call whose right was asked here.

    The gate asks by community; a steward of one estate reaches records of it, and was asked by them.
    """
    return replace(by, system=True)


def _reaches(where: Scope, record: Kept) -> bool:
    if where.covers(record.scope_community_id):
        return True
    if not where.estates:
        return False
    rows: Any = type(record)._default_manager
    return bool(rows.filter(type(record).rows_in(where), pk=record.pk).exists())
