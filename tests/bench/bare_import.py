"""The floor of an import: calamine, a dictionary of known people, executemany (COPY on PostgreSQL).

No Django, no rules, no problems told: it takes what it can and drops the rest. With --history it
also writes what was created into the history, as JSON in parts, so that it could be taken back.

    python tests/bench/bare_import.py sqlite:FILE|postgresql://… SHEET EVENT [--history]
"""

import json
import sqlite3
import sys
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from python_calamine import CalamineWorkbook

PART = 5_000
TITLE_ROWS = 3  # two titles and the header
RESIDENT = (
    "id", "revision", "created_at", "updated_at", "community_id", "name", "gender",
    "birth_month", "phone", "building_id", "unit", "room", "address", "remark", "user_id",
)  # fmt: skip
ATTENDANCE = (
    "id", "revision", "created_at", "updated_at", "community_id", "event_id", "resident_id",
    "name", "gender", "age", "signed_in_at", "signed", "remark",
)  # fmt: skip
GENDERS = {"男": "male", "女": "female"}
Rows = list[tuple[Any, ...]]


class Lite:
    """SQLite by its own driver."""

    mark = "?"

    def __init__(self, path: str) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.execute = self.connection.execute
        self.execute("PRAGMA foreign_keys=ON")
        self.execute("PRAGMA synchronous=NORMAL")
        self.execute("BEGIN IMMEDIATE")

    def next_key(self, table: str) -> int:
        return (self.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone())[0] + 1

    def insert(self, table: str, columns: Iterable[str], rows: Rows) -> None:
        names = list(columns)
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

    def next_key(self, table: str) -> int:
        return (self.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone())[0] + 1

    def insert(self, table: str, columns: Iterable[str], rows: Rows) -> None:
        with (
            self.connection.cursor() as cursor,
            cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)

    def commit(self) -> None:
        self.connection.commit()


def run(database: Any, path: str, event_code: str, history: bool) -> int:
    """How many rows were taken."""
    event, community = database.execute(
        f"SELECT id, community_id FROM education_legaleducationevent WHERE code = {database.mark}",
        (event_code,),
    ).fetchone()
    known = {
        (name, phone): pk
        for pk, name, phone in database.execute("SELECT id, name, phone FROM people_resident")
    }
    resident, attendance = (
        database.next_key(table) for table in ("people_resident", "education_attendance")
    )
    now = datetime.now(UTC)
    made: dict[str, Rows] = {"people_resident": [], "education_attendance": []}
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
            made["people_resident"].append(
                (
                    pk,
                    1,
                    now,
                    now,
                    community,
                    name,
                    gender,
                    "",
                    phone,
                    None,
                    "",
                    "",
                    address,
                    "",
                    None,
                )
            )
        made["education_attendance"].append(
            (attendance, 1, now, now, community, event, pk, name, gender,
             int(age) if age else None, None, bool(signed), remark or "")
        )  # fmt: skip
        attendance += 1
        taken += 1
        if len(made["education_attendance"]) == PART:
            _write(database, made, history)
    _write(database, made, history)
    database.commit()
    return taken


def _write(database: Any, made: dict[str, Rows], history: bool) -> None:
    for table, columns in (("people_resident", RESIDENT), ("education_attendance", ATTENDANCE)):
        rows = made[table]
        if not rows:
            continue
        database.insert(table, columns, rows)
        if history:
            payload = zlib.compress(json.dumps(rows, default=str).encode(), 1)
            database.execute("CREATE TABLE IF NOT EXISTS bare_history (part bytea)")
            database.execute(f"INSERT INTO bare_history VALUES ({database.mark})", (payload,))
        made[table] = []


if __name__ == "__main__":
    url, sheet, event = sys.argv[1:4]
    opened = Lite(url.removeprefix("sqlite:")) if url.startswith("sqlite:") else Postgres(url)
    print(run(opened, sheet, event, "--history" in sys.argv))
