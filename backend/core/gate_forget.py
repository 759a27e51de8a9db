"""The gate's way of forgetting: rows become anonymous, and history with them.

No rule is asked: a rule that holds a row as it is (an archived event takes no changes) must not
keep somebody's name. What was there before is not recorded; that it was forgotten, is.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connections, models
from django.utils import timezone

from backend.core import history, writer
from backend.core.gate_checks import stored_rows
from backend.core.gate_gone import remember_gone
from backend.core.gate_rows import CHUNK, remember_changes
from backend.core.models import ChangePart, ChangeSet, Kept
from backend.core.one_by_one import one_by_one
from backend.core.tombstones import Gone
from backend.core.traces import TextColumn, forms_of, stars

Anonymous = Callable[[Any], dict[str, Any]]


def forget(
    model: type[models.Model],
    rows: Sequence[models.Model],
    anonymous: Anonymous,
    changes: ChangeSet,
) -> int:
    """Gives each row its anonymous values; answers how many rows that changed.

    `anonymous` answers values by field name (or attribute name), for the row as it now stands.
    Call it within the change set's transaction.
    """
    kept: Any = model if issubclass(model, Kept) else None
    fresh = list(stored_rows(model, rows).values()) if kept else list(rows)  # type: ignore[arg-type, type-var]
    now = timezone.now()
    by_fields: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    made: list[history.Change] = []
    for row in fresh:
        changed = []
        for name, value in anonymous(row).items():
            field: Any = model._meta.get_field(name)
            plain = value.pk if isinstance(value, models.Model) else value
            if getattr(row, field.attname) != plain:
                # By the attribute: a file field gives back a file, and a key a whole row.
                row.__dict__[field.attname] = plain
                row._state.fields_cache.pop(field.name, None)
                changed.append(field.name)
        if not changed:
            continue
        if kept:
            row.revision += 1
            row.updated_at = now
            changed += ["revision", "updated_at"]
            made.append(history.Change(history.FORGET, row.pk, row.revision, None, None))
        by_fields[tuple(changed)].append(row)
    if kept:
        # Before the row loses where it lay.
        remember_gone(kept, [change.pk for change in made], Gone.ERASED)
    for names, some in by_fields.items():
        writer.update_rows(model, some, names)
    if kept:
        remember_changes(kept, made, changes)
    return sum(len(some) for some in by_fields.values())


def rewrite_history(
    parts: models.QuerySet[ChangePart],
    change: Callable[[ChangePart], Callable[[int, history.Values], bool] | None],
) -> int:
    """Takes values out of history; answers how many parts that changed.

    `change` answers, for a part, the function that looks at each row's values, or None.
    """
    rewritten = 0
    for part in one_by_one(parts.order_by("pk")):
        look = change(part)
        payload = history.rewritten(part.payload, look) if look is not None else None
        if payload is not None:
            part.payload = payload
            part.save(update_fields=["payload"])
            rewritten += 1
    return rewritten


def forget_in_history(
    model: type[models.Model],
    pks: Iterable[int],
    texts: Iterable[str],
    *,
    just_made: bool = False,
) -> int:
    """Takes the values of some attributes out of everything that history tells of some rows.

    Such rows can no longer be restored; those that were `just_made` can still be taken back, for
    which no values are needed.
    """
    gone = frozenset(pks)
    if not gone:
        return 0
    names = frozenset(texts)

    def look(pk: int, values: history.Values) -> bool:
        if pk not in gone:
            return False
        blank(values, names)
        return not just_made

    low, high = min(gone), max(gone)
    parts = ChangePart.objects.filter(model=model._meta.label, first_pk__lte=high, last_pk__gte=low)
    return rewrite_history(parts, lambda part: look)


def blank(values: history.Values, names: Iterable[str]) -> None:
    """Empties those of `names` that a row's values have."""
    for name in names:
        if values.get(name) not in (None, ""):
            values[name] = "" if isinstance(values[name], str) else None


def replace_text(column: TextColumn, values: Sequence[str]) -> None:
    """Puts stars for the values wherever they stand in a column of a bookkeeping table."""
    connection = connections[column.database]
    quote = connection.ops.quote_name
    name, table = quote(column.name), quote(column.table)
    postgres = connection.vendor == "postgresql"
    text = f"{name}::text" if postgres else name
    back = "::jsonb" if postgres and column.kind == "json" else ""
    with connection.cursor() as cursor:
        for value in sorted(values, key=len, reverse=True):
            for form in forms_of(value):
                place = f"strpos({text}, %s)" if postgres else f"instr({text}, %s)"
                cursor.execute(
                    f"UPDATE {table} SET {name} = replace({text}, %s, %s){back} WHERE {place} > 0",
                    [form, stars(value), form],
                )


def replace_whole(column: TextColumn, value: str, instead: str) -> None:
    """Writes `instead` wherever a column of a bookkeeping table is exactly `value`."""
    connection = connections[column.database]
    quote = connection.ops.quote_name
    name, table = quote(column.name), quote(column.table)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {name} = %s WHERE {name} = %s", [instead, value])


def drop_cells(table: str, key: str, keys: Sequence[Any], database: str) -> None:
    """Deletes rows of a bookkeeping table by their keys."""
    connection = connections[database]
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for start in range(0, len(keys), CHUNK):
            some = list(keys[start : start + CHUNK])
            marks = ", ".join(["%s"] * len(some))
            cursor.execute(f"DELETE FROM {quote(table)} WHERE {quote(key)} IN ({marks})", some)


def clear_freed_pages() -> bool:
    """Writes SQLite's files anew, so that no freed page keeps what was deleted; False if it must wait.

    PostgreSQL sees to it by itself (autovacuum). Not within a transaction.
    """
    done = True
    for database in connections:
        connection: Any = connections[database]
        if connection.vendor != "sqlite" or connection.is_in_memory_db():
            continue
        if connection.in_atomic_block:
            return False
        with connection.cursor() as cursor:
            # Secure deletion overwrites what it frees, but pages that were split may keep copies.
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy = cursor.fetchone()[0]
        done = done and not busy
    return done
