"""Files of exports in the storage, under names that say nothing."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import BinaryIO

from django.core.files.base import File
from django.core.files.storage import default_storage

FOLDER = "exports"


def store(content: BinaryIO) -> str:
    """Stores the bytes; answers the name. No row names them yet."""
    content.seek(0)
    return default_storage.save(f"{FOLDER}/{secrets.token_hex(20)}", File(content))


def drop(names: Iterable[str]) -> None:
    """Deletes stored files; those that are gone already do not matter."""
    for name in names:
        if name:
            default_storage.delete(name)


def older_than(moment: datetime) -> list[str]:
    """The stored files of before a moment."""
    if not default_storage.exists(FOLDER):
        return []
    names = [f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]]
    return [name for name in names if default_storage.get_modified_time(name) < moment]
