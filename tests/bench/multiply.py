"""Makes a neighbourhood larger: every row of its registers again, in the same communities.

A copy of a row points at the copies of the rows that the first points at. Places, accounts, roles and
settings stay as they are: a bigger neighbourhood has more of everything that happens, not more rules.
Written by SQL, past the gate: what is wanted here is a database of some size, without a history.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

# Further than any demo's keys go.
APART = 10_000_000
STAY = frozenset(
    {
        "core.ChangePart",
        "core.IdempotencyKey",
        "core.JobProgress",
        "core.RevealTask",
        "core.Tombstone",
        "core.WorkerHeartbeat",
        "education.Venue",
        "exports.ColumnChoice",
        "meetings.Numbering",
        "messaging.MessageTemplate",
        "messaging.NotificationPreference",
        "people.CommunityRole",
        "people.PrivacyNotice",
        "people.Representative",
        "people.User",
        "privacy.RetentionRule",
        "privacy.RetentionRun",
        "services.ServiceCategory",
        "stations.Supply",
        "volunteers.CertificateNumbering",
        "volunteers.HonourLevel",
    }
)
# Apps none of whose rows are multiplied.
STAY_APPS = frozenset({"accounts", "jobs", "places"})
# Columns that hold the key of a row without being a foreign key, beside the column that names its table.
POINTERS = {
    "core.Transition": ("object_id", "model"),
    "files.Attachment": ("target_id", "target_model"),
}


def multiply(times: int) -> int:
    """So many times the rows, the first ones among them. Returns how many rows were added."""
    copied = list(_copied())
    added = 0
    with transaction.atomic(), connection.cursor() as cursor:
        for copy in range(1, times):
            for model in copied:
                cursor.execute(_statement(model, copy, set(copied)))
                added += cursor.rowcount
        connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return added


def _copied() -> Iterator[type[models.Model]]:
    """The tables whose rows are copied, those first that others point at."""
    left = {
        model
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("backend.")
        and model._meta.app_label not in STAY_APPS
        and model._meta.label not in STAY
        and not _one_each(model)
    }
    left = {m for m in left if not m._meta.auto_created or m._meta.auto_created in left}
    while left:
        ready = sorted(
            (m for m in left if not (_pointed_at(m) & left) - {m}), key=lambda m: m._meta.label
        )
        # What points in a circle is checked at the end of the transaction alone.
        yield from ready or sorted(left, key=lambda m: m._meta.label)
        left -= set(ready or left)


def _pointed_at(model: type[models.Model]) -> set[Any]:
    return {f.related_model for f in model._meta.concrete_fields if f.is_relation}


def _one_each(model: type[models.Model]) -> bool:
    """Whether a community has one row of it: its settings."""
    alone = {f.name for f in model._meta.concrete_fields if f.unique and not f.primary_key}
    alone |= {names[0] for names in _uniques(model) if len(names) == 1}
    return "community" in alone


def _uniques(model: type[models.Model]) -> list[tuple[str, ...]]:
    named = [c.fields for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)]
    return [tuple(names) for names in [*named, *model._meta.unique_together] if names]


def _statement(model: type[models.Model], copy: int, copied: set[type[models.Model]]) -> str:
    quote = connection.ops.quote_name
    shift = copy * APART
    columns: dict[str, str] = {}
    for field in model._meta.concrete_fields:
        if getattr(field, "generated", False):
            continue
        column = quote(str(field.column))
        moved = field.primary_key or (field.is_relation and field.related_model in copied)
        columns[field.name] = f"{column} + {shift}" if moved else column
    if model._meta.label in POINTERS:
        pointer, table = POINTERS[model._meta.label]
        labels = ", ".join(f"'{other._meta.label}'" for other in copied)
        where = f"CASE WHEN {quote(table)} IN ({labels}) THEN {shift} ELSE 0 END"
        columns[pointer] = f"{quote(pointer)} + {where}"
    for names in [*_alone(model), *_uniques(model)]:
        fields = [model._meta.get_field(name) for name in names]
        if not any(columns[f.name] != quote(str(f.column)) for f in fields):  # type: ignore[union-attr]
            _set_apart(fields, columns, copy)
    into = ", ".join(quote(str(model._meta.get_field(n).column)) for n in columns)  # type: ignore[union-attr]
    table = quote(model._meta.db_table)
    # The first rows alone: their copies lie beyond.
    return (
        f"INSERT INTO {table} ({into}) SELECT {', '.join(columns.values())} FROM {table}"
        f" WHERE {quote(str(model._meta.pk.column))} < {APART}"
    )


def _alone(model: type[models.Model]) -> list[tuple[str, ...]]:
    return [(f.name,) for f in model._meta.concrete_fields if f.unique and not f.primary_key]


def _set_apart(fields: list[Any], columns: dict[str, str], copy: int) -> None:
    """Makes what must be unique differ from the first row's: by its last number, text or day."""
    quote = connection.ops.quote_name
    for field in reversed(fields):
        column = quote(field.column)
        if isinstance(field, models.IntegerField):
            columns[field.name] = f"{column} + {copy * 1000}"
        elif isinstance(field, models.DateField):
            columns[field.name] = (
                f"{column} + {364 * copy}"
                if connection.vendor == "postgresql"
                else f"date({column}, '-{copy} years')"
            )
        elif isinstance(field, models.UUIDField):
            postgres = connection.vendor == "postgresql"
            columns[field.name] = "gen_random_uuid()" if postgres else "lower(hex(randomblob(16)))"
        elif isinstance(field, models.CharField) and not field.choices:
            columns[field.name] = f"CASE WHEN {column} = '' THEN '' ELSE {column} || '{copy}' END"
        elif field.null:
            columns[field.name] = "NULL"
        else:
            continue
        return
    raise ValueError(f"nothing in {[f.name for f in fields]} can be set apart")
