"""First letters of names as they are said: 张三 is zs. For searching, never for sorting.

A character is asked of pypinyin once in the life of the process: a sheet of 100 000 names has a
few thousand of them.
"""

from functools import cache
from importlib import import_module
from typing import Any

# Surnames that are said in several ways: the letter of the surname, then those of other readings.
_SURNAMES = (
    {"曾": "zc", "单": "sdc", "解": "xj", "仇": "qc", "区": "oq", "查": "zc", "覃": "qt"}
    | {"折": "sz", "尉": "wy", "隗": "wk", "乐": "yl", "宓": "mf", "种": "cz", "翟": "zd"}
    | {"石": "sd", "贾": "jg", "召": "sz", "祭": "zj", "繁": "pf", "秘": "bm", "句": "gj"}
    | {"郇": "xh", "乜": "nm", "行": "xh", "长": "zc", "沈": "sc", "车": "cj", "俞": "ys"}
    | {"晁": "cz", "褚": "cz", "万": "wm", "宿": "sx", "於": "yw", "佴": "ne", "阚": "kh"}
)
# Surnames of two characters that are said otherwise than their characters.
_TWO = {"尉迟": "yc", "万俟": "mq", "长孙": "zs", "单于": "cy", "澹台": "tt", "宿勤": "sq"}


@cache
def _pypinyin() -> Any:
    # Loaded when it is first asked: 13 MB that a process without new names has no use for.
    return import_module("pypinyin")


class _Letters(dict[str, str]):
    """A character's letter, asked of the dictionary when first met; "" of what has none."""

    def __missing__(self, character: str) -> str:
        first_letter = _pypinyin().Style.FIRST_LETTER
        said = _pypinyin().lazy_pinyin(character, style=first_letter, errors="ignore")
        letter = said[0][:1] if said else ""
        if not letter and character.isascii() and character.isalpha():
            letter = character.lower()
        self[character] = letter if letter.isascii() else ""
        return self[character]


_LETTERS = _Letters()
_FIRST = {character: letters[0] for character, letters in _SURNAMES.items()}


def initials(name: str) -> str:
    """The first letters of a name, its surname as surnames are said; "" of nothing."""
    if not name:
        return ""
    if name[:2] in _TWO:
        return _TWO[name[:2]] + "".join([_LETTERS[c] for c in name[2:]])
    first = name[0]
    letter = _FIRST.get(first) or _LETTERS[first]
    return letter + "".join([_LETTERS[c] for c in name[1:]])


def other_readings(letters: str) -> dict[str, frozenset[str]]:
    """Whom else these letters may mean: initials as kept -> the surnames that go with them.

    `dsf` also finds 单 (kept as s…) by those who say dan.
    """
    found: dict[str, set[str]] = {}
    for character, readings in _SURNAMES.items():
        if letters[:1] in readings[1:]:
            found.setdefault(readings[0] + letters[1:], set()).add(character)
    return {kept: frozenset(characters) for kept, characters in found.items()}
