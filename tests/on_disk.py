"""SQLite in files while a server runs in a thread: there each request has a connection of its own.

In memory they would all share the one of the tests, and two requests at a time would begin and end each
other's transactions.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connections


@contextmanager
def on_disk(folder: Path) -> Iterator[None]:
    """Copies what is in memory into files, and turns the connections there until the block is over."""
    kept: list[tuple[Any, str, Any]] = []
    for one in connections.all():
        if one.vendor != "sqlite":
            continue
        one.ensure_connection()
        kept.append((one, one.settings_dict["NAME"], one.connection))
        file = folder / f"{one.alias}.sqlite3"
        with closing(sqlite3.connect(file)) as copy:
            one.connection.backup(copy)
        # The new connections of other threads are made by the same settings.
        one.settings_dict["NAME"] = str(file)
        one.connection = None
        one.connect()
    # Their numbers become others there.
    ContentType.objects.clear_cache()
    try:
        yield
    finally:
        for one, name, in_memory in kept:
            one.close()
            one.settings_dict["NAME"] = name
            one.connection = in_memory
        ContentType.objects.clear_cache()
