"""Kills at random moments, and the judge of what they leave behind."""

import random
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from tests.imports.races.databases import Database
from tests.imports.races.processes import Process

KEPT = {
    "people.Resident": "people_resident",
    "education.Attendance": "education_attendance",
    "imports.ImportBatch": "imports_importbatch",
}
_FACTS = {
    "people": "SELECT name, phone, gender, building_id, unit, room, address, revision "
    "FROM people_resident ORDER BY phone",
    "attendance": "SELECT e.code, r.phone, a.name, a.gender, a.age, a.signed, a.remark, a.revision "
    "FROM education_attendance a JOIN education_legaleducationevent e ON e.id = a.event_id "
    "LEFT JOIN people_resident r ON r.id = a.resident_id ORDER BY 1, 2",
    "batches": 'SELECT status, "read", "create", "update", unchanged, skip, reject, upload <> \'\', '
    "change_set_id IS NULL, committed_at IS NULL, undone_at IS NULL "
    "FROM imports_importbatch ORDER BY id",
    "chunks": 'SELECT "index" FROM imports_planchunk ORDER BY id',
    "moves": "SELECT model, move, source, target FROM core_transition ORDER BY id",
    "changes": "SELECT id, verb, door, undo_of_id IS NULL FROM core_changeset ORDER BY id",
}


@dataclass(frozen=True)
class Moment:
    """A time after a mark."""

    mark: str
    seconds: float


def ten_moments(seed: int, whole: Process) -> Iterator[Moment]:
    """Three anywhere in a run as long as `whole` was; seven in its writing, spread evenly."""
    return moments(seed, whole, 3, 7)


def twenty_moments(seed: int, whole: Process) -> Iterator[Moment]:
    """Three anywhere in a run as long as `whole` was; seventeen in its writing, spread evenly."""
    return moments(seed, whole, 3, 17)


def moments(seed: int, whole: Process, anywhere: int, writing: int) -> Iterator[Moment]:
    """So many anywhere in a run as long as `whole` was, and so many in its writing."""
    chance = random.Random(seed)
    for _ in range(anywhere):
        yield Moment("started", chance.uniform(0, whole.seconds("started", "done")))
    length = whole.seconds("ready", "done")
    for part in range(writing):
        yield Moment("ready", (part + chance.random()) / writing * length)


def facts(database: Database) -> dict[str, list[Any]]:
    """What there is, without the keys, codes and hours that differ from run to run."""
    found = {name: database.ask(sql) for name, sql in _FACTS.items()}
    sizes = database.ask(
        "SELECT change_set_id, model, sum(rows) FROM core_changepart GROUP BY 1, 2"
    )
    found["changes"] = [
        (re.sub(r"dr-\w+", "", verb), *rest, sorted((m, int(n)) for s, m, n in sizes if s == pk))
        for pk, verb, *rest in found["changes"]
    ]
    return found


def history_tells_of_every_row(database: Database) -> bool:
    """Whether the history, replayed from the start, leads to the very rows that are there."""
    for label, table in KEPT.items():
        replayed: dict[int, int] = {}
        sql = f"SELECT payload FROM core_changepart WHERE model = '{label}' ORDER BY id"
        for (payload,) in database.ask(sql):
            content = orjson.loads(zlib.decompress(bytes(payload)))
            for values in content.get("created", ()):
                row = dict(zip(content["fields"], values, strict=True))
                replayed[row["id"]] = row["revision"]
            for kind, pk, revision, *_ in content.get("changes", ()):
                if kind == "delete":
                    del replayed[pk]
                else:
                    replayed[pk] = revision
        if replayed != dict(database.ask(f"SELECT id, revision FROM {table}")):
            return False
    return True


def uploads_are_there(database: Database) -> bool:
    """Whether each batch has the file that it names."""
    files = database.ask("SELECT upload FROM imports_importbatch")
    return all((database.folder / "uploads" / name).is_file() for (name,) in files)


@dataclass(frozen=True)
class Judge:
    """Knows how the database was before a command, and what it holds after all of it."""

    before: dict[str, list[tuple[Any, ...]]]
    after: dict[str, list[Any]]

    def left(self, database: Database) -> str:
        """What there is of the command's work: "nothing", "everything" or "a part"."""
        database.wait_until_quiet()
        assert database.is_sound()
        if database.everything() == self.before:
            return "nothing"
        whole = facts(database) == self.after and history_tells_of_every_row(database)
        return "everything" if whole else "a part"


def killed(process: Process, moment: Moment) -> Process:
    """The process, killed at the moment, or ended if it was faster than that."""
    process.outlasts(moment.mark, moment.seconds)
    process.kill()
    return process
