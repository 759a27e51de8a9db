"""`__among`: as `__in`, for thousands of plain values: one parameter instead of one each.

Django prepares, resolves and binds each value of `__in` by itself, and SQLite takes 32 766 of them.
"""

from datetime import date, time
from typing import Any

import orjson
from django.core.exceptions import EmptyResultSet
from django.db.models import Field, ForeignKey, Lookup

# How PostgreSQL calls them.
KINDS = ((str, "text"), (int, "bigint"), (date, "date"), (time, "time"))


# A foreign key has only the lookups that it names itself.
@ForeignKey.register_lookup
@Field.register_lookup
class Among(Lookup[Any]):
    """The column's value is one of a set of strings, whole numbers, days or times. Not for nulls."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, parameters = self.process_lhs(compiler, connection)
        values = list(self.rhs)
        if not values:
            raise EmptyResultSet
        if connection.vendor == "postgresql":
            # Of the column's own type: only then does PostgreSQL hash the list, instead of going
            # through it for every row.
            kind = next(name for type_, name in KINDS if isinstance(values[0], type_))
            # JSON writes a list as PostgreSQL does, but for its brackets and what it escapes; so it
            # is written in one go, and not value by value.
            listed = orjson.dumps(values).decode()
            given = values if "\\" in listed else f"{{{listed[1:-1]}}}"
            return f"{left} = ANY(%s::{kind}[])", [*parameters, given]
        listed = orjson.dumps(values).decode()
        return f"{left} IN (SELECT value FROM json_each(%s))", [*parameters, listed]
