"""A world that is made once, and a copy of it for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.imports.races.databases import Database, new_database, new_world


@pytest.fixture(scope="session")
def storeroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The database that the others are copied from: nobody works in it."""
    with new_world(
        tmp_path_factory.mktemp("storeroom") / "var", "tests.stations.races.world"
    ) as database:
        yield database


@pytest.fixture
def database(storeroom: Database, tmp_path: Path) -> Iterator[Database]:
    """A copy of it."""
    with new_database(tmp_path / "copy", like=storeroom) as copy:
        yield copy
