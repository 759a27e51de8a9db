"""Finding the header below title rows, and saying of each column what it was taken for."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from backend.imports.assigning import Match, Source, assign
from backend.imports.blocks import (
    LOOK_AT_ROWS,
    WIDEST,
    Block,
    Rows,
    block_at,
    blocks,
    without_header,
)
from backend.imports.columns import Column, as_shown
from backend.imports.contents import SAMPLE_ROWS
from backend.imports.directions import KEPT, NONE, Directions
from backend.imports.patching.notes import HEADING
from backend.imports.plan import Problem
from backend.imports.problems import Level

# So many rows must be at hand: the lowest header, over three rows, and a sample of what follows.
ROWS_NEEDED = LOOK_AT_ROWS + 3 + SAMPLE_ROWS
NO_HEADER = 0
# The number of the page behind a title that stands on each: （第2页）, （续）.
_PAGE = re.compile(r"[（(]?(第[\d一二三四五六七八九十]+页.*|续表?\d*|共\d+页.*)[）)]?$")
_LONGEST_NAME = 4
# What the corrected workbook adds: known to every register, never looked at.
EXPLANATION = Column("explanation", HEADING, None, ignored=True)

Profiles = Mapping[str, Mapping[str, str]]


@dataclass
class Header:
    """Where the header is and what its columns are."""

    row: int
    last_row: int
    shown: list[str]
    columns: dict[int, Column] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    refused: bool = False
    # The titles above it: one that comes again with the next page.
    above: frozenset[str] = frozenset()
    # Whether the file counts its days from 1904: what a number without a date's format means.
    epoch1904: bool = False
    matches: dict[int, Match] = field(default_factory=dict)
    keys: dict[int, str] = field(default_factory=dict)
    fingerprint: str = ""
    # Whether what staff said of such a sheet earlier was followed.
    remembered: bool = False
    # What the register calls its columns, by attribute: also those that the file does not have.
    own: dict[str, str] = field(default_factory=dict)
    # Asked of nearly every row: which heading a column has in this file.
    _headings: dict[Column | str, str] = field(default_factory=dict, repr=False)

    @cached_property
    def required(self) -> frozenset[int]:
        """Where the required columns stand."""
        return frozenset(index for index, column in self.columns.items() if column.required)

    @cached_property
    def last_required(self) -> int:
        """The last of them: no line that is not data first speaks to the right of it."""
        return max(self.required, default=len(self.shown))

    @cached_property
    def kept(self) -> dict[str, str]:
        """The columns kept with the remark: attribute of the row's values, and heading."""
        return {
            column.attribute: self.shown[index]
            for index, column in self.columns.items()
            if column.attribute.startswith(KEPT)
        }

    def heading_of(self, column: Column | str) -> str:
        """The heading in the file under which a column stands; its own if it stands nowhere."""
        found = self._headings.get(column)
        if found is None:
            for index, known in self.columns.items():
                if column in (known, known.attribute):
                    found = self.shown[index]
                    break
            else:
                found = self.own.get(column, column) if isinstance(column, str) else column.heading
            self._headings[column] = found
        return found

    def as_list(self) -> list[dict[str, Any]]:
        """For the batch: heading, the attribute it was taken for, how surely, and why."""
        return [
            {
                "index": index,
                "heading": heading,
                "attribute": None if match.column is None else match.use,
                "personal": match.column.personal if match.column is not None else "hidden",
                "confidence": round(match.confidence, 2),
                "reason": match.reason,
                "source": str(match.source),
                "proposal": match.proposal.attribute if match.proposal is not None else None,
            }
            for index, heading in enumerate(self.shown)
            if heading and (match := self.matches[index])
        ]


def find_header(
    rows: Rows,
    columns: Sequence[Column],
    directions: Directions = NONE,
    recall: Callable[[set[str]], Profiles] | None = None,
) -> Header | None:
    """The header among the first rows, or None.

    The row that staff have chosen; else one that a profile knows; else the row in which most
    headings are known, the upper of equals: two known headings make a header, or one if it is all
    that the register requires.
    """
    columns = [*columns, EXPLANATION]
    block = _chosen(rows, columns, directions.header_row)
    found = [block] if block is not None else list(blocks(rows, columns))
    profiles = recall({block.fingerprint for block in found}) if recall is not None else {}
    block = block or _best(found, columns, profiles)
    if block is None:
        return None
    remembered = profiles.get(block.fingerprint, {})
    matches = assign(block, columns, rows, said=directions.columns, remembered=remembered)
    header = Header(
        block.row,
        block.last_row,
        block.shown,
        {index: m.column for index, m in matches.items() if m.column is not None},
        matches=matches,
        keys=block.keys,
        fingerprint=block.fingerprint,
        remembered=any(match.source == Source.PROFILE for match in matches.values()),
        above=frozenset(_titles_above(rows, block.row)),
        own={column.attribute: column.heading for column in columns},
    )
    _judge(header, columns)
    _say_beyond(header, rows)
    return header


