"""A filled database, made once, and a copy of it for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.imports.races.databases import Database, new_database, with_tables
from tests.imports.races.processes import Outcome, Process

RUNNER = "tests.privacy.races.runner"


def process(database: Database, verb: str, **options: Any) -> Process:
    """A verb of the runner in a process of its own."""
    return Process(database, verb, runner=RUNNER, **options)


def done(database: Database, verb: str, **options: Any) -> Outcome:
    """The same, to its end, without a complaint."""
    outcome = process(database, verb, **options).finish()
    assert (outcome.status, outcome.complained) == (0, "")
    return outcome


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The database that the others are copied from."""
    folder = tmp_path_factory.mktemp("filled") / "var"
    with new_database(folder, like=with_tables()) as database:
        done(database, "fill")
        yield database


@pytest.fixture
def database(filled: Database, tmp_path: Path) -> Iterator[Database]:
    """A copy, with its files and its queue."""
    with new_database(tmp_path / "copy", like=filled) as copy:
        for path in filled.folder.iterdir():
            if path.is_dir():
                shutil.copytree(path, copy.folder / path.name, dirs_exist_ok=True)
            elif "queue" in path.name:
                shutil.copy(path, copy.folder / path.name)
        yield copy
