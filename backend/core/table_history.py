"""历史 of a whole table in one community: what came, changed and went, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Max

from backend.core import history
from backend.core.models import ChangePart, ChangeSet
from backend.core.record_history import Told, Words, kind_in_words
from backend.core.telling import door_in_words, in_words, who

LINES = 20
# Of one act: an import changes thousands.
ROWS = 5


@dataclass(frozen=True)
class Touched:
    """One row of an act: what became of it."""

    name: str
    kind: str
    fields: tuple[Told, ...]


@dataclass(frozen=True)
class Act:
    """One act on the table."""

    at: datetime
    who: str
    door: str
    what: str
    reason: str
    rows: tuple[Touched, ...]
    more: int
    change_set: int


def history_of_table(model: type[models.Model], community_id: int, reader: Any) -> list[Act]:
    """The youngest acts on the rows of a model in a community."""
    parts = ChangePart.objects.filter(
        model=model._meta.label, change_set__community=community_id
    ).select_related("change_set__actor")
    words = Words(reader)
    return [_act(part, model, words) for part in parts.order_by("-pk")[:LINES]]


def _act(part: ChangePart, model: type[models.Model], words: Words) -> Act:
    changes = [change for change, _n in zip(history.unpack(part), range(ROWS), strict=False)]
    words.look_up(model, changes)
    there = words.visible(model, {change.pk for change in changes})
    rows = tuple(
        Touched(
            str(there[change.pk]) if change.pk in there else "",
            kind_in_words(change.kind),
            words.fields(model, change),
        )
        for change in changes
    )
    return _told(part.change_set, rows, part.rows - len(rows))


def acts_called(verbs: tuple[str, ...], community_id: int) -> list[Act]:
    """The youngest acts of these names in a community: of what has a history without rows."""
    found = ChangeSet.objects.filter(community=community_id, verb__in=verbs)
    return [_told(made, (), 0) for made in found.select_related("actor").order_by("-pk")[:LINES]]


def _told(made: ChangeSet, rows: tuple[Touched, ...], more: int) -> Act:
    return Act(
        made.recorded_at,
        who(made.actor, made.actor_name),
        door_in_words(made.door),
        in_words(made.verb),
        made.reason,
        rows,
        more,
        made.pk,
    )


def last_touched(labels: list[str], community_id: int) -> dict[str, tuple[datetime, str]]:
    """When each of these tables was last changed in a community, and by whom: two statements."""
    parts = ChangePart.objects.filter(model__in=labels, change_set__community=community_id)
    newest = dict(parts.order_by().values_list("model").annotate(Max("change_set")))
    made = ChangeSet.objects.select_related("actor").in_bulk(set(newest.values()))
    return {
        label: (made[pk].recorded_at, who(made[pk].actor, made[pk].actor_name))
        for label, pk in newest.items()
    }
