"""The floor of an import: calamine, a dictionary of known people, executemany (COPY on PostgreSQL).

No Django, no rules, no plan, no problems told: it takes what it can and drops the rest. It fills
every column of the tables that an import writes, the searchable ones too. With --history it also
writes the change set and its parts, in the same form, so that the import could be taken back.

    python tests/bench/bare_import.py sqlite:FILE|postgresql://… SHEET EVENT [--history]
"""

import os
import sqlite3
import sys
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import orjson
from python_calamine import CalamineWorkbook

os.environ["PYPINYIN_NO_PHRASES"] = "true"
from pypinyin import Style, lazy_pinyin

PART = 5_000
TITLE_ROWS = 3  # two titles and the header
RESIDENTS, ATTENDANCES = "people_resident", "education_attendance"
COLUMNS = {
    RESIDENTS: (
        "id", "revision", "created_at", "updated_at", "community_id", "name", "gender",
        "birth_month", "phone", "building_id", "unit", "room", "address", "remark", "household_id",
        "moved_out_on", "died_on", "merged_into_id", "user_id", "initials", "phone_tail",
    ),
    ATTENDANCES: (
        "id", "revision", "created_at", "updated_at", "community_id", "event_id", "resident_id",
        "name", "namesake", "gender", "age", "signed_in_at", "signed", "remark", "companions",
    ),
}  # fmt: skip
# The searchable columns, the last ones, are no part of the history.
KEPT = {RESIDENTS: len(COLUMNS[RESIDENTS]) - 2, ATTENDANCES: len(COLUMNS[ATTENDANCES])}
LABELS = {RESIDENTS: "people.Resident", ATTENDANCES: "education.Attendance"}
GENDERS = {"男": "male", "女": "female"}
Rows = list[tuple[Any, ...]]


class Letters(dict[str, str]):
    """A character's first letter, asked of the dictionary once."""

    def __missing__(self, character: str) -> str:
        said = lazy_pinyin(character, style=Style.FIRST_LETTER, errors="ignore")
        self[character] = said[0][:1] if said else ""
        return self[character]


class Lite:
    """SQLite by its own driver."""

    mark = "?"

    def __init__(self, path: str) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.execute = self.connection.execute
        # What backend/databases.py sets.
        self.execute("PRAGMA foreign_keys=ON")
        self.execute("PRAGMA synchronous=NORMAL")
        self.execute("PRAGMA secure_delete=ON")
        self.execute("PRAGMA cache_size=-8000")
        self.execute("BEGIN IMMEDIATE")

    def insert(self, table: str, rows: Rows) -> None:
        names = COLUMNS[table]
        marks = ", ".join("?" * len(names))
        self.connection.executemany(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows
        )

    def commit(self) -> None:
        self.execute("COMMIT")


class Postgres:
    """PostgreSQL by its own driver."""

    mark = "%s"

    def __init__(self, url: str) -> None:
        import psycopg

        self.connection = psycopg.connect(url)
        self.execute = self.connection.execute

    def insert(self, table: str, rows: Rows) -> None:
        with (
            self.connection.cursor() as cursor,
            cursor.copy(f"COPY {table} ({', '.join(COLUMNS[table])}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)

    def commit(self) -> None:
        for table in COLUMNS:
            sequence = f"pg_get_serial_sequence('{table}', 'id')"
            self.execute(f"SELECT setval({sequence}, (SELECT max(id) FROM {table}))")
        self.connection.commit()


def next_key(database: Any, table: str) -> int:
    return (database.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone())[0] + 1


class Import:
    """One run."""

    def __init__(self, database: Any, event_code: str, history: bool) -> None:
        self.database = database
        self.history = history
        self.event, self.community = database.execute(
            "SELECT id, community_id FROM education_legaleducationevent"
            f" WHERE code = {database.mark}",
            (event_code,),
        ).fetchone()
        self.next = {table: next_key(database, table) for table in COLUMNS}
        self.made: dict[str, Rows] = {table: [] for table in COLUMNS}
        self.now = datetime.now(UTC).replace(tzinfo=None).isoformat(" ")
        self.change_set: int | None = None

    def run(self, path: str) -> int:
        """How many rows were taken."""
        known = {
            (name, phone): pk
            for pk, name, phone in self.database.execute(f"SELECT id, name, phone FROM {RESIDENTS}")
        }
        if self.history:
            (self.change_set,) = self._change_set()
        letters = Letters()
        now, community, event = self.now, self.community, self.event
        people, signed_in = self.made[RESIDENTS], self.made[ATTENDANCES]
        resident, attendance = self.next[RESIDENTS], self.next[ATTENDANCES]
        taken = 0
        rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows()
        for _ in range(TITLE_ROWS):
            next(rows)
        for _, name, gender, age, phone, address, signed, remark in rows:
            phone = str(int(phone)) if isinstance(phone, float) else str(phone).strip()
            if len(phone) != 11:
                continue
            gender = GENDERS.get(gender, "")
            pk = known.get((name, phone))
            if pk is None:
                pk = known[name, phone] = resident
                resident += 1
                people.append(
                    (pk, 1, now, now, community, name, gender, "", phone, None, "", "", address,
                     "", None, None, None, None, None,
                     "".join([letters[character] for character in name]), phone[-4:])
                )  # fmt: skip
            signed_in.append(
                (attendance, 1, now, now, community, event, pk, name, 1, gender,
                 int(age) if age else None, None, bool(signed), remark or "", 0)
            )  # fmt: skip
            attendance += 1
            taken += 1
            if len(signed_in) == PART:
                self._write()
        self._write()
        self.database.commit()
        return taken

    def _change_set(self) -> Any:
        mark = self.database.mark
        return self.database.execute(
            "INSERT INTO core_changeset"
            " (community_id, actor_id, actor_name, door, verb, reason, recorded_at, undo_of_id)"
            f" VALUES ({mark}, NULL, 'bare', 'command', 'import', '', {mark}, NULL) RETURNING id",
            (self.community, self.now),
        ).fetchone()

    def _write(self) -> None:
        for table, rows in self.made.items():
            if rows:
                self.database.insert(table, rows)
                if self.history:
                    self._remember(table, rows)
                rows.clear()

    def _remember(self, table: str, rows: Rows) -> None:
        kept = KEPT[table]
        content = {"fields": COLUMNS[table][:kept], "created": [row[:kept] for row in rows]}
        payload = zlib.compress(orjson.dumps(content), 1)
        self.database.execute(
            "INSERT INTO core_changepart"
            " (change_set_id, model, first_pk, last_pk, rows, payload)"
            f" VALUES ({', '.join([self.database.mark] * 6)})",
            (self.change_set, LABELS[table], rows[0][0], rows[-1][0], len(rows), payload),
        )


def main(arguments: Iterable[str]) -> None:
    """Prints how many rows were taken."""
    url, sheet, event, *options = arguments
    opened = Lite(url.removeprefix("sqlite:")) if url.startswith("sqlite:") else Postgres(url)
    print(Import(opened, event, "--history" in options).run(sheet))


if __name__ == "__main__":
    main(sys.argv[1:])
