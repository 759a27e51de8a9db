"""Change sets: one transaction, one act of one actor; and many verbs as one act."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import router, transaction

from backend.core.access import Actor
from backend.core.gate_telling import as_told
from backend.core.live import announce
from backend.core.models import ChangeSet

_joined: ContextVar[ChangeSet | None] = ContextVar("joined", default=None)


@contextmanager
def change_set(
    verb: str,
    *,
    by: Actor,
    community_id: int | None,
    reason: str = "",
    kept_empty: bool = True,
) -> Iterator[ChangeSet]:
    """One transaction and the change set to which every gate call in it adds its part.

    Inside of `joining` it is that one, for the same actor in the same community. `kept_empty`:
    whether it stays where nothing was changed in it.
    """
    with transaction.atomic(using=router.db_for_write(ChangeSet)):
        joined = _joined.get()
        if joined is not None and _fits(joined, by, community_id):
            yield joined
            return
        verb, reason = as_told(verb, reason)
        made = ChangeSet.objects.create(
            verb=verb,
            community_id=community_id,
            actor=by.user if by.user is not None and by.user.pk else None,
            actor_name=by.name,
            door=by.door,
            reason=reason,
        )
        yield made
        if kept_empty or made.parts.exists():
            announce()
        else:
            made.delete()


@contextmanager
def joining(changes: ChangeSet) -> Iterator[None]:
    """What verbs do inside is part of one change set: a ledger's history, a step for many."""
    token = _joined.set(changes)
    try:
        yield
    finally:
        _joined.reset(token)


def is_joined(changes: ChangeSet) -> bool:
    """Whether the change set is the one of an act of many: it is not for one of them to drop."""
    joined = _joined.get()
    return joined is not None and joined.pk == changes.pk


def mark_undo(changes: ChangeSet, original: ChangeSet) -> None:
    """Says of a change set that it takes back another one."""
    ChangeSet.objects.filter(pk=changes.pk).update(undo_of=original)


def _fits(joined: ChangeSet, by: Actor, community_id: int | None) -> bool:
    return joined.actor_name == by.name and joined.community_id == community_id
