"""Carrying out a plan: the same rows that the preview showed, in one transaction, by the gate."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from backend.core import gate
from backend.core.access import Actor
from backend.core.collector import held_off
from backend.core.errors import ManyViolations, RuleViolation
from backend.core.models import ChangeSet, Kept
from backend.core.records import maker
from backend.imports.models import PlanChunk
from backend.imports.outdated import CODE, changed
from backend.imports.plan import REFERENCE, REPLAY, Problem, Write, unpack_writes
from backend.imports.sheet import Sheet

# The number of the row that wants it, and what it wants written.
Step = tuple[int, Write]
# How many rows one sentence names.
NAMED_ROWS = 20


class PlanOutdated(Exception):
    """Rows on which the plan rests have changed since; nothing was written. `.problems` say which."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} rows changed since the preview")
        self.problems = problems

    def as_violation(self) -> RuleViolation:
        """The same, for those who want one sentence."""
        rows = [str(problem.row) for problem in self.problems if problem.row is not None]
        more = f"等 {len(rows)} 行" if len(rows) > NAMED_ROWS else "行"
        where = f"第 {'、'.join(rows[:NAMED_ROWS])} {more}：" if rows else ""
        return RuleViolation(CODE, where + self.problems[0].message, field="batch")


def carry_out(
    chunks: Iterable[PlanChunk | bytes],
    sheet: Sheet,
    *,
    community_id: int,
    changes: ChangeSet,
    by: Actor,
    progress: Callable[[int], None] | None = None,
) -> None:
    """Writes every row of the plan that has something to write; all or nothing.

    Call it inside the change set's transaction. Raises: PlanOutdated; not_allowed.
    """
    made: dict[int, dict[int, int]] = defaultdict(dict)
    done = 0
    with held_off():
        for chunk in chunks:
            done += _carry_out_chunk(chunk, sheet, community_id, made, changes, by)
            if progress is not None:
                progress(done)


def _carry_out_chunk(
    chunk: PlanChunk | bytes,
    sheet: Sheet,
    community_id: int,
    made: dict[int, dict[int, int]],
    changes: ChangeSet,
    by: Actor,
) -> int:
    count, writes = unpack_writes(chunk if isinstance(chunk, bytes) else chunk.payload)
    steps: list[list[Step]] = [[] for _ in sheet.all_models]
    replayed: list[Step] = []
    for step in writes:
        of = step[1].model
        (replayed if of == REPLAY else steps[of]).append(step)
    for position, model in enumerate(sheet.all_models):
        if steps[position]:
            _write(model, position, steps[position], sheet, community_id, made, changes, by)
    told = [write.values for _, write in replayed]
    for values in told:
        _resolve(values, sheet, made)
    try:
        sheet.replay_all(told, community_id=community_id, by=by, within=changes)
    except ManyViolations as refused:
        raise PlanOutdated(
            [changed(replayed[i][0], v.message) for i, v in refused.by_index.items()]
        ) from None
    return count


def _write(
    model: Any,
    position: int,
    steps: Sequence[Step],
    sheet: Sheet,
    community_id: int,
    made: dict[int, dict[int, int]],
    changes: ChangeSet,
    by: Actor,
) -> None:
    stored: dict[int, Kept] = {}
    pks = [write.pk for _, write in steps if write.pk is not None]
    if pks:
        stored = {row.pk: row for row in model._default_manager.filter(pk__among=frozenset(pks))}
    converters = _converters(model)
    make = maker(model, community_id=community_id)
    records, outdated = [], []
    references: list[int] = []
    for row, write in steps:
        values = write.values
        references.append(values.pop(REFERENCE, row))
        if not converters.keys().isdisjoint(values):
            for name, convert in converters.items():
                if values.get(name) is not None:
                    values[name] = convert(values[name])
        _resolve(values, sheet, made)
        if write.pk is None:
            records.append(make(values))
        else:
            record = stored.get(write.pk)
            if record is None or record.revision != write.revision:
                outdated.append(changed(row, "这一行要更新的记录在预览之后被改动或删除了。"))
                continue
            for name, value in values.items():
                setattr(record, name, value)
            records.append(record)
    if not outdated:
        try:
            gate.save_many(records, by=by, within=changes)
        except ManyViolations as refused:
            outdated = [changed(steps[i][0], v.message) for i, v in refused.by_index.items()]
    if outdated:
        raise PlanOutdated(outdated)
    sheet.written(model, records)
    if position in sheet.references.values():
        mine = made[position]
        for record, number, (_, write) in zip(records, references, steps, strict=True):
            if write.pk is None:
                mine[number] = record.id


def _resolve(values: dict[str, Any], sheet: Sheet, made: dict[int, dict[int, int]]) -> None:
    """Puts the keys of what rows of this file have made in place of the numbers of those rows."""
    for name, made_by in sheet.references.items():
        if (values.get(name) or 0) < 0:
            values[name] = made[made_by][-values[name]]


def _converters(model: Any) -> dict[str, Callable[[Any], Any]]:
    """Dates and times come back from the plan as text."""
    return {
        field.attname: field.to_python
        for field in model._meta.concrete_fields
        if field.get_internal_type() in ("DateTimeField", "DateField", "TimeField")
    }
