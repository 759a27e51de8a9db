"""A world that is made once, and a copy of it for each test."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.imports.races.databases import Database, new_database
from tests.imports.races.processes import ROOT


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The database that the others are copied from: nobody works in it."""
    with new_database(tmp_path_factory.mktemp("served") / "var") as database:
        subprocess.run(
            [sys.executable, "-m", "tests.volunteers.certificate_races.world"],
            cwd=ROOT,
            env=database.environment,
            check=True,
        )
        yield database


@pytest.fixture
def database(served: Database, tmp_path: Path) -> Iterator[Database]:
    """A copy of it."""
    with new_database(tmp_path / "copy", like=served) as copy:
        yield copy