def without_page(title: str) -> str:
    """A title without the number of its page."""
    return _PAGE.sub("", title)


def _titles_above(rows: Rows, header_row: int) -> Iterator[str]:
    """What stands alone above the header, and is too long for somebody's name: 主讲人 | 张安然."""
    for number, cells in rows:
        filled = {cell for cell in cells if cell is not None and cell != ""}
        if number < header_row and len(filled) == 1:
            title = filled.pop()
            if (
                isinstance(title, str)
                and len(text := without_page(as_shown(title))) > _LONGEST_NAME
            ):
                yield text


def _say_beyond(header: Header, rows: Rows) -> None:
    """Columns that stand too far to the right are not read, and nobody may think they were."""
    named = {
        index
        for number, cells in rows
        if header.row <= number <= header.last_row
        for index, cell in enumerate(cells[WIDEST:])
        if isinstance(cell, str) and cell.strip()
    }
    if named:
        _say(
            header,
            None,
            "columns_beyond",
            Level.NOTE,
            f"只读前 {WIDEST} 列，后面还有 {len(named)} 列有列名，没有读取。"
            "需要的话把它们移到前面，再上传。",
        )


def _chosen(rows: Rows, columns: Sequence[Column], number: int | None) -> Block | None:
    if number is None:
        return None
    if number == NO_HEADER:
        return without_header(rows)
    for position, (row, _) in enumerate(rows):
        if row == number:
            return block_at(rows, position, columns)
    return None


def _best(found: Sequence[Block], columns: Sequence[Column], profiles: Profiles) -> Block | None:
    required = {column for column in columns if column.required}
    best: Block | None = None
    for block in found:
        if block.fingerprint in profiles:
            return block
        enough = block.score > 1.5 or (required and block.called == required)
        if enough and (best is None or block.score > best.score):
            best = block
    return best


def _judge(header: Header, columns: Sequence[Column]) -> None:
    counted = Counter(column for column in header.columns.values())
    for column, times in counted.items():
        if times > 1 and not column.ignored:
            names = "、".join(
                f"“{header.shown[i]}”" for i, c in header.columns.items() if c is column
            )
            header.refused = True
            _say(
                header,
                header.heading_of(column),
                "column_twice",
                Level.ERROR,
                f"有 {times} 列都是“{column.heading}”（{names}），请指明用哪一列，或只保留一列后再上传。",
            )
    missing = [c.heading for c in columns if c.required and c not in counted]
    if missing:
        header.refused = True
        _say(
            header,
            missing[0],
            "column_missing",
            Level.ERROR,
            f"缺少必填列：{'、'.join(missing)}。请指明是哪一列，或在表头补上这一列后再上传。",
        )
    for index, heading in enumerate(header.shown):
        if heading:
            _tell(header, heading, header.matches[index])
    if header.remembered:
        _say(
            header, None, "profile_used", Level.NOTE, "这种表头以前核对过，已按上次的对应关系读取。"
        )


def _tell(header: Header, heading: str, match: Match) -> None:
    """What there is to say of one column."""
    if match.column is not None and match.column.shown_only:
        _say(
            header,
            heading,
            "column_shown_only",
            Level.NOTE,
            f"“{heading}”这一列只供查看，导入时不读取；要改请到系统里改。",
        )
    elif match.source == Source.OFF:
        _say(
            header,
            heading,
            "column_off",
            Level.NOTE,
            f"“{heading}”这一列没有启用，已忽略，内容不会保存。",
        )
    elif match.source == Source.GUESS and match.column is not None:
        _say(
            header,
            heading,
            "column_guessed",
            Level.NOTE,
            f"“{heading}”这一列按“{match.column.heading}”读取（{match.reason}），请核对。",
        )
    elif match.source == Source.NOBODY:
        maybe = f"它可能是“{match.proposal.heading}”。" if match.proposal is not None else ""
        _say(
            header,
            heading,
            "column_unknown",
            Level.QUESTION,
            f"不认识“{heading}”这一列，导入时会忽略它。{maybe}需要的话请指明它是什么，或改成模板里的列名。",
        )


def _say(header: Header, column: str | None, code: str, level: Level, message: str) -> None:
    header.problems.append(Problem(None, column, code, level, message))
