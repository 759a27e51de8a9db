"""A world that is made once, and a copy of it for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.imports.races.databases import Database, new_database, new_world


@pytest.fixture(scope="session")
def estate_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The database that the others are copied from: nobody works in it."""
    with new_world(
        tmp_path_factory.mktemp("votes") / "var", "tests.owner_votes.races.world"
    ) as database:
        yield database


@pytest.fixture
def database(estate_office: Database, tmp_path: Path) -> Iterator[Database]:
    """A copy of it."""
    with new_database(tmp_path / "copy", like=estate_office) as copy:
        yield copy
