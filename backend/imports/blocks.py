"""Rows that may be a header: one, or up to three of which the lower name what the upper group."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from backend.imports.columns import Column, as_matched, as_shown, speaks_of_others
from backend.imports.likeness import CALLED, ENGLISH, is_named
from backend.imports.patching.notes import HEADING

Rows = Sequence[tuple[int, Sequence[Any]]]

# How many rows that are not blank may stand above the header, and how many it may have.
LOOK_AT_ROWS = 30
DEEPEST = 3
LONGEST_HEADING = 30
# A table is no wider; what stands to the right of it is not read.
WIDEST = 500
# A heading that only contains a column's name counts a little less than the name itself.
_LIKELY = 0.9


@dataclass
class Block:
    """Some rows read as a header: its headings, by position, and the groups that stand over them."""

    row: int
    last_row: int
    shown: list[str]
    groups: dict[int, str] = field(default_factory=dict)
    known: dict[int, tuple[Column, float]] = field(default_factory=dict)

    @cached_property
    def score(self) -> float:
        """How many columns of the register it names."""
        best: dict[Column, float] = {}
        for column, likeness in self.known.values():
            weight = 1.0 if likeness == CALLED else _LIKELY
            best[column] = max(best.get(column, 0.0), weight)
        return sum(best.values())

    @property
    def called(self) -> set[Column]:
        """The columns that are named exactly."""
        return {column for column, likeness in self.known.values() if likeness == CALLED}

    @cached_property
    def keys(self) -> dict[int, str]:
        """Each heading's key."""
        return keys_of(dict(enumerate(self.shown)))

    @property
    def fingerprint(self) -> str:
        """The same for sheets with the same headings, in whatever order.

        The column 错误说明 of a corrected workbook makes no other sheet of it.
        """
        names = sorted(name for name in self.keys.values() if name != HEADING)
        return hashlib.sha256("\n".join(names).encode()).hexdigest()


def keys_of(headings: Mapping[int, str]) -> dict[int, str]:
    """Each heading in a form that order and spaces do not change; the second 电话 is 电话 2."""
    met: Counter[str] = Counter()
    found = {}
    for index, heading in headings.items():
        if heading:
            name = as_matched(heading)
            met[name] += 1
            found[index] = name if met[name] == 1 else f"{name} {met[name]}"
    return found


def blocks(rows: Rows, columns: Sequence[Column]) -> Iterator[Block]:
    """Each of the first rows read as the beginning of a header."""
    for position in range(min(len(rows), LOOK_AT_ROWS)):
        yield block_at(rows, position, columns)


def block_at(rows: Rows, position: int, columns: Sequence[Column]) -> Block:
    """The header that begins with a row, with those below it that hold headings alone."""
    number, cells = rows[position]
    shown = _texts(cells)
    known = _recognise(shown, columns)
    groups = _groups_above(rows, position, shown)
    last = number
    for below, more in rows[position + 1 : position + DEEPEST]:
        lower = _texts(more)
        if not known or not _goes_on(shown, lower, more, known, columns):
            break
        groups |= _groups(shown, lower)
        shown, last = _stacked(shown, lower), below
        known = _recognise(shown, columns)
    for index, group in groups.items():
        # 紧急联系人 over 姓名 and 电话: these are not the person of the row.
        if speaks_of_others(group) and index < len(shown) and shown[index]:
            shown[index] = as_shown(group + shown[index])
            known.pop(index, None)
    return Block(number, last, shown, groups, known)


def without_header(rows: Rows) -> Block:
    """A table that begins with its first row: columns are called as the program calls them."""
    width = max((len(cells) for _, cells in rows), default=0)
    return Block(0, 0, [f"{_letters(index)}列" for index in range(min(width, 60))])


def _letters(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _texts(cells: Sequence[Any]) -> list[str]:
    return [as_shown(cell) if isinstance(cell, str) else "" for cell in cells[:WIDEST]]


def _filled(cells: Sequence[Any]) -> int:
    return sum(cell is not None and str(cell).strip() != "" for cell in cells[:WIDEST])


def _recognise(texts: Sequence[str], columns: Sequence[Column]) -> dict[int, tuple[Column, float]]:
    found = {}
    names = _names(tuple(columns))
    for index, text in enumerate(texts):
        if text and len(text) <= LONGEST_HEADING and names.search(as_matched(text)):
            named = [(column, score) for column in columns if (score := is_named(text, column))]
            best = max((score for _, score in named), default=0.0)
            at_best = [pair for pair in named if pair[1] == best]
            # Named exactly: the register's first such column. In part: one alone, or none.
            if at_best and (best == CALLED or len(at_best) == 1):
                found[index] = at_best[0]
    return found


@lru_cache(maxsize=64)
def _names(columns: tuple[Column, ...]) -> re.Pattern[str]:
    """Any name of any column: most cells hold none, and are told by one look."""
    names = {name for column in columns for name in column.names} | set(ENGLISH)
    return re.compile("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)))


def _goes_on(
    upper: Sequence[str],
    lower: Sequence[str],
    cells: Sequence[Any],
    known: dict[int, tuple[Column, float]],
    columns: Sequence[Column],
) -> bool:
    """Whether a row goes on with the header: it holds headings alone, and names something new."""
    words = [text for text in lower if text]
    named = _recognise(lower, columns)
    if len(words) != _filled(cells) or len(named) * 2 < len(words):
        return False
    added = [i for i, (column, _) in named.items() if known.get(i, (None,))[0] is not column]
    # 参加人员 over 姓名 and 联系信息 is one column still, and the rows below say more.
    other = [i for i in named if i >= len(upper) or lower[i] != upper[i]]
    return len(added) * 2 >= len(words) or (bool(other) and len(words) >= 2)


def _stacked(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Two header rows as one: the lower name where there is one, else the upper."""
    width = max(len(upper), len(lower))
    above = [*upper, *[""] * (width - len(upper))]
    below = [*lower, *[""] * (width - len(lower))]
    return [b or a for a, b in zip(above, below, strict=True)]


def _groups(upper: Sequence[str], lower: Sequence[str]) -> dict[int, str]:
    """What stands over each lower heading: a merged heading reaches to the next one."""
    found, group = {}, ""
    for index, below in enumerate(lower):
        above = upper[index] if index < len(upper) else ""
        if above:
            group = above
        if below and group and below != group:
            found[index] = group
    return found


def _groups_above(rows: Rows, position: int, shown: Sequence[str]) -> dict[int, str]:
    """The groups in the row above, where it groups this one's headings: 基本信息, 紧急联系人."""
    if position == 0:
        return {}
    cells = rows[position - 1][1]
    texts = _texts(cells)
    words = [text for text in texts if text]
    if len(words) < 2 or len(words) != _filled(cells):
        return {}
    if any(len(text) > 10 or ":" in text or "：" in text for text in words):
        return {}
    return _groups(texts, shown)
