"""The gate: the only writers.

Each call names its actor, checks access, locks the parents in a fixed order, asks the rules,
writes, and records history, in one transaction. `save_many` gives the verdicts that `save` in a
loop gives, row for row; tests/core/test_gate_properties.py holds the two together.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from operator import attrgetter
from typing import Any, TypeVar

from django.db import models
from django.utils import timezone

from backend.core.access import Actor
from backend.core.errors import ManyViolations, RuleViolation, not_found
from backend.core.gate_back import note_ways_back
from backend.core.gate_checks import (
    check,
    check_many,
    constraints_as_violations,
    stored_rows,
    written_meanwhile,
)
from backend.core.gate_notes import change_notes, keep_new_notes
from backend.core.gate_rights import require_rows
from backend.core.gate_rows import CHUNK, insert, update
from backend.core.gate_rows import delete as delete_rows
from backend.core.gate_sets import change_set, is_joined, joining, mark_undo
from backend.core.models import ChangeSet, Kept, Transition
from backend.core.personal import keep_masked
from backend.core.words import in_chinese
from backend.core.workflow import labels, needs_reason

Guard = Callable[[Any], None]
__all__ = [
    "CHUNK",
    "change_notes",
    "change_set",
    "check",
    "check_many",
    "delete",
    "delete_many",
    "drop_notes",
    "hold",
    "joining",
    "keep_new_notes",
    "keep_notes",
    "lock_parents",
    "mark_undo",
    "move",
    "move_many",
    "note",
    "pointing_at",
    "referenced",
    "save",
    "save_many",
]
T = TypeVar("T", bound=Kept)
M = TypeVar("M", bound=models.Model)


def save(record: T, *, by: Actor, reason: str = "", within: ChangeSet | None = None) -> T:
    """Writes one record, new or changed; answers it as it now stands.

    Raises: RuleViolation with the rule's code; not_allowed; not_found; changed_meanwhile if the
        record was written by somebody else since it was read.
    """
    try:
        save_many([record], by=by, reason=reason, within=within)
    except ManyViolations as refused:
        raise refused.by_index[0] from None
    return record


def save_many(
    records: Sequence[Kept],
    *,
    by: Actor,
    reason: str = "",
    within: ChangeSet | None = None,
    restoring: bool = False,
    repointing: bool = False,
    moving_back: bool = False,
) -> ChangeSet | None:
    """Writes records of one model; all of them or, if any breaks a rule, none.

    Answers the change set, None if there was nothing to change. `restoring` is for undo: values
    come from history, so a deleted row comes back in the state it had, and a mask is a value.
    `moving_back`: so does a row that was moved, which is noted among its moves.
    `repointing` is for merging two rows of one person: see `check_many`.
    Raises: ManyViolations with each refused record's first violation; not_allowed.
    """
    if not records:
        return within
    model = type(records[0])
    with _within(within, f"save {model._meta.label}", by, records, reason) as changes:
        lock_parents(model, records)
        stored = stored_rows(model, records)
        _require_all(records, stored, by)
        if not restoring:
            for record in records:
                if record.id is not None and record.id in stored:
                    keep_masked(record, stored[record.id])
        violations = check_many(
            records,
            stored=stored,
            restoring=restoring,
            repointing=repointing,
            moving_back=moving_back,
        )
        if violations:
            raise ManyViolations(violations)
        created = [r for r in records if r.id is None or r.id not in stored]
        updated = [r for r in records if r.id is not None and r.id in stored]
        with constraints_as_violations(model, records, created):
            # Changed rows first: a new one may take a key that they give up.
            wrote = update(model, updated, stored, changes)
            insert(model, created, changes)
        if moving_back:
            note_ways_back(model, updated, stored, changes)
        if within is None and not created and not wrote and not is_joined(changes):
            changes.delete()
            return None
    return changes


def delete(record: Kept, *, by: Actor, reason: str = "") -> None:
    """Deletes one record. Raises: in_use if others point at it; not_allowed; not_found."""
    delete_many([record], by=by, reason=reason)


def delete_many(
    records: Sequence[Kept],
    *,
    by: Actor,
    reason: str = "",
    within: ChangeSet | None = None,
    action: str = "delete",
    repointing: bool = False,
) -> None:
    """Deletes records of one model, all or none.

    Raises: in_use; not_allowed; not_found; changed_meanwhile; what the model's rules say.

    `action` is what the actor must be allowed: undoing what one has entered is an edit.
    `repointing`: the row says what another one says of the same person, so no rule keeps it.
    """
    if not records:
        return
    model = type(records[0])
    with _within(within, f"delete {model._meta.label}", by, records, reason) as changes:
        lock_parents(model, records)
        stored = stored_rows(model, records)
        for record in records:
            if record.id not in stored:
                raise not_found(in_chinese(model._meta.verbose_name))
            if record.revision != stored[record.id].revision:
                raise written_meanwhile()
        require_rows(model, stored.values(), by, action)
        facts = model.gather(list(stored.values()))
        for row in () if repointing else stored.values():
            row.before_delete(facts)
        used = referenced(model, list(stored))
        if used:
            raise RuleViolation(
                "in_use",
                f"还有{len(used)}条{in_chinese(model._meta.verbose_name)}被其他记录使用，不能删除；请先处理那些记录。",
            )
        delete_rows(model, stored, changes)


def referenced(model: type[models.Model], pks: Sequence[int]) -> set[int]:
    """Those of `pks` at which rows of any table point."""
    used: set[int] = set()
    for relation in pointing_at(model):
        name = relation.field.name
        for start in range(0, len(pks), CHUNK):
            used |= set(
                relation.related_model._base_manager.filter(
                    **{f"{name}__among": frozenset(pks[start : start + CHUNK])}
                )
                .values_list(relation.field.attname, flat=True)
                .distinct()
            )
    return used


def pointing_at(model: type[models.Model]) -> Iterator[Any]:
    """The relations by which rows of any table point at a model's."""
    # Hidden ones too: a relation without a name back holds its row all the same.
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and not relation.concrete):
            continue
        field: Any = relation
        if not (field.many_to_many or (field.related_model is model and field.one_to_one)):
            yield relation


