"""Files in the storage: written before their row, gone again unless the row came to be."""

import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from backend.files.examining import Examined
from backend.files.models import FOLDER


class Staged:
    """An examined file whose bytes are stored, and that no row names yet."""

    def __init__(self, examined: Examined) -> None:
        self.examined = examined
        self.stored = ""
        self.thumbnail = ""
        # Set by whom has written the row.
        self.taken = False

    def write(self) -> None:
        """Stores the bytes under names that say nothing."""
        self.stored = _store(self.examined.content)
        if self.examined.thumbnail is not None:
            self.thumbnail = _store(self.examined.thumbnail)

    @property
    def names(self) -> list[str]:
        """What has been stored."""
        return [name for name in (self.stored, self.thumbnail) if name]


@contextmanager
def staged(examined: Examined) -> Iterator[Staged]:
    """The bytes, stored; after the block they are gone, unless it ended well and a row took them.

    A transaction belongs into the block: what it forgets has no file then. A process that is
    killed in between leaves files without a row, which the daily sweep finds.
    """
    files = Staged(examined)
    try:
        files.write()
        yield files
    except BaseException:
        drop_files(files.names)
        raise
    if not files.taken:
        drop_files(files.names)


def drop_files(names: Sequence[str]) -> None:
    """Deletes stored files; those that are gone already do not matter."""
    for name in names:
        default_storage.delete(name)


def _store(content: bytes) -> str:
    name = default_storage.save(f"{FOLDER}/{secrets.token_hex(20)}", ContentFile(content))
    _settle(name)
    return name


def _settle(name: str) -> None:
    """On a disk of our own: waits until the bytes are on it, as the database will for the row."""
    try:
        path = Path(default_storage.path(name))
    except NotImplementedError:
        return  # Storage elsewhere has it when it says so.
    for place in (path, path.parent):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
