"""`__among`: as `__in`, for thousands of plain values: one parameter instead of one each.

Django prepares, resolves and binds each value of `__in` by itself, and SQLite takes 32 766 of them.
"""

from typing import Any

import orjson
from django.db.models import Field, ForeignKey, Lookup


# A foreign key has only the lookups that it names itself.
@ForeignKey.register_lookup
@Field.register_lookup
class Among(Lookup[Any]):
    """The column's value is one of a set of strings or whole numbers. Not for nulls."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, parameters = self.process_lhs(compiler, connection)
        values = list(self.rhs)
        if connection.vendor == "postgresql":
            return f"{left} = ANY(%s)", [*parameters, values]
        listed = orjson.dumps(values).decode()
        return f"{left} IN (SELECT value FROM json_each(%s))", [*parameters, listed]
