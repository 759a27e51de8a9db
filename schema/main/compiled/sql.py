"""Rows as JSON text, made by the database: what both databases have, under one name each.

A row is an array of values, never an object: names are put on afterwards. Parts are joined as text,
for JSON within JSON would be read and written once more on every level.
"""

from typing import Any

from django.db.models import Expression, Func, QuerySet, Subquery, TextField, Value

# As many arguments as a function may have: PostgreSQL's limit is 100, SQLite's 127.
MOST_VALUES = 90
ROW = "_j"


class Values(Func):
    """`[1, "a", null]`: the values of one row."""

    function = "JSON_ARRAY"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(
            compiler,
            connection,
            function="JSON_BUILD_ARRAY",
            template="%(function)s(%(expressions)s)::text",
            **extra,
        )


class Joined(Func):
    """`[a,b]`: texts of JSON side by side."""

    template = "('[' || %(expressions)s || ']')"
    arg_joiner = " || ',' || "
    output_field = TextField()


class One(Subquery):
    """The row of a query, or `null`."""

    template = "COALESCE((%(subquery)s), 'null')"
    output_field = TextField()
    empty_result_set_value = "null"


class Many(Subquery):
    """The rows of a query in its order: an array of them."""

    template = (
        f"COALESCE((SELECT '[' || GROUP_CONCAT(_l.{ROW}, ',') || ']' FROM (%(subquery)s) _l), '[]')"
    )
    output_field = TextField()
    empty_result_set_value = "[]"

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = self.template.replace("GROUP_CONCAT", "STRING_AGG")
        return self.as_sql(compiler, connection, template=template, **extra)


class Counted(Subquery):
    """How many rows a query has."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) _c)"
    output_field = TextField()
    empty_result_set_value = "0"

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template=f"{self.template}::text", **extra)


def row(values: list[Any], parts: list[Expression]) -> Expression:
    """The text of a row: its values, and behind them its parts, if it has any."""
    bare = Values(*(values or [Value(None)]))
    return Joined(bare, *parts) if parts else bare


def texts(
    queryset: QuerySet[Any], text: Expression, start: int = 0, stop: int | None = None
) -> Any:
    """The query of the rows' texts, from `start` until, but not with, `stop`."""
    found = queryset.values(**{ROW: text})
    return found[start:stop] if start or stop is not None else found
