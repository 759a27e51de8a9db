"""Where values still stand: every text, JSON and binary column of every table, and every file.

Erasure uses it to find what no table of holdings names, and to say what it could not take out;
tables that come later are covered because the database itself is asked for its columns.
"""

import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.storage import Storage, default_storage
from django.db import connections

SESSIONS = "django_session"
# The table by which a trace in a stored file goes; its key is the file's name.
FILES = "files"
# No text stands in their bytes.
_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif")
# What one file may unfold to; an upload is at most 30 MB.
_UNFOLDED = 300 * 1024 * 1024


@dataclass(frozen=True, order=True)
class TextColumn:
    """A column that may hold text: `kind` is "text", "json" or "binary"."""

    database: str
    table: str
    name: str
    kind: str
    key: str


@dataclass(frozen=True, order=True)
class Trace:
    """One cell in which a value stands."""

    column: TextColumn
    key: Any

    def __str__(self) -> str:
        return f"{self.column.table}.{self.column.name} {self.key}"


def forms_of(value: str) -> tuple[str, ...]:
    """A value as text columns may spell it: as it is, and as JSON escapes it."""
    escaped = json.dumps(value)[1:-1]
    return (value,) if escaped == value else (value, escaped)


# Table, column, declared type, and whether the key of the table is that column.
_DECLARED = {
    "sqlite": """
        SELECT t.name, c.name, c.type, c.pk = 1 FROM sqlite_master t, pragma_table_info(t.name) c
        WHERE t.type = 'table' AND t.name != 'sqlite_sequence' ORDER BY t.name, c.cid""",
    "postgresql": """
        SELECT t.relname, a.attname, CASE WHEN k.typcategory = 'A' THEN 'array' ELSE k.typname END,
               a.attnum = coalesce(i.indkey[0], 0)
        FROM pg_class t
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
        JOIN pg_type k ON k.oid = a.atttypid
        LEFT JOIN pg_index i ON i.indrelid = t.oid AND i.indisprimary
        WHERE t.relkind IN ('r', 'p') AND t.relnamespace = current_schema()::regnamespace
        ORDER BY t.relname, a.attname""",
}


def text_columns(database: str) -> list[TextColumn]:
    """Every column of a database that may hold text: one statement."""
    connection = connections[database]
    with connection.cursor() as cursor:
        cursor.execute(_DECLARED[connection.vendor])
        declared = cursor.fetchall()
    keys = {table: name for table, name, _type, is_key in declared if is_key}
    return [
        TextColumn(database, table, name, kind, keys.get(table, "rowid"))
        for table, name, type_, _is_key in declared
        if (kind := _kind(type_.lower())) is not None
    ]


def _kind(declared: str) -> str | None:
    if declared in ("blob", "bytea"):
        return "binary"
    if declared in ("json", "jsonb"):
        return "json"
    if declared == "array" or "char" in declared or "text" in declared:
        return "text"
    return None


def traces_of(values: Sequence[str]) -> list[Trace]:
    """Every cell of every table in which one of the values stands, packed ones unpacked."""
    found: list[Trace] = []
    if not values:
        return found
    for database in connections:
        for column in text_columns(database):
            found += [Trace(column, key) for key in _keys(column, values)]
    return found


def _keys(column: TextColumn, values: Sequence[str]) -> list[Any]:
    connection = connections[column.database]
    quote = connection.ops.quote_name
    key, name, table = quote(column.key), quote(column.name), quote(column.table)
    if column.table == SESSIONS and column.name == "session_data":
        return [k for k, cell in _cells(column) if any(v in _session(cell) for v in values)]
    if column.kind == "binary":
        needles = [value.encode() for value in values]
        return [k for k, cell in _cells(column) if stands_in(cell, needles)]
    postgres = connection.vendor == "postgresql"
    place = f"strpos({name}::text, %s)" if postgres else f"instr({name}, %s)"
    needles_ = [form for value in values for form in forms_of(value)]
    where = " OR ".join([f"{place} > 0"] * len(needles_))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key} FROM {table} WHERE {where} ORDER BY 1", needles_)
        return [row[0] for row in cursor.fetchall()]


