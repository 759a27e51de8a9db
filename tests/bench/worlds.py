"""Databases for the benchmark: one is filled, every run gets a copy of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from tests import postgres

ROOT = Path(__file__).resolve().parents[2]


# The module that fills a database, and its arguments.
Filling = Sequence[str]
FILL = ("tests.bench.fill",)


class World(Protocol):
    """A filled database that can be copied."""

    name: str

    def copy(self, number: int) -> tuple[dict[str, str], str]:
        """The environment that makes Django use copy `number`, and its bare address."""
        ...


class LiteWorld:
    """Files in a folder."""

    name = "SQLite"

    def __init__(self, folder: Path, fill: Filling = FILL) -> None:
        self.folder = folder
        self.home = folder / "first"
        _fill({"LINLI_VAR": str(self.home), "DATABASE_URL": ""}, fill)

    def copy(self, number: int) -> tuple[dict[str, str], str]:
        place = self.folder / f"run{number}"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(self.home, place)
        (database,) = (p for p in place.glob("*.sqlite3") if "queue" not in p.name)
        return {"LINLI_VAR": str(place), "DATABASE_URL": ""}, f"sqlite:{database}"


class PostgresWorld:
    """Databases of one throw-away server; copies are made from a template."""

    name = "PostgreSQL"

    def __init__(self, url: str, folder: Path, fill: Filling = FILL) -> None:
        import psycopg

        self.url = url
        self.folder = folder
        self.admin = psycopg.connect(url, autocommit=True)
        self.admin.execute("CREATE DATABASE bench")
        _fill(self._environment("bench"), fill)

    def _address(self, name: str) -> str:
        base, _, query = self.url.partition("?")
        return f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")

    def _environment(self, name: str) -> dict[str, str]:
        return {"DATABASE_URL": self._address(name), "LINLI_VAR": str(self.folder / "pg")}

    def copy(self, number: int) -> tuple[dict[str, str], str]:
        self.admin.execute("DROP DATABASE IF EXISTS bench_run WITH (FORCE)")
        self.admin.execute("CREATE DATABASE bench_run TEMPLATE bench")
        return self._environment("bench_run"), self._address("bench_run")


def _fill(environment: dict[str, str], fill: Filling) -> None:
    subprocess.run(
        [sys.executable, "-m", *fill],
        check=True,
        cwd=ROOT,
        env={**os.environ, **environment},
    )


@contextmanager
def worlds(folder: Path) -> Iterator[list[World]]:
    """Both databases, filled."""
    with postgres.server() as url:
        yield [LiteWorld(folder), PostgresWorld(url, folder)]
