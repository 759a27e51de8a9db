"""A world that is made once, and a copy of it for each test."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.imports.races.databases import Database, new_database
from tests.imports.races.processes import ROOT


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The database that the others are copied from: nobody works in it."""
    with new_database(tmp_path_factory.mktemp("town") / "var") as database:
        subprocess.run(
            [sys.executable, "-m", "tests.education.races.world"],
            cwd=ROOT,
            env=database.environment,
            check=True,
        )
        yield database


@pytest.fixture
def copies(tmp_path: Path) -> Callable[[Database], AbstractContextManager[Database]]:
    """Makes copies of a database, one after the other."""
    numbers = iter(range(100))
    return lambda like: new_database(tmp_path / f"copy{next(numbers)}", like=like)


@pytest.fixture
def database(
    town: Database, copies: Callable[[Database], AbstractContextManager[Database]]
) -> Iterator[Database]:
    """A copy of the town."""
    with copies(town) as copy:
        yield copy
