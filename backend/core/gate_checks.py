"""What the gate asks before it writes: fields, foreign rows, the model's rules, unique keys."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction

from backend.core.errors import ManyViolations, RuleViolation
from backend.core.facts import Facts, unique_constraints
from backend.core.fieldcheck import check_fields
from backend.core.models import CodedRecord, Kept
from backend.core.random_codes import random_code
from backend.core.words import in_chinese


def check(record: Kept) -> None:
    """Asks what `save` would ask, and writes nothing. Raises: RuleViolation."""
    for violation in check_many([record]).values():
        raise violation


def check_many(
    records: Sequence[Any],
    *,
    stored: dict[Any, Kept] | None = None,
    restoring: bool = False,
    repointing: bool = False,
    moving_back: bool = False,
) -> dict[int, RuleViolation]:
    """The first violation of each record that has one, by position; each judged after the last.

    `repointing`: the row says the same of somebody who was in the roster twice, so a rule that it
    broke before (its event is archived) is no reason against it. `moving_back`: a move is taken back,
    so the state is another one.
    """
    model = type(records[0])
    if stored is None:
        stored = stored_rows(model, records)
    for record in records:
        if isinstance(record, CodedRecord) and not record.code:
            record.code = random_code(record.code_prefix)
        record.derive(stored.get(record.id) if record.id is not None else None)
    facts = model.gather(list(records))
    violations: dict[int, RuleViolation] = {}
    met: set[Any] = set()
    passed: dict[str, Any] = {}
    for index, record in enumerate(records):
        try:
            if record.id is not None:
                if record.id in met:
                    raise written_meanwhile()
                met.add(record.id)
            _check_one(record, facts, stored, passed, restoring, repointing, moving_back)
        except RuleViolation as violation:
            violations[index] = violation
        else:
            facts.admit(record)
    return violations


def written_meanwhile() -> RuleViolation:
    """The refusal of a record that was written since it was read; code `changed_meanwhile`."""
    return RuleViolation("changed_meanwhile", "这条记录刚刚被别人改过，请刷新后重新填写您的修改。")


def _check_one(
    record: Any,
    facts: Facts,
    stored: dict[Any, Kept],
    passed: dict[str, Any],
    restoring: bool,
    repointing: bool,
    moving_back: bool,
) -> None:
    before = stored.get(record.id) if record.id is not None else None
    if before is not None:
        if before.revision != record.revision:
            raise written_meanwhile()
        if getattr(before, "community_id", None) != getattr(record, "community_id", None):
            # What hangs on it would stay behind.
            raise RuleViolation(
                "community_fixed",
                "记录不能换到别的社区，请在那个社区重新登记。",
                field="community",
            )
        for name in () if repointing else record.fixed:
            if getattr(before, f"{name}_id") != getattr(record, f"{name}_id"):
                label = in_chinese(record._meta.get_field(name).verbose_name)
                raise RuleViolation(
                    "parent_fixed", f"{label}不能改；请删除这一条，在对的地方重新登记。", field=name
                )
    machine = record.machine
    if machine is not None and not (restoring and (before is None or moving_back)):
        was = getattr(before, machine.field) if before else _first_state(record)
        if getattr(record, machine.field) != was:
            raise RuleViolation(
                "state_by_verb_only",
                "状态不能直接修改，请用页面上的操作按钮。",
                field=machine.field,
            )
    check_fields(record, passed)
    facts.check_targets(record)
    try:
        record.invariants(facts)
    except RuleViolation as violation:
        if not repointing or not _broken_already(before, violation.code):
            raise
    facts.check_unique(record)


def _broken_already(before: Any, code: str) -> bool:
    """Whether the row as stored breaks the same rule; a row that comes back was there before."""
    if before is None:
        return True
    try:
        before.invariants(type(before).gather([before]))
    except RuleViolation as violation:
        return violation.code == code
    return False


def _first_state(record: Any) -> Any:
    return record._meta.get_field(record.machine.field).get_default()


def stored_rows(model: type[Kept], records: Iterable[Kept]) -> dict[Any, Any]:
    """The rows of these records as they now stand, by key; locked inside of a transaction."""
    pks = [record.id for record in records if record.id is not None]
    if not pks:
        return {}
    rows = model._default_manager.filter(pk__among=frozenset(pks)).order_by("pk")
    if transaction.get_connection(rows.db).in_atomic_block:
        # Not the key: rows that point here may still be written, or two writers would wait in a ring.
        rows = rows.select_for_update(no_key=True)
    return {row.pk: row for row in rows}


@contextmanager
def constraints_as_violations(
    model: type[Kept], records: Sequence[Kept], created: Sequence[Kept]
) -> Iterator[None]:
    """The database's own word, should it ever know better than the rules: the constraint's code.

    The database names the key and not the record: the first of the set that may be meant is blamed.
    """
    keyless = [record for record in created if record.id is None]
    try:
        yield
    except Exception as error:
        for record in keyless:
            # Nothing was written: a second try begins where this one did.
            record.id = None
            record._state.adding = True
        if not isinstance(error, IntegrityError):
            raise
        constraint = _constraint_named_in(model, str(error))
        if constraint is None:
            raise
        blamed = created[0] if created else records[0]
        index = next(i for i, record in enumerate(records) if record is blamed)
        raise ManyViolations(
            {
                index: RuleViolation(
                    constraint.violation_error_code or "constraint",
                    str(constraint.violation_error_message),
                    field=constraint.fields[-1],
                )
            }
        ) from error


def _constraint_named_in(model: type[Kept], text: str) -> Any:
    for constraint in unique_constraints(model):
        columns = [str(model._meta.get_field(name).column) for name in constraint.fields]
        # SQLite names table.column, PostgreSQL the constraint, or the key: Key (code)=(…).
        by_table = ", ".join(f"{model._meta.db_table}.{column}" for column in columns)
        if constraint.name in text or by_table in text or f"({', '.join(columns)})=" in text:
            return constraint
    return None