def _cells(column: TextColumn) -> Iterator[tuple[Any, Any]]:
    """Key and content, one at a time: for few cells, each of them large."""
    connection = connections[column.database]
    quote = connection.ops.quote_name
    key, name, table = quote(column.key), quote(column.name), quote(column.table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key} FROM {table} WHERE {name} IS NOT NULL ORDER BY 1")
        keys = [row[0] for row in cursor.fetchall()]
        for one in keys:
            cursor.execute(f"SELECT {name} FROM {table} WHERE {key} = %s", [one])
            row = cursor.fetchone()
            if row is not None:
                yield one, row[0]


def session_content(data: str) -> dict[str, Any]:
    """What a session holds, however the installation writes sessions down."""
    content: dict[str, Any] = import_module(settings.SESSION_ENGINE).SessionStore().decode(data)
    return content


def _session(data: str) -> str:
    return json.dumps(session_content(data), ensure_ascii=False, default=str)


def unfolded(content: bytes | memoryview) -> Iterator[bytes]:
    """What stands in a binary value: itself, and what the compressed streams in it hold."""
    rest = bytes(content)
    yield rest
    while rest:
        stream = zlib.decompressobj()
        try:
            opened = stream.decompress(rest, _UNFOLDED)
        except zlib.error:
            return
        yield opened
        rest = stream.unused_data


def stands_in(content: bytes | memoryview, needles: Sequence[bytes]) -> bool:
    """Whether one of the needles stands in a binary value."""
    return any(needle in part for part in unfolded(content) for needle in needles)


# --- files ---------------------------------------------------------------------------------------


def file_mentions(content: bytes, values: Sequence[str]) -> bool:
    """Whether a spreadsheet or text file holds one of the values, in whatever it is written."""
    needles = [needle for value in values for needle in _in_files(value)]
    return any(needle in part for part in _parts(content) for needle in needles)


def _in_files(value: str) -> Iterator[bytes]:
    for encoding in ("utf-8", "gb18030", "utf-16-le", "utf-16-be"):
        yield value.encode(encoding, "replace")
    if value.isascii() and value.isdigit() and 7 <= len(value) <= 15:
        # A phone that the program took for a number: as a double, or with an exponent.
        yield struct.pack("<d", float(value))
        yield f"{value[0]}.{value[1:].rstrip('0')}E".encode()


def _parts(content: bytes) -> Iterator[bytes]:
    yield content
    if not zipfile.is_zipfile(BytesIO(content)):
        return
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for member in archive.infolist():
            with archive.open(member) as opened:
                yield opened.read(_UNFOLDED)


def files_that_mention(
    values: Sequence[str], storage: Storage = default_storage, folder: str = ""
) -> list[str]:
    """The names of all stored files that hold one of the values."""
    return [name for name in stored_files(storage, folder) if _mentions(storage, name, values)]


def _mentions(storage: Storage, name: str, values: Sequence[str]) -> bool:
    if any(value in name for value in values):
        return True
    if name.lower().endswith(_PICTURES):
        return False
    with storage.open(name) as file:
        return file_mentions(file.read(), values)


def traces_in_files(values: Sequence[str]) -> list[Trace]:
    """Every stored file in which one of the values stands."""
    column = TextColumn("", FILES, "content", "binary", "name")
    return [Trace(column, name) for name in files_that_mention(values)] if values else []


def stored_files(storage: Storage = default_storage, folder: str = "") -> Iterator[str]:
    """The names of all stored files."""
    if folder and not storage.exists(folder):
        return
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(files):
        yield f"{folder}/{name}" if folder else name
    for name in sorted(folders):
        yield from stored_files(storage, f"{folder}/{name}" if folder else name)


Cleaner = Callable[[str], str]


def cleaner(values: Sequence[str]) -> Cleaner:
    """A function that puts stars where one of the values stands in a text."""
    longest_first = sorted(values, key=len, reverse=True)

    def clean(text: str) -> str:
        for value in longest_first:
            text = text.replace(value, stars(value))
        return text

    return clean


def cleaned(content: Any, clean: Cleaner) -> Any:
    """A JSON-like value with every text in it cleaned."""
    if isinstance(content, str):
        return clean(content)
    if isinstance(content, list):
        return [cleaned(item, clean) for item in content]
    if isinstance(content, dict):
        return {cleaned(key, clean): cleaned(item, clean) for key, item in content.items()}
    return content


def stars(value: str) -> str:
    """What stands for a value taken out; never longer than it."""
    return "＊" * min(len(value), 3)
