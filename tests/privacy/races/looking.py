"""Looking for a person from outside: in every cell of every table, and in every byte of every file.

Not with the product's own search: that one is under test.
"""

import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.imports.races.databases import ON_POSTGRES, Database
from tests.privacy.people import VALUES


def cells(database: Database) -> Iterator[tuple[str, Any]]:
    """Table and value, over all tables (of the queue's file, too)."""
    for table, rows in database.everything().items():
        for row in rows:
            for value in row:
                yield table, value
    queue = database.folder / "linli.queue.sqlite3"
    if not ON_POSTGRES and queue.exists():
        with closing(sqlite3.connect(queue)) as connection:
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            for (table,) in names.fetchall():
                for row in connection.execute(f'SELECT * FROM "{table}"').fetchall():
                    for value in row:
                        yield table, value


def spelled_out(value: Any) -> str:
    """A value as text: packed ones unpacked, JSON without escapes."""
    if isinstance(value, bytes | memoryview):
        text, rest = "", bytes(value)
        while rest:
            stream = zlib.decompressobj()
            try:
                text += stream.decompress(rest).decode("utf-8", "replace")
            except zlib.error:
                return text + bytes(value).decode("utf-8", "replace")
            rest = stream.unused_data
        return text
    if isinstance(value, str) and value[:1] in "[{":
        try:
            return json.dumps(json.loads(value), ensure_ascii=False)
        except ValueError:
            return value
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def tables_that_tell(database: Database) -> set[str]:
    """The tables in which a name or phone of the person stands."""
    return {
        table
        for table, value in cells(database)
        if any(told in spelled_out(value) for told in VALUES)
    }


def files_that_tell(database: Database) -> set[str]:
    """The files of the installation with the person in their bytes: SQLite's own, -wal, uploads."""
    return {
        path.relative_to(database.folder).as_posix()
        for path in database.folder.rglob("*")
        if path.is_file() and path.suffix not in (".said", ".complained") and _tells(path)
    }


def _tells(path: Path) -> bool:
    content = path.read_bytes()
    return any(told.encode() in content for told in VALUES)


def figures(database: Database) -> list[Any]:
    """Every count that rows of people make up."""
    return [
        database.ask(sql)
        for sql in (
            "SELECT e.code, count(a.id) FROM education_legaleducationevent e"
            " LEFT JOIN education_attendance a ON a.event_id = e.id GROUP BY 1 ORDER BY 1",
            "SELECT count(*) FROM people_resident",
            'SELECT "read", "create", "update", unchanged, skip, reject FROM imports_importbatch'
            " ORDER BY id",
        )
    ]
