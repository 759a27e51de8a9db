"""A world that is made once, a copy of it for each test, and one in which much was imported."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest

from fixtures.make_large import make_large
from tests.imports.races.counting import import_into
from tests.imports.races.databases import Database, new_database, new_world
from tests.imports.races.killing import history_tells_of_every_row
from tests.imports.races.processes import Process
from tests.imports.races.roster import KNOWN, LARGE_EVENT, LARGE_ROWS, RECORDED, known_people


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The database that the others are copied from: nobody works in it."""
    with new_world(
        tmp_path_factory.mktemp("world") / "var", "tests.imports.races.world"
    ) as database:
        yield database


@pytest.fixture
def copies(tmp_path: Path) -> Callable[[Database], AbstractContextManager[Database]]:
    """Makes copies of a database, one after the other."""
    numbers = iter(range(100))
    return lambda like: new_database(tmp_path / f"copy{next(numbers)}", like=like)


@pytest.fixture
def database(
    world: Database, copies: Callable[[Database], AbstractContextManager[Database]]
) -> Iterator[Database]:
    """A copy of the world."""
    with copies(world) as copy:
        yield copy


@pytest.fixture(scope="session")
def large_import(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """The command that imports more rows than one chunk of a plan holds."""
    path = tmp_path_factory.mktemp("sheets") / "large.xlsx"
    made = make_large(path, LARGE_ROWS, bad_share=0, known=known_people())
    assert (made.known, made.bad) == (KNOWN, 0)
    return import_into(LARGE_EVENT, path)


@dataclass(frozen=True)
class Imported:
    """A database with the large sheet in it, and the process that put it there, unhindered."""

    database: Database
    process: Process
    batch: str


@pytest.fixture(scope="session")
def imported(
    world: Database, large_import: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Imported]:
    with new_database(tmp_path_factory.mktemp("imported") / "var", like=world) as database:
        process = Process(database, *large_import)
        assert process.reaches("done")
        outcome = process.finish()
        assert (outcome.status, outcome.complained) == (0, "")
        # Those whom the event had before are updated: an undo has rows to restore, too.
        rows = outcome.answer["rows"]
        assert (rows["create"], rows["update"]) == (LARGE_ROWS - RECORDED, RECORDED)
        assert history_tells_of_every_row(database)
        yield Imported(database, process, outcome.answer["batch"])
