"""The demo's data, loaded once a process of tests; modules that want it find it in place of nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, connections, transaction
from django.test import override_settings

from fixtures import demo


def _load(hashers: list[str]) -> None:
    with override_settings(PASSWORD_HASHERS=hashers), transaction.atomic():
        demo.load()
        # Nobody is told of it, as nobody was in a transaction that is undone.
        for one in connections.all():
            one.run_on_commit = []


class _InMemory:
    """SQLite: both states are kept as copies, a module's is copied in and out (some milliseconds)."""

    def __init__(self, hashers: list[str]) -> None:
        self._empty, self._loaded = sqlite3.connect(":memory:"), sqlite3.connect(":memory:")
        self._here().backup(self._empty)
        _load(hashers)
        self._here().backup(self._loaded)
        self.leave()

    @staticmethod
    def _here() -> sqlite3.Connection:
        connection.ensure_connection()
        here: sqlite3.Connection = connection.connection
        return here

    def enter(self) -> None:
        self._loaded.backup(self._here())

    def leave(self) -> None:
        self._empty.backup(self._here())

    def drop(self) -> None:
        self._empty.close()
        self._loaded.close()


class _Beside:
    """PostgreSQL: a database of its own, made of the empty one."""

    def __init__(self, hashers: list[str]) -> None:
        self._own = connection.settings_dict["NAME"]
        self._loaded = f"{self._own}_demo"
        connection.close()
        self._say(f'CREATE DATABASE "{self._loaded}" TEMPLATE "{self._own}"')
        self.enter()
        _load(hashers)
        self.leave()

    @staticmethod
    def _say(statement: str) -> None:
        with connection._nodb_cursor() as cursor:
            cursor.execute(statement)

    def enter(self) -> None:
        self._turn_to(self._loaded)

    def leave(self) -> None:
        self._turn_to(self._own)

    @staticmethod
    def _turn_to(name: str) -> None:
        connection.close()
        connection.settings_dict["NAME"] = name

    def drop(self) -> None:
        self._say(f'DROP DATABASE IF EXISTS "{self._loaded}" WITH (FORCE)')


@contextmanager
def demo_database(hashers: list[str]) -> Iterator[_InMemory | _Beside]:
    """What lets a module in and out of the loaded demo, dropped at the end."""
    made = _InMemory(hashers) if connection.vendor == "sqlite" else _Beside(hashers)
    try:
        yield made
    finally:
        made.drop()
