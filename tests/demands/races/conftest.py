"""A world that is made once, and a copy of it for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.imports.races.databases import Database, new_database, new_world


@pytest.fixture(scope="session")
def neighbourhood(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The database that the others are copied from: nobody works in it."""
    folder = tmp_path_factory.mktemp("neighbourhood") / "var"
    with new_world(folder, "tests.demands.races.world") as database:
        yield database


@pytest.fixture
def database(neighbourhood: Database, tmp_path: Path) -> Iterator[Database]:
    """A copy of it."""
    with new_database(tmp_path / "copy", like=neighbourhood) as copy:
        yield copy
