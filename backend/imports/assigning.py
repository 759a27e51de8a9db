"""Which column stands where: as staff say, by name, by what was said last time, by likeness.

What is certain is taken. What is only likely is taken when its name and its cells both say so, and
is shown as guessed. Cells alone never decide: they propose. No attribute is given to two columns,
unless both are named so, which refuses the file.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from backend.imports.blocks import LONGEST_HEADING, Block, Rows
from backend.imports.columns import Column, is_switched_off, speaks_of_others
from backend.imports.contents import ALONE, KINDS, SAMPLE_ROWS, Look, holds_identity_numbers, look
from backend.imports.directions import IGNORED, KEPT
from backend.imports.kept import kept_column
from backend.imports.likeness import CALLED, LEAST, WORDED, Likeness, called_parts, likeness

# From here on a column is taken without being asked for.
TAKEN = 0.8
# So many columns of which nobody knows the name are judged; whoever has more says it themselves.
_MOST_JUDGED = 60
# So many of the filled cells must look right.
_AGREE = 0.8


class Source(StrEnum):
    """Who says what a column is."""

    STAFF = "staff"
    PROFILE = "profile"
    NAME = "name"
    GUESS = "guess"
    OFF = "off"
    NOBODY = ""


@dataclass(frozen=True, slots=True)
class Match:
    """What a column of the file was taken for, how surely, and why.

    `column` is None for what is not read; `proposal` is then what it might be.
    """

    column: Column | None
    confidence: float
    reason: str
    source: Source = Source.NOBODY
    proposal: Column | None = None

    @property
    def use(self) -> str:
        """As directions say it."""
        if self.column is None:
            return IGNORED
        return KEPT if self.column.attribute.startswith(KEPT) else self.column.attribute


def assign(
    block: Block,
    columns: Sequence[Column],
    rows: Rows,
    *,
    said: Mapping[int, str],
    remembered: Mapping[str, str],
) -> dict[int, Match]:
    """What each column under a header is, by position."""
    cells = _cells_below(block, rows)
    by_attribute = {column.attribute: column for column in columns}
    found: dict[int, Match] = {}
    for index, heading in enumerate(block.shown):
        if not heading:
            if said.get(index) in by_attribute:
                found[index] = Match(by_attribute[said[index]], 1.0, "由您指定", Source.STAFF)
            continue
        known, score = block.known.get(index, (None, 0.0))
        if known is None or score != CALLED:
            if is_switched_off(heading):
                found[index] = Match(None, 1.0, "本社区没有启用这一项", Source.OFF)
                continue
            if holds_identity_numbers(cells[index]):
                found[index] = Match(None, 1.0, "内容像身份证号，不读取", Source.OFF)
                continue
        if index in said:
            found[index] = _as_said(said[index], heading, index, by_attribute, Source.STAFF)
        elif (use := remembered.get(block.keys[index])) is not None:
            found[index] = _as_said(use, heading, index, by_attribute, Source.PROFILE)
        elif known is not None and score == CALLED:
            found[index] = Match(known, 1.0, "列名相符", Source.NAME)
    _first_say_wins(found)
    taken = {match.column for match in found.values() if match.column is not None}
    open_ = [i for i, heading in enumerate(block.shown) if heading and i not in found]
    for index in [i for i in open_ if len(block.shown[i]) > LONGEST_HEADING]:
        # A sentence is no heading, and not worth comparing.
        found[index] = Match(None, 0.0, "不认识这个列名")
        open_.remove(index)
    left = [c for c in columns if c not in taken and not c.ignored and not c.exact]
    return found | _guess(block, open_, left, columns, cells)


def _cells_below(block: Block, rows: Rows) -> list[list[Any]]:
    below = [cells for number, cells in rows if number > block.last_row][:SAMPLE_ROWS]
    return [
        [cells[index] if index < len(cells) else None for cells in below]
        for index in range(len(block.shown))
    ]


def _as_said(
    use: str, heading: str, index: int, by_attribute: Mapping[str, Column], source: Source
) -> Match:
    reason = "由您指定" if source == Source.STAFF else "按上次的对应关系"
    if use == KEPT:
        return Match(kept_column(heading, index), 1.0, reason, source)
    return Match(by_attribute.get(use), 1.0, reason, source)


def _first_say_wins(found: dict[int, Match]) -> None:
    """Where staff give an attribute to one column, another that bears its name is not read.

    What they gave it last time stands back behind a column that bears the name today.
    """
    for strong, weak in (
        (Source.STAFF, Source.NAME),
        (Source.STAFF, Source.PROFILE),
        (Source.NAME, Source.PROFILE),
    ):
        given = {m.column for m in found.values() if m.source == strong and m.column is not None}
        for index, match in found.items():
            if match.source == weak and match.column in given:
                found[index] = Match(None, 1.0, f"“{match.column.heading}”已有另一列", strong)


def _guess(
    block: Block,
    open_: Sequence[int],
    left: Sequence[Column],
    columns: Sequence[Column],
    cells: Sequence[Sequence[Any]],
) -> dict[int, Match]:
    judged = {
        index: sorted(
            ((_judge(block, index, column, columns, cells[index]), column) for column in left),
            key=lambda pair: -pair[0].score,
        )
        for index in open_[:_MOST_JUDGED]
    }
    likely = {i: of[0] for i, of in judged.items() if of and of[0][0].score >= TAKEN}
    times = Counter(column for _, column in likely.values())
    found: dict[int, Match] = {}
    for index, (like, column) in likely.items():
        second = judged[index][1][0].score if len(judged[index]) > 1 else 0.0
        if times[column] > 1:
            like = Likeness(like.score, f"有 {times[column]} 列都像“{column.heading}”")
        elif second < TAKEN:
            found[index] = Match(column, like.score, like.reason, Source.GUESS)
            continue
        found[index] = Match(None, min(like.score, 0.7), like.reason, proposal=column)
    given = {match.column for match in found.values()}
    for index in open_:
        if index in found:
            continue
        best = next((pair for pair in judged.get(index, ()) if pair[1] not in given), None)
        if best is None or best[0].score < LEAST:
            found[index] = Match(None, 0.0, "不认识这个列名")
        else:
            found[index] = Match(None, best[0].score, best[0].reason, proposal=best[1])
    return found


def _judge(
    block: Block, index: int, column: Column, columns: Sequence[Column], cells: Sequence[Any]
) -> Likeness:
    """How likely a column of the file is this one, by its heading and its cells together."""
    heading = block.shown[index]
    kind = type(column.widget)
    seen = look(cells, column)
    if speaks_of_others(heading):
        return Likeness(0.0, "")
    by_name = likeness(heading, column)
    parts = {other for other in called_parts(heading, columns) if not other.ignored}
    if len(parts) > 1:
        return Likeness(min(by_name.score, 0.5), "一列里像有几项内容")
    if by_name.score < LEAST:
        alone = ALONE.get(kind, 0.0)
        agrees = seen.share is not None and seen.share >= _AGREE and seen.filled >= 3
        return Likeness(alone, f"内容像{KINDS[kind]}") if alone and agrees else Likeness(0.0, "")
    return _together(by_name, seen, kind)


def _together(by_name: Likeness, seen: Look, kind: type) -> Likeness:
    if seen.share is None:
        # A name that is written out is enough where cells cannot tell; a likeness is not.
        sure = by_name.score if by_name.score >= WORDED else min(by_name.score, 0.6)
        return Likeness(sure, by_name.reason)
    if seen.share >= _AGREE:
        added = 0.05 if by_name.score > 0.6 else 0.1
        return Likeness(by_name.score + added, f"{by_name.reason}，内容也像{KINDS[kind]}")
    return Likeness(by_name.score * 0.5, f"{by_name.reason}，但内容不像{KINDS[kind]}")
