"""Killed at any moment, there is never a row without its file; two at once do not overfill."""

import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.files.making import photo
from tests.imports.races.databases import Database, new_database, new_world
from tests.imports.races.processes import Outcome, Process
from tests.imports.races.roster import LARGE_EVENT

pytestmark = pytest.mark.slow
Copies = Callable[[], AbstractContextManager[Database]]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The database that the others are copied from."""
    where = tmp_path_factory.mktemp("files-world") / "var"
    with new_world(where, "tests.imports.races.world") as database:
        yield database


@pytest.fixture
def copies(tmp_path: Path, world: Database) -> Copies:
    """Makes copies of the world."""
    numbers = iter(range(100))
    return lambda: new_database(tmp_path / f"copy{next(numbers)}", like=world)


@pytest.fixture
def picture(tmp_path: Path) -> str:
    path = tmp_path / "现场.jpg"
    path.write_bytes(photo(2000, 1500))
    return str(path)


def start(
    database: Database, *command: str, hold: tuple[str, ...] = (), lock: bool = True
) -> Process:
    without = () if lock else ("lock",)
    return Process(database, *command, hold=hold, without=without, runner="tests.files.runner")


def run(database: Database, *command: str) -> Outcome:
    outcome = start(database, *command).finish()
    assert outcome.status == 0, outcome.complained
    return outcome


def rows(database: Database) -> list[tuple[str, str, int]]:
    database.wait_until_quiet()
    assert database.is_sound()
    return database.ask("SELECT stored, thumbnail, size FROM files_attachment")  # type: ignore[return-value]


def on_disk(database: Database) -> dict[str, int]:
    folder = database.folder / "uploads" / "attachments"
    found = folder.iterdir() if folder.exists() else ()
    return {f"attachments/{path.name}": path.stat().st_size for path in found}


def every_row_has_its_file(database: Database) -> bool:
    files = on_disk(database)
    return all(
        files.get(stored) == size and (not thumbnail or files.get(thumbnail, 0) > 0)
        for stored, thumbnail, size in rows(database)
    )


def a_day_later(database: Database) -> None:
    """Every file is old, and the routine has run."""
    long_ago = time.time() - 25 * 3600
    for name in on_disk(database):
        os.utime(database.folder / "uploads" / name, (long_ago, long_ago))
    run(database, "sweep")


def named(database: Database) -> set[str]:
    return {name for *names, _ in rows(database) for name in names if name}


def test_killed_anywhere_no_row_lacks_its_file_and_the_sweep_leaves_none_too_many(
    copies: Copies, picture: str
) -> None:
    with copies() as database:
        whole = start(database, "attach", LARGE_EVENT, picture)
        assert whole.reaches("done")
        whole.finish()
        seconds = whole.seconds("examined", "done")
    chance = random.Random(3)
    outcomes = set()
    for mark in ("started", "examined", "stored", "checked", "inserted", "done", "", "", ""):
        with copies() as database:
            process = start(database, "attach", LARGE_EVENT, picture, hold=(mark,) if mark else ())
            if mark == "started":
                process.outlasts("started", 0.4)
            elif mark:
                assert process.reaches(mark)
            else:
                process.outlasts("examined", chance.uniform(0, seconds))
            process.kill()
            assert every_row_has_its_file(database), mark
            left = len(rows(database))
            a_day_later(database)
            assert set(on_disk(database)) == named(database), mark
            again = run(database, "attach", LARGE_EVENT, picture).answer["state"]
            assert again == ("attachment_twice" if left else "attached"), mark
            assert len(rows(database)) == 1
            assert every_row_has_its_file(database)
            outcomes.add((mark, left))
    # Before the row is committed there is none; afterwards it stays.
    assert {("stored", 0), ("checked", 0), ("inserted", 0), ("done", 1)} <= outcomes


def test_control_a_row_before_its_file_is_found_out(copies: Copies, picture: str) -> None:
    with copies() as database:
        process = start(database, "naive", LARGE_EVENT, picture, hold=("inserted",))
        assert process.reaches("inserted")
        process.kill()
        assert len(rows(database)) == 1
        assert not every_row_has_its_file(database)


def test_killed_while_erasing_the_rest_is_swept(copies: Copies, picture: str) -> None:
    with copies() as database:
        run(database, "attach", LARGE_EVENT, picture)
        process = start(database, "erase", hold=("dropping",))
        assert process.reaches("dropping")
        process.kill()
        assert rows(database) == []
        assert len(on_disk(database)) == 2
        a_day_later(database)
        assert on_disk(database) == {}


def race(database: Database, pictures: list[str], at_most: str) -> list[str]:
    """Two phones send at one moment; what each is told."""
    racers = [
        start(database, "attach", LARGE_EVENT, path, at_most, hold=("stored",)) for path in pictures
    ]
    for racer in racers:
        assert racer.reaches("stored")
    for racer in racers:
        racer.let_go()
    outcomes = [racer.finish() for racer in racers]
    return sorted(o.answer["state"] if o.said else o.complained[-200:] for o in outcomes)


def test_two_at_once_do_not_overfill_a_record_nor_bring_a_file_twice(
    copies: Copies, picture: str, tmp_path: Path
) -> None:
    other = tmp_path / "另一张.jpg"
    other.write_bytes(photo(2000, 1500, seed=2))
    with copies() as database:
        states = race(database, [picture, str(other)], "1")
        assert states == ["attached", "attachments_full"]
        assert set(on_disk(database)) == named(database)
    with copies() as database:
        assert race(database, [picture, picture], "30") == ["attached", "attachment_twice"]
        assert set(on_disk(database)) == named(database)


def test_control_without_the_lock_they_overfill_it(
    copies: Copies, picture: str, tmp_path: Path
) -> None:
    other = tmp_path / "另一张.jpg"
    other.write_bytes(photo(2000, 1500, seed=2))
    with copies() as database:
        racers = [
            start(database, "attach", LARGE_EVENT, path, "1", hold=("checked",), lock=False)
            for path in (picture, str(other))
        ]
        # Both have counted before either writes; then one after the other, so neither stumbles.
        for racer in racers:
            assert racer.reaches("checked")
        for racer in racers:
            racer.let_go()
            assert racer.finish().answer["state"] == "attached"
        assert len(rows(database)) == 2
