"""A world that is made once, and a copy of it for each test."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.imports.races.databases import Database, new_database, new_world


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The database that the others are copied from: nobody works in it."""
    with new_world(
        tmp_path_factory.mktemp("town") / "var", "tests.education.races.world"
    ) as database:
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
