"""Taking back: the inverse of a change set, through the gate.

Business rows are restored; logs only grow. What others have worked on since is listed and left.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.apps import apps
from django.db.models import Model

from backend.core import gate, history
from backend.core.access import Actor, require
from backend.core.errors import ManyViolations, RuleViolation
from backend.core.models import ChangePart, ChangeSet, Kept
from backend.core.one_by_one import one_by_one
from backend.core.workflow import may_be_taken_back

NOTHING: Mapping[str, Collection[Any]] = {}


@dataclass
class Undone:
    """What an undo did: rows restored, and those left because they have changed since."""

    change_set: ChangeSet
    restored: int = 0
    left: list[tuple[str, int, str]] = field(default_factory=list)
    repointing: bool = False
    # The moves of the change set, by table; None where states are left as they are.
    moves: Mapping[str, Collection[str]] | None = None
    # Rows that this undo itself has written: their revision now, and the one taken back.
    _steps: dict[tuple[str, int], tuple[int, int]] = field(default_factory=dict)

    def stands(self, row: Kept, change: history.Change) -> bool:
        """Whether nobody has touched the row since the change, but for this undo."""
        if row.revision == change.revision:
            return True
        if self._steps.get((row._meta.label, row.pk)) == (row.revision, change.revision + 1):
            return True
        # A merge of a merge, both to be taken back: few rows, so their history may be asked.
        return self.repointing and _came_back(row, change)

    def has_left(self, label: str, pk: int) -> bool:
        """Whether a later change of the row was left already: that reason is the one to tell."""
        return any((label, pk) == (one, key) for one, key, _why in self.left)

    def took_back(self, row: Kept, change: history.Change) -> None:
        """Notes that a change of the row has been taken back."""
        self._steps[row._meta.label, row.pk] = (row.revision, change.revision)


def undo(
    original: ChangeSet,
    *,
    by: Actor,
    reason: str = "",
    only: Iterable[type[Model]] | None = None,
    repointing: bool = False,
    moves: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Undone:
    """Applies the inverse of a change set, last part first; of the models in `only`, if given.

    `repointing` is for taking back a merge of two people: see `gate_checks.check_many`. `moves`:
    states are taken back as well, if the machine says of each move that it can be; else a row that
    was moved is left.

    Raises: already_undone; not_allowed; move_stays. Rows changed or used since are in `left`, with
    the reason.
    """
    if original.community_id is None and not by.system:
        require(by, "places.edit", None)
    with gate.change_set(
        f"undo {original.verb}",
        by=by,
        community_id=original.community_id,
        reason=reason,
    ) as changes:
        # Locked before looking: two people may click together.
        locked = ChangeSet.objects.select_for_update().get(pk=original.pk)
        if ChangeSet.objects.filter(undo_of=locked).exists():
            raise RuleViolation("already_undone", "这批改动已经撤销过了。")
        gate.mark_undo(changes, locked)
        done = Undone(changes, repointing=repointing)
        if moves:
            done.moves = _moves_of(original, by)
        parts = original.parts.all()
        for label in parts.order_by().values_list("model", flat=True).distinct():
            # Also where every row turns out to be left: who may not, does not use the undo up.
            require(by, apps.get_model(label).action("edit"), original.community_id)
        if only is not None:
            parts = parts.filter(model__in=[model._meta.label for model in only])
        for part in one_by_one(parts.order_by("-pk")):
            _invert(part, changes, done, by)
            if progress is not None:
                progress(done.restored)
    return done


def moves_of(original: ChangeSet) -> dict[str, set[str]]:
    """The moves that a change set made, by table."""
    found: dict[str, set[str]] = {}
    for label, move in original.transitions.order_by().values_list("model", "move").distinct():
        found.setdefault(label, set()).add(move)
    return found


def _moves_of(original: ChangeSet, by: Actor) -> dict[str, set[str]]:
    """As `moves_of`: each can be taken back, and by this actor. Raises: move_stays; not_allowed."""
    found = moves_of(original)
    for label, names in found.items():
        model: Any = apps.get_model(label)
        steps = [model.machine.move(name) for name in sorted(names)]
        may_be_taken_back(steps)
        for right in sorted({step.right for step in steps}):
            require(by, model.action(right), original.community_id)
    return found


def would_leave(
    original: ChangeSet, *, only: Iterable[type[Model]] | None = None
) -> list[tuple[str, int, str]]:
    """What `undo` would now leave, each row once; nothing is written.

    What the rules would refuse to restore is not foreseen: it is told when it happens.
    """
    parts = original.parts.all()
    if only is not None:
        parts = parts.filter(model__in=[model._meta.label for model in only])
    left: dict[tuple[str, int], str] = {}
    # The revision that a row would have once its later changes are taken back.
    back: dict[tuple[str, int], int] = {}
    going: dict[str, set[int]] = {}
    for part in one_by_one(parts.order_by("-pk")):
        model, label = history.model_of(part), part.model
        made = list(history.unpack(part))
        revisions = dict(
            model._default_manager.filter(pk__among=frozenset(c.pk for c in made))
            .order_by()
            .values_list("pk", "revision")
        )
        fresh = set()
        for change in reversed(made):
            key = (label, change.pk)
            if change.forgotten or change.kind == history.FORGET:
                left.setdefault(key, "forgotten")
            elif change.kind != history.DELETE and key not in left:
                revision = back.get(key, revisions.get(change.pk))
                if revision is None:
                    left[key] = "gone"
                elif revision != change.revision:
                    left[key] = "changed"
                else:
                    back[key] = change.revision - 1
                    if change.kind == history.CREATE:
                        fresh.add(change.pk)
        used = used_by(model, sorted(fresh), going)
        left |= {(label, pk): "used" for pk in sorted(used)}
        going.setdefault(label, set()).update(fresh - set(used))
    return [(label, pk, why) for (label, pk), why in left.items()]


def used_by(
    model: type[Model], pks: list[int], besides: Mapping[str, Collection[int]] = NOTHING
) -> dict[int, set[str]]:
    """Those of `pks` at which rows point, with the models of these; `besides` do not count."""
    used: dict[int, set[str]] = {}
    for relation in gate.pointing_at(model):
        name, users = relation.field.name, relation.related_model
        gone = besides.get(users._meta.label, ())
        for start in range(0, len(pks), gate.CHUNK):
            some = frozenset(pks[start : start + gate.CHUNK])
            found = users._base_manager.filter(**{f"{name}__among": some}).order_by()
            for target, pk in found.values_list(relation.field.attname, "pk"):
                if pk not in gone:
                    used.setdefault(target, set()).add(users._meta.label)
    return used


def _invert(part: ChangePart, changes: ChangeSet, done: Undone, by: Actor) -> None:
    model = history.model_of(part)
    if not issubclass(model, Kept):
        raise TypeError(f"{part.model} is not kept by the gate")
    made: dict[str, list[history.Change]] = {}
    for change in history.unpack(part):
        if change.forgotten or change.kind == history.FORGET:
            # Who was erased, or whose time was over, does not come back; the row stays as it is.
            done.left.append((model._meta.label, change.pk, "forgotten"))
        else:
            made.setdefault(change.kind, []).append(change)
    _remove_created(model, made.get(history.CREATE, ()), changes, done, by)
    _restore_updated(model, made.get(history.UPDATE, ()), changes, done, by)
    _bring_back(model, made.get(history.DELETE, ()), changes, done, by)


def _unchanged(
    model: type[Kept], made: Iterable[history.Change], done: Undone
) -> dict[int, tuple[Kept, history.Change]]:
    """The rows as they stand, where nobody has touched them since."""
    wanted = {change.pk: change for change in made}
    rows = {row.pk: row for row in model._default_manager.filter(pk__in=wanted).order_by("pk")}
    standing = {}
    for pk, change in wanted.items():
        row = rows.get(pk)
        if row is None:
            done.left.append((model._meta.label, pk, "gone"))
        elif not done.stands(row, change):
            # Few rows, so all that were left may be looked through; an import's are too many.
            if done.moves is None or not done.has_left(model._meta.label, pk):
                done.left.append((model._meta.label, pk, "changed"))
        else:
            standing[pk] = (row, change)
    return standing


def _came_back(row: Kept, change: history.Change) -> bool:
    """Whether all that was done to the row since the change has itself been taken back."""
    then: dict[str, Any] = {}
    for _, later in history.of_record(row):
        if later.revision <= change.revision:
            break
        then |= later.before or {}
    was = history.restored(type(row), then)
    moving = {"revision", "updated_at"}
    return all(getattr(row, name) == value for name, value in was.items() if name not in moving)


def _remove_created(
    model: type[Kept],
    made: Iterable[history.Change],
    changes: ChangeSet,
    done: Undone,
    by: Actor,
) -> None:
    standing = _unchanged(model, made, done)
    used = gate.referenced(model, list(standing)) if standing else set()
    done.left += [(model._meta.label, pk, "used") for pk in sorted(used)]
    rows = [row for pk, (row, _) in standing.items() if pk not in used]
    gate.delete_many(rows, by=by, within=changes, action="edit", repointing=done.repointing)
    done.restored += len(rows)


def _restore_updated(
    model: type[Kept],
    made: Iterable[history.Change],
    changes: ChangeSet,
    done: Undone,
    by: Actor,
) -> None:
    rows = []
    standing = _unchanged(model, made, done)
    moves = (done.moves or NOTHING).get(model._meta.label, ())
    if moves:
        gate.lock_parents(model, [row for row, _ in standing.values()])
    # Backwards, as the keys were handed on.
    for row, change in reversed(standing.values()):
        try:
            row.before_taking_back(moves)
        except RuleViolation as violation:
            done.left.append((model._meta.label, row.pk, violation.code))
            continue
        for name, value in history.restored(model, change.before or {}).items():
            setattr(row, name, value)
        rows.append(row)
    for row in _save(model, rows, changes, done, by):
        done.took_back(row, standing[row.pk][1])


def _bring_back(
    model: type[Kept],
    made: Iterable[history.Change],
    changes: ChangeSet,
    done: Undone,
    by: Actor,
) -> None:
    rows = [model(**history.restored(model, change.before or {})) for change in made]
    _save(model, rows, changes, done, by)


def _save(
    model: type[Kept], rows: list[Any], changes: ChangeSet, done: Undone, by: Actor
) -> list[Any]:
    save = partial(
        gate.save_many,
        by=by,
        within=changes,
        restoring=True,
        repointing=done.repointing,
        moving_back=done.moves is not None,
    )
    try:
        save(rows)
    except ManyViolations as refused:
        # What the rules no longer allow is left, and said; the rest is restored.
        for index, violation in refused.by_index.items():
            done.left.append((model._meta.label, rows[index].pk, violation.code))
        rows = [row for index, row in enumerate(rows) if index not in refused.by_index]
        save(rows)
    done.restored += len(rows)
    return rows