def move(
    record: T,
    verb: str,
    *,
    by: Actor,
    reason: str = "",
    occurred_at: datetime | None = None,
    guard: Guard | None = None,
    within: ChangeSet | None = None,
) -> T:
    """Moves one record through its machine; answers it fresh.

    Raises: wrong_state; reason_required; what `guard` raises; not_allowed; not_found.
    """
    try:
        return move_many(
            [record],
            verb,
            by=by,
            reason=reason,
            occurred_at=occurred_at,
            guard=guard,
            within=within,
        )[0]
    except ManyViolations as refused:
        raise refused.by_index[0] from None


def move_many(
    records: Sequence[T],
    verb: str,
    *,
    by: Actor,
    reason: str | Callable[[T], str] = "",
    occurred_at: datetime | Callable[[T], datetime] | None = None,
    guard: Guard | None = None,
    within: ChangeSet | None = None,
) -> list[T]:
    """As `move`, for a set: all move or none. `guard` sees each fresh, locked record; reason and
    moment may be said of each.

    Raises: ManyViolations; not_allowed; not_found.
    """
    model = type(records[0])
    machine = model.machine
    if machine is None:
        raise LookupError(f"{model._meta.label} has no states")
    of_all = reason if isinstance(reason, str) else ""
    with _within(within, f"{verb} {model._meta.label}", by, records, of_all) as changes:
        lock_parents(model, records)
        stored = stored_rows(model, records)
        require_rows(model, stored.values(), by, machine.move(verb).right)
        names = labels(model._meta.get_field(machine.field).flatchoices)
        violations: dict[int, RuleViolation] = {}
        fresh: list[T] = []
        transitions: list[Transition] = []
        met: set[int] = set()
        now = timezone.now()
        for index, record in enumerate(records):
            before = stored.get(record.id)
            if before is None:
                raise not_found(in_chinese(model._meta.verbose_name))
            source = getattr(before, machine.field)
            try:
                if record.id in met:
                    raise written_meanwhile()
                met.add(record.id)
                step = machine.require(verb, source, names)
                why = reason if isinstance(reason, str) else reason(record)
                needs_reason(step, why)
                if guard is not None:
                    guard(before)
            except RuleViolation as violation:
                violations[index] = violation
                continue
            after = _copy(before)
            setattr(after, machine.field, step.target)
            fresh.append(after)
            transitions.append(
                Transition(
                    change_set=changes,
                    model=model._meta.label,
                    object_id=record.id,
                    move=verb,
                    source=source,
                    target=step.target,
                    reason=why,
                    actor_name=by.name,
                    occurred_at=(occurred_at(record) if callable(occurred_at) else occurred_at)
                    or now,
                    recorded_at=now,
                )
            )
        if violations:
            raise ManyViolations(violations)
        update(model, fresh, stored, changes)
        Transition.objects.bulk_create(transitions)
    return fresh


