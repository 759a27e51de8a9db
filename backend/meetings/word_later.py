"""会议纪要 as Word, loaded when it is asked for: each import would carry its libraries."""

from importlib import import_module
from typing import Any


def word() -> Any:
    """The module `word`."""
    return import_module("backend.meetings.word")
