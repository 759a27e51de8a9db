"""How the gate writes rows, each with its part of the history."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import models, router
from django.utils import timezone

from backend.core import history, writer
from backend.core.facts import uniques
from backend.core.gate_gone import remember_gone
from backend.core.models import ChangePart, ChangeSet, Kept
from backend.core.tombstones import Gone

# Rows a statement: SQLite takes 32 766 parameters, and memory stays flat.
CHUNK = 5_000


def insert(model: type[Kept], records: Sequence[Kept], changes: ChangeSet) -> None:
    """Writes new rows; those without a key are given one."""
    if not records:
        return
    now, database = timezone.now(), router.db_for_write(model)
    fresh = [record for record in records if record.id is None]
    for record, pk in zip(fresh, writer.allocate(model, len(fresh)) if fresh else (), strict=True):
        record.id = pk
    for record in records:
        record.updated_at = now
        state = record._state
        state.adding = False
        state.db = database
    for start in range(0, len(records), CHUNK):
        chunk = records[start : start + CHUNK]
        payload = writer.insert_rows(model, chunk, partial(history.pack_created, model, chunk))
        pks = [record.id for record in chunk]
        _remember(model, min(pks), max(pks), len(chunk), payload, changes)


def update(
    model: type[Kept], records: Sequence[Kept], stored: dict[Any, Kept], changes: ChangeSet
) -> bool:
    """Writes the fields that differ; answers whether any did."""
    now = timezone.now()
    names = [name for name in history.field_names(model) if name not in history.BOOKKEEPING]
    by_fields: dict[tuple[str, ...], list[Kept]] = defaultdict(list)
    following = {model._meta.get_field(name).attname for name in model.following}
    unique = {name for unique in uniques(model) for name in unique.attnames}
    in_turn: list[tuple[tuple[str, ...], Kept]] = []
    made: list[history.Change] = []
    for record in records:
        new, old = record.__dict__, stored[record.id].__dict__
        changed = tuple(name for name in names if new[name] != old[name])
        if not changed:
            continue
        if not following.issuperset(changed):
            record.revision += 1
        record.updated_at = now
        by_fields[changed].append(record)
        in_turn.append((changed, record))
        made.append(
            history.Change(
                history.UPDATE,
                record.id,
                record.revision,
                {name: old[name] for name in changed},
                {name: new[name] for name in changed},
            )
        )
    runs: Iterable[tuple[tuple[str, ...], list[Kept]]] = by_fields.items()
    if any(not unique.isdisjoint(changed) for changed in by_fields):
        # One may take the key that the one before it gives up: then the order of the set counts.
        runs = (
            (changed, [record for _, record in some])
            for changed, some in groupby(in_turn, key=itemgetter(0))
        )
    for changed, some in runs:
        columns = [model._meta.get_field(_field_name(model, name)).name for name in changed]
        writer.update_rows(model, some, [*columns, *model.derived, "revision", "updated_at"])
    if model.merged_path is not None:
        _remember_merged(model, records, stored, model.merged_path)
    remember_changes(model, made, changes)
    return bool(made)


def _remember_merged(
    model: type[Kept], records: Sequence[Kept], stored: dict[Any, Kept], path: str
) -> None:
    name = model._meta.get_field(path).attname
    into = {
        record.id: record.__dict__[name]
        for record in records
        if record.__dict__[name] not in (None, stored[record.id].__dict__[name])
    }
    remember_gone(model, into, Gone.MERGED, into)


def _field_name(model: type[models.Model], attname: str) -> str:
    return next(f.name for f in model._meta.concrete_fields if f.attname == attname)


def delete(model: type[Kept], stored: dict[Any, Kept], changes: ChangeSet) -> None:
    """Deletes rows that nothing points at."""
    names = history.field_names(model)
    made = [
        history.Change(
            history.DELETE, pk, row.revision, {name: row.__dict__[name] for name in names}, None
        )
        for pk, row in stored.items()
    ]
    pks = list(stored)
    remember_gone(model, pks, Gone.DELETED)
    for start in range(0, len(pks), CHUNK):
        writer.delete_rows(model, pks[start : start + CHUNK])
    remember_changes(model, made, changes)


def remember_changes(model: type[Kept], made: Sequence[history.Change], changes: ChangeSet) -> None:
    for start in range(0, len(made), CHUNK):
        some = made[start : start + CHUNK]
        pks = [change.pk for change in some]
        _remember(model, min(pks), max(pks), len(some), history.pack_changes(some), changes)


def _remember(
    model: type[Kept], first: int, last: int, rows: int, payload: bytes, changes: ChangeSet
) -> None:
    ChangePart.objects.create(
        change_set=changes,
        model=model._meta.label,
        first_pk=first,
        last_pk=last,
        rows=rows,
        payload=payload,
    )
