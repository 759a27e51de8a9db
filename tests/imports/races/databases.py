"""Databases of our own for processes of our own: a file of SQLite, or one of the PostgreSQL server.

The test's own database will not do: its transaction is never committed, so no other process sees it.
"""

import atexit
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parents[3]
SERVER = os.environ.get("DATABASE_URL", "")
ON_POSTGRES = SERVER.startswith("postgres")
# Not the server's own housekeeping, which comes and goes as it likes.
_CLIENTS = "backend_type = 'client backend'"


@dataclass(frozen=True)
class Database:
    """One database, with the folder in which its processes keep their files."""

    folder: Path
    name: str

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to work on this database."""
        plain = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        where = {"DATABASE_URL": _url(self.name)} if ON_POSTGRES else {}
        return (
            plain
            | where
            | {"LINLI_VAR": str(self.folder), "DJANGO_SETTINGS_MODULE": "backend.settings"}
        )

    @property
    def file(self) -> Path:
        """The SQLite file."""
        return self.folder / "linli.sqlite3"

    @property
    def queue_file(self) -> Path:
        """The SQLite file of queue, leases and progress."""
        return self.folder / "linli.queue.sqlite3"

    def ask_queue(self, sql: str) -> list[tuple[Any, ...]]:
        """As `ask`, of what lies in the queue's database where there is one."""
        if ON_POSTGRES:
            return self.ask(sql)
        with closing(sqlite3.connect(self.queue_file)) as connection:
            return connection.execute(sql).fetchall()

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query, over a connection of its own: what a newcomer sees."""
        if ON_POSTGRES:
            with psycopg.connect(_url(self.name)) as connection:
                return connection.execute(sql.encode()).fetchall()
        with closing(sqlite3.connect(self.file)) as connection:
            return connection.execute(sql).fetchall()

    def do(self, sql: str) -> None:
        """A statement, committed."""
        if ON_POSTGRES:
            with psycopg.connect(_url(self.name), autocommit=True) as connection:
                connection.execute(sql.encode())
            return
        with closing(sqlite3.connect(self.file)) as connection, connection:
            connection.execute(sql)

    def tables(self) -> list[str]:
        """The names of its tables."""
        if ON_POSTGRES:
            sql = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        else:
            sql = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1"
        return [name for (name,) in self.ask(sql)]

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table."""
        return {
            name: sorted(self.ask(f'SELECT * FROM "{name}"'), key=repr) for name in self.tables()
        }

    def wait_until_quiet(self, patience: float = 90) -> None:
        """Returns once no server process works for a client that is gone."""
        if not ON_POSTGRES:
            return
        sql = f"SELECT pid FROM pg_stat_activity WHERE {_CLIENTS} AND datname = '{self.name}'"
        until = time.monotonic() + patience
        with psycopg.connect(SERVER, autocommit=True) as connection:
            while connection.execute(sql.encode()).fetchall():
                assert time.monotonic() < until, "a server process outlives its client"
                time.sleep(0.02)

    def open_transactions(self) -> int:
        """How many processes hold a transaction that writes, in either database."""
        if ON_POSTGRES:
            sql = (
                f"SELECT pid FROM pg_stat_activity WHERE {_CLIENTS} AND xact_start IS NOT NULL "
                f"AND datname = '{self.name}'"
            )
            with psycopg.connect(SERVER, autocommit=True) as connection:
                return len(connection.execute(sql.encode()).fetchall())
        return sum(_is_locked(file) for file in (self.file, self.queue_file) if file.exists())

    def is_sound(self) -> bool:
        """Whether the file is whole and every reference has its row; the server sees to itself."""
        if ON_POSTGRES:
            return True
        return self.ask("PRAGMA integrity_check") == [("ok",)] and not self.ask(
            "PRAGMA foreign_key_check"
        )


@contextmanager
def new_database(folder: Path, like: Database | None = None) -> Iterator[Database]:
    """An empty database, or a copy of another; gone after the block."""
    database = Database(folder, f"linli_race_{uuid.uuid4().hex[:12]}")
    folder.mkdir(parents=True)
    if like is not None and (like.folder / "uploads").exists():
        shutil.copytree(like.folder / "uploads", folder / "uploads")
    if not ON_POSTGRES:
        if like is not None:
            shutil.copy(like.file, database.file)
            if like.queue_file.exists():
                shutil.copy(like.queue_file, database.queue_file)
        try:
            yield database
        finally:
            shutil.rmtree(folder)
        return
    template = f' TEMPLATE "{like.name}"' if like is not None else ""
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{database.name}"{template}'.encode())
        try:
            yield database
        finally:
            server.execute(f'DROP DATABASE "{database.name}" WITH (FORCE)'.encode())
            shutil.rmtree(folder)


@contextmanager
def new_world(folder: Path, module: str, **environment: str) -> Iterator[Database]:
    """A database with the tables in it, filled by a module that is run as a script."""
    with new_database(folder, like=with_tables()) as database:
        run_in(database, "-m", module, **environment)
        yield database


@cache
def with_tables() -> Database:
    """An empty database with the tables that the models say: made once a run, then copied.

    That the migrations make the same ones is a test of its own (tests/test_migrations.py), and running
    them all costs a process a minute.
    """
    made = new_database(Path(tempfile.mkdtemp()) / "var")
    database = made.__enter__()
    atexit.register(made.__exit__, None, None, None)
    make_tables(database, "--run-syncdb", DJANGO_SETTINGS_MODULE="tests.settings_from_models")
    return database


def make_tables(database: Database, *options: str, **environment: str) -> None:
    """Makes the tables, those of the queue in a file of their own where there is one."""
    for alias in ("default",) if ON_POSTGRES else ("default", "queue"):
        run_in(
            database, "manage.py", "migrate", "--database", alias, "--verbosity", "0", *options,
            **environment,
        )  # fmt: skip


def run_in(database: Database, *arguments: str, **environment: str) -> None:
    """Runs Python on a database, from the project's root; it must succeed."""
    subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=database.environment | environment, check=True
    )


def _is_locked(file: Path) -> bool:
    with closing(sqlite3.connect(file, timeout=0.3, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        connection.execute("ROLLBACK")
        return False


def _url(name: str) -> str:
    return urlunsplit(urlsplit(SERVER)._replace(path=f"/{name}"))
