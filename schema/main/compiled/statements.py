"""Statements that are kept: the SQL of a plan under a caller's rules, made once."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Any

import orjson
from django.core.exceptions import EmptyResultSet
from django.db import connections

MOST = 512


@dataclass(frozen=True)
class Statement:
    """SQL with its values; `sql` is None where it is known that there are no rows."""

    alias: str
    sql: str | None
    values: tuple[Any, ...] = ()

    def bound(self, stand_in: int, value: int) -> "Statement":
        """The same with another value where `stand_in` stands."""
        values = tuple(value if one == stand_in else one for one in self.values)
        return Statement(self.alias, self.sql, values)


_known: OrderedDict[Hashable, Statement] = OrderedDict()
_lock = Lock()


def kept(key: Hashable | None, make: Callable[[], Any]) -> Statement:
    """The statement of the queryset that `make` makes; the one that is kept under its key, if any."""
    try:
        found = None if key is None else _known.get(key)
    except TypeError:
        # A rule that compares with what has no hash.
        key = found = None
    if found is not None:
        return found
    queryset = make()
    try:
        text, values = queryset.query.get_compiler(queryset.db).as_sql()
        found = Statement(queryset.db, text, tuple(values))
    except EmptyResultSet:
        found = Statement(queryset.db, None)
    if key is not None:
        with _lock:
            _known[key] = found
            while len(_known) > MOST:
                _known.popitem(last=False)
    return found


def forget() -> None:
    """Drops every statement: for tests, which change the tables."""
    with _lock:
        _known.clear()


def fetch(statement: Statement) -> list[Any]:
    """The rows, read from JSON."""
    if statement.sql is None:
        return []
    with connections[statement.alias].cursor() as cursor:
        cursor.execute(statement.sql, statement.values)
        texts = [text for (text,) in cursor.fetchall()]
    found: list[Any] = orjson.loads("[" + ",".join(texts) + "]")
    return found
