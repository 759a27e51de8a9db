"""Killed in the middle, an erasure has not been, or is finished later; retention goes on by chunks."""

from pathlib import Path

import pytest

from tests.imports.races.databases import Database
from tests.imports.races.processes import PATIENCE
from tests.privacy.people import OLD_PEOPLE
from tests.privacy.races.conftest import done, process
from tests.privacy.races.looking import figures, files_that_tell, tables_that_tell

pytestmark = pytest.mark.slow
RUNS = "SELECT rows FROM privacy_retentionrun WHERE holding = 'attendance' ORDER BY id"
GONE = "SELECT count(*) FROM education_attendance WHERE name LIKE '已匿名%'"


def uploads(database: Database) -> list[Path]:
    return [p for p in (database.folder / "uploads").rglob("*") if p.is_file()]


@pytest.mark.parametrize("point", ["written1", "rewritten"])
def test_an_erasure_killed_before_its_end_has_not_been(database: Database, point: str) -> None:
    before, files = database.everything(), uploads(database)
    running = process(database, "erase", hold=[point])
    assert running.reaches(point)
    running.kill()
    database.wait_until_quiet()
    assert database.is_sound()
    assert database.everything() == before
    assert uploads(database) == files
    done(database, "erase")
    assert tables_that_tell(database) == set()
    assert files_that_tell(database) == set()


def test_an_erasure_killed_before_the_files_is_finished_by_the_routine(database: Database) -> None:
    before = figures(database)
    running = process(database, "erase", hold=["committed"])
    assert running.reaches("committed")
    running.kill()
    database.wait_until_quiet()
    assert tables_that_tell(database) == set()
    assert uploads(database) != [], "not yet: the files go after the commit"
    for _ in range(2):
        done(database, "finish")
        assert uploads(database) == []
        assert files_that_tell(database) == set()
        assert database.ask("SELECT count(*) FROM privacy_removal") == [(0,)]
    assert figures(database) == before


def test_control_without_a_transaction_a_part_is_left(database: Database) -> None:
    before = database.everything()
    running = process(database, "erase", hold=["written1"], without=["transaction"])
    assert running.reaches("written1")
    running.kill()
    database.wait_until_quiet()
    assert database.everything() != before
    assert "core_changepart" in tables_that_tell(database)


def test_retention_killed_in_a_chunk_goes_on_there(database: Database) -> None:
    before = figures(database)
    running = process(database, "let_go", hold=["written2"])
    assert running.reaches("written2")
    running.kill()
    database.wait_until_quiet()
    assert database.ask(RUNS) == [(5,)]
    assert database.ask(GONE) == [(5,)]
    done(database, "let_go")
    assert sum(rows for (rows,) in database.ask(RUNS)) == OLD_PEOPLE
    assert database.ask(GONE) == [(OLD_PEOPLE,)]
    assert figures(database) == before


def two_workers(database: Database, *without: str) -> int:
    """How many rows two workers at once say that they have done."""
    first = process(database, "let_go", hold=["chosen"], without=without)
    assert first.reaches("chosen")
    second = process(database, "let_go", without=without)
    assert second.reaches("ready")
    # Without the lock the second overtakes the first, however long that takes; with it, it waits.
    assert second.reaches("done", within=PATIENCE if without else 3) == bool(without)
    first.let_go()
    assert first.finish().status == 0
    assert second.finish().status == 0
    return sum(rows for (rows,) in database.ask(RUNS))


def test_two_workers_at_once_do_nothing_twice(database: Database) -> None:
    before = figures(database)
    assert two_workers(database) == OLD_PEOPLE
    assert database.ask(GONE) == [(OLD_PEOPLE,)]
    assert figures(database) == before


def test_control_without_the_lock_rows_are_counted_twice(database: Database) -> None:
    assert two_workers(database, "lock") > OLD_PEOPLE
