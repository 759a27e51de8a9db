"""The gate's fast writer: many rows of one table with as little ceremony as the database allows.

executemany on SQLite, COPY on PostgreSQL; `bulk_create` alone costs two to three times as much.
Nobody but the gate calls this.
"""

import datetime
from collections.abc import Callable, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from django.db import connections, models, router

_PLAIN = (models.CharField, models.TextField, models.IntegerField, models.ForeignKey)


def allocate(model: type[models.Model], count: int) -> list[int]:
    """`count` fresh primary keys, in order. Call it inside the writing transaction."""
    connection = connections[router.db_for_write(model)]
    table, pk = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                # The sequence is looked up once and not for each number.
                "SELECT nextval(found.sequence) FROM (SELECT pg_get_serial_sequence(%s, %s)::regclass"
                " AS sequence OFFSET 0) AS found, generate_series(1, %s)",
                [connection.ops.quote_name(table), pk, count],
            )
            return [row[0] for row in cursor.fetchall()]
        # SQLite has one writer and we are it (IMMEDIATE); AUTOINCREMENT follows explicit keys.
        # The sequence is asked and not max(id): a number once issued never names another row.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        last = row[0] if row else 0
    return list(range(last + 1, last + count + 1))


def insert_rows(
    model: type[models.Model],
    records: Sequence[models.Model],
    meanwhile: Callable[[], bytes],
) -> bytes:
    """Inserts records that already have their primary keys; answers what `meanwhile` gives.

    PostgreSQL goes on with the rows that it has been sent while `meanwhile` is done here.
    """
    connection = connections[router.db_for_write(model)]
    fields: Any = model._meta.concrete_fields
    quote = connection.ops.quote_name
    table, columns = quote(model._meta.db_table), ", ".join(quote(f.column) for f in fields)
    rows = _rows(records, fields, connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # COPY is the driver's own: its errors become Django's, as everybody else's do.
            with (
                connection.wrap_database_errors,
                cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
            ):
                for row in rows:
                    copy.write_row(row)
                return meanwhile()
        marks = ", ".join(["%s"] * len(fields))
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
    return meanwhile()


def update_rows(
    model: type[models.Model], records: Sequence[models.Model], names: Sequence[str]
) -> None:
    """Writes the named fields of records that exist."""
    if not records:
        return
    connection = connections[router.db_for_write(model)]
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    quote = connection.ops.quote_name
    sets = ", ".join(f"{quote(f.column)} = %s" for f in fields)
    pk: Any = model._meta.pk
    rows = _rows(records, [*fields, pk], connection)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE {quote(pk.column)} = %s", rows
        )


def delete_rows(model: type[models.Model], pks: Sequence[int]) -> None:
    """Deletes by primary key; what hangs on them has been looked at by the gate."""
    model._base_manager.filter(pk__in=pks)._raw_delete(router.db_for_write(model))


def _rows(records: Sequence[models.Model], fields: Sequence[Any], connection: Any) -> list[Any]:
    getter = itemgetter(*[field.attname for field in fields])
    converters = [(i, c) for i, f in enumerate(fields) if (c := _converter(f, connection))]
    if not converters:
        return [getter(record.__dict__) for record in records]
    rows = []
    for record in records:
        row = list(getter(record.__dict__))
        for index, convert in converters:
            if row[index] is not None:
                row[index] = convert(row[index])
        rows.append(row)
    return rows


def _converter(field: Any, connection: Any) -> Callable[[Any], Any] | None:
    if isinstance(field, (*_PLAIN, models.BooleanField)) or field.primary_key:
        return None
    if isinstance(field, models.DateTimeField):
        # Many rows have the same moment: it is put into words once.
        if connection.vendor == "postgresql":
            return cache(str)

        @cache
        def adapt(value: datetime.datetime | None) -> Any:
            return field.get_db_prep_save(value, connection)

        return adapt
    if isinstance(field, models.DateField) and connection.vendor == "postgresql":
        return None
    return lambda value: field.get_db_prep_save(value, connection)
