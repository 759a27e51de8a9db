"""Moves that are taken back: lines of the log of moves, as the moves themselves are."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from backend.core.models import ChangeSet, Kept, Transition
from backend.core.workflow import TAKEN_BACK


def note_ways_back(
    model: type[Kept], records: Sequence[Kept], stored: dict[Any, Kept], changes: ChangeSet
) -> None:
    """The log of moves only grows: a state that was taken back is a line of it."""
    if model.machine is None:
        return
    name, now = model.machine.field, timezone.now()
    ways = [(r, getattr(stored[r.id], name), getattr(r, name)) for r in records]
    Transition.objects.bulk_create(
        Transition(
            change_set=changes,
            model=model._meta.label,
            object_id=record.id,
            move=TAKEN_BACK,
            source=source,
            target=target,
            reason=changes.reason,
            actor_name=changes.actor_name,
            occurred_at=now,
            recorded_at=now,
        )
        for record, source, target in ways
        if source != target
    )
