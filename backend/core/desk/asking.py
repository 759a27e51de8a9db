"""Statements of the desk, put together once a minute: that costs several times what the answer does.

What a kind of work asks of the database follows from who asks and from the time, and from nothing
that the database holds (a test looks at every kind). So the text of the statement is kept for the
minute for which the answer may be kept too; the answer itself is read each time.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from backend.core.desk.together import united

KEPT_SECONDS = 60
# Each of some 50 kB.
_KEPT_STATEMENTS = 128

Parts = Callable[[], Sequence[QuerySet[Any]]]


@dataclass(frozen=True)
class _Question:
    name: Hashable
    standing: Hashable
    minute: int
    database: str
    parts: Parts = field(compare=False)


def told(name: Hashable, stands: Hashable, parts: Parts) -> list[tuple[Any, ...]]:
    """The rows of all parts, in no order, by one statement for who `stands` so (access.standing).

    `name` tells it from others for the same.

    The columns must be plain: texts and whole numbers that the database hands out as they are.
    """
    minute = int(timezone.now().timestamp()) // KEPT_SECONDS
    database = f"{connection.vendor} {connection.settings_dict['NAME']}"
    statement = _put_together(_Question(name, stands, minute, database, parts))
    if statement is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        return cursor.fetchall()  # type: ignore[no-any-return]


@lru_cache(_KEPT_STATEMENTS)
def _put_together(question: _Question) -> tuple[str, tuple[Any, ...]] | None:
    parts = question.parts()
    if not parts:
        return None
    try:
        return united(parts).query.sql_with_params()
    except EmptyResultSet:
        # Nothing of it can wait for this user.
        return None