def keep_notes(rows: Sequence[models.Model]) -> None:
    """Writes rows of a bookkeeping table (plans, progress): no history, no rules of their own."""
    for row in rows:
        if isinstance(row, Kept):
            raise TypeError(f"{type(row).__name__} goes through save()")
    if rows:
        type(rows[0])._default_manager.bulk_create(rows, batch_size=500)


def drop_notes(rows: models.QuerySet[Any]) -> int:
    """Deletes rows of a bookkeeping table; answers how many."""
    if issubclass(rows.model, Kept):
        raise TypeError(f"{rows.model.__name__} goes through delete()")
    return rows.delete()[0]


def note(model: type[M], key: dict[str, Any], values: dict[str, Any]) -> M:
    """Writes one bookkeeping row, found by `key`."""
    if issubclass(model, Kept):
        raise TypeError(f"{model.__name__} goes through save()")
    return model._default_manager.update_or_create(**key, defaults=values)[0]


def hold(record: T) -> T:
    """Locks a row until the transaction ends, ahead of what will be written below it; answers it
    as it now stands.

    Work that writes under several parents takes the uppermost first: the order of all locks.
    """
    rows: Any = type(record)._default_manager.select_for_update(no_key=True)
    fresh: T = rows.get(pk=record.pk)
    return fresh


def lock_parents(model: type[Kept], records: Sequence[Kept]) -> None:
    """Locks what the records hang on, ahead of any rule: their own lock until the transaction ends."""
    # In the order of `parents`, and by key within: two callers never wait for each other in a ring.
    for name in model.parents:
        field = model._meta.get_field(name)
        wanted = set(map(attrgetter(field.attname), records)) - {None}
        if wanted:
            target = field.related_model
            list(
                target._default_manager.select_for_update(no_key=True)
                .filter(pk__in=wanted)
                .order_by("pk")
                .values_list("pk")
            )


# --- the steps -----------------------------------------------------------------------------------


@contextmanager
def _within(
    within: ChangeSet | None, verb: str, by: Actor, records: Sequence[Kept], reason: str
) -> Iterator[ChangeSet]:
    if not isinstance(by, Actor):
        raise TypeError("the actor must be named: by=Actor.of(user, door) or SYSTEM")
    if within is not None:
        yield within
        return
    communities = {record.scope_community_id for record in records}
    community_id = communities.pop() if len(communities) == 1 else None
    # A new community is not there yet when its change set is written.
    if records[0].pk is None and records[0]._meta.label == "places.Community":
        community_id = None
    with change_set(verb, by=by, community_id=community_id, reason=reason) as changes:
        yield changes


def _require_all(records: Sequence[Kept], stored: dict[Any, Kept], by: Actor) -> None:
    for record in records:
        if record.id is not None and record.id not in stored and not record._state.adding:
            raise not_found(in_chinese(record._meta.verbose_name))
    # Both ends: a row may be taken neither from nor into a community that is not the actor's.
    require_rows(type(records[0]), [*records, *stored.values()], by, "edit")


def _copy(record: T) -> T:
    twin = type(record)()
    twin.__dict__.update({k: v for k, v in record.__dict__.items() if k != "_state"})
    twin._state.adding = False
    twin._state.db = record._state.db
    return twin
