"""Names made from how Chinese is said: 王芳 is wangfang."""

import re
from collections.abc import Callable
from importlib import import_module

_LONGEST = 24
_SHORTEST = 3


def spelled(name: str, otherwise: str, is_taken: Callable[[str], bool]) -> str:
    """The name in letters; with a number behind it where that name is taken already."""
    # Loaded when it is first asked: 13 MB that most processes have no use for.
    said = import_module("pypinyin").lazy_pinyin(name, errors="default")
    letters = re.sub(r"[^a-z0-9]", "", "".join(said).lower())[:_LONGEST]
    if len(letters) < _SHORTEST or not letters[0].isalpha():
        letters = otherwise + letters
    found, number = letters, 1
    while len(found) < _SHORTEST or is_taken(found):
        number += 1
        found = f"{letters}{number}"
    return found
