"""A database in which forty messages wait, and a copy of it for each test."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.imports.races.databases import Database, new_database, new_world
from tests.imports.races.processes import Process


class Sender(Process):
    """A process that sends."""

    runner = "tests.messaging.races.runner"


@pytest.fixture(scope="session")
def waiting_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The database that the others are copied from: nobody works in it."""
    with new_world(
        tmp_path_factory.mktemp("waiting") / "var",
        "tests.messaging.races.world",
        LINLI_QUIET_HOURS="-",
    ) as database:
        yield database


@pytest.fixture
def copies(
    waiting_world: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], AbstractContextManager[Database]]:
    """Makes copies of it; what works there has no quiet hours, and a short lease."""
    monkeypatch.setenv("LINLI_QUIET_HOURS", "-")
    monkeypatch.setenv("LINLI_DELIVERY_LEASE_SECONDS", "0.5")
    numbers = iter(range(100))
    return lambda: new_database(tmp_path / f"copy{next(numbers)}", like=waiting_world)
