"""The demo's data, loaded once a process of tests, in a database beside the tests' own.

Modules that want it are turned to it, and back again.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections, transaction
from django.test import override_settings
from django.utils import timezone

from fixtures import demo
from fixtures.load_demo import refresh_living


class _Beside:
    """A database made of the empty one; each vendor says how it is made, turned to and dropped."""

    def __init__(self, hashers: list[str]) -> None:
        self._own = connection.settings_dict["NAME"]
        self._loaded = self._make()
        self._day = timezone.localdate()
        self.enter()
        with override_settings(PASSWORD_HASHERS=hashers), transaction.atomic():
            demo.load()
            # Nobody is told of it, as nobody was in a transaction that is undone.
            for one in connections.all():
                one.run_on_commit = []
        self.leave()

    def enter(self) -> None:
        self._turn_to(self._loaded)
        # Their numbers are others there.
        ContentType.objects.clear_cache()

    def wake(self) -> None:
        """Dates what lives from today, where midnight has passed since it was loaded."""
        if timezone.localdate() != self._day:
            refresh_living()

    def leave(self) -> None:
        self._turn_to(self._own)
        ContentType.objects.clear_cache()

    def _make(self) -> str:
        raise NotImplementedError

    def _turn_to(self, name: str) -> None:
        raise NotImplementedError

    def drop(self) -> None:
        raise NotImplementedError


class _InMemory(_Beside):
    """SQLite: it lives as long as a connection to it; Django's own is put aside meanwhile."""

    def _make(self) -> str:
        connection.ensure_connection()
        name = f"{self._own.split('?')[0]}_demo?mode=memory&cache=shared"
        self._connections = {self._own: connection.connection}
        with sqlite3.connect(name, uri=True) as copy:
            connection.connection.backup(copy)
        self._copy = copy
        return name

    def _turn_to(self, name: str) -> None:
        connection.settings_dict["NAME"] = name
        known: Any = self._connections.get(name)
        if known is not None:
            connection.connection = known
            return
        connection.connection = None
        connection.connect()
        self._connections[name] = connection.connection

    def drop(self) -> None:
        self._copy.close()
        self._connections[self._loaded].close()


class _OnServer(_Beside):
    """PostgreSQL: one more on the server."""

    def _make(self) -> str:
        name = f"{self._own}_demo"
        # A template has no visitors.
        connection.close()
        self._say(f'CREATE DATABASE "{name}" TEMPLATE "{self._own}"')
        return name

    @staticmethod
    def _say(statement: str) -> None:
        with connection._nodb_cursor() as cursor:
            cursor.execute(statement)

    def _turn_to(self, name: str) -> None:
        connection.close()
        connection.settings_dict["NAME"] = name

    def drop(self) -> None:
        self._say(f'DROP DATABASE IF EXISTS "{self._loaded}" WITH (FORCE)')


@contextmanager
def demo_database(hashers: list[str]) -> Iterator[_Beside]:
    """What lets a module in and out of the loaded demo, dropped at the end."""
    made = (_InMemory if connection.vendor == "sqlite" else _OnServer)(hashers)
    try:
        yield made
    finally:
        made.drop()
