"""Finding the header below title rows, and which column stands where."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from backend.imports.columns import Column, as_shown
from backend.imports.plan import Problem
from backend.imports.problems import Level

# How many rows that are not blank may stand above the header.
LOOK_AT_ROWS = 30
# Personal columns that a community must switch on; their values are never stored or repeated.
SWITCHED_OFF = ("身份证号", "身份证号码", "身份证", "证件号", "证件号码", "公民身份号码") + (
    "民族",
    "政治面貌",
    "宗教信仰",
    "健康状况",
    "银行卡号",
)


@dataclass
class Header:
    """Where the header is and what its columns are."""

    row: int
    last_row: int
    shown: list[str]
    columns: dict[int, Column] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    refused: bool = False
    # Whether the file counts its days from 1904: what a number without a date's format means.
    epoch1904: bool = False
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

    def heading_of(self, column: Column | str) -> str:
        """The heading in the file under which a column stands; its own if it stands nowhere."""
        found = self._headings.get(column)
        if found is None:
            for index, known in self.columns.items():
                if column in (known, known.attribute):
                    found = self.shown[index]
                    break
            else:
                found = column if isinstance(column, str) else column.heading
            self._headings[column] = found
        return found

    def as_list(self) -> list[dict[str, Any]]:
        """For the batch: heading, and the attribute it was taken for."""
        return [
            {
                "index": index,
                "heading": heading,
                "attribute": self.columns[index].attribute if index in self.columns else None,
                "personal": self.columns[index].personal if index in self.columns else "hidden",
            }
            for index, heading in enumerate(self.shown)
            if heading
        ]


def _texts(cells: Sequence[Any]) -> list[str]:
    return [as_shown(cell) if isinstance(cell, str) else "" for cell in cells]


def _recognise(texts: Sequence[str], columns: Sequence[Column]) -> dict[int, Column]:
    found = {}
    for index, text in enumerate(texts):
        if not text or len(text) > 30:
            continue
        for column in columns:
            if column.is_called(text):
                found[index] = column
                break
    return found


def _stacked(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """A header over two rows as one: the lower name where there is one, else the upper."""
    width = max(len(upper), len(lower))
    above = [*upper, *[""] * (width - len(upper))]
    below = [*lower, *[""] * (width - len(lower))]
    return [b or a for a, b in zip(above, below, strict=True)]


# What the corrected workbook adds: known to every register, never looked at.
EXPLANATION = Column("explanation", "错误说明", None, ignored=True)


def find_header(
    rows: Sequence[tuple[int, Sequence[Any]]], columns: Sequence[Column]
) -> Header | None:
    """The header among the first rows, or None.

    The row in which most headings are known wins, the upper of equals; two known headings make a
    header, or one if it is all that the register requires.
    """
    columns = [*columns, EXPLANATION]
    required = [column for column in columns if column.required]
    best: tuple[int, Header] | None = None
    for position, (number, cells) in enumerate(rows[:LOOK_AT_ROWS]):
        texts = _texts(cells)
        known = _recognise(texts, columns)
        shown, last = texts, number
        if position + 1 < len(rows) and known:
            # A second header row names what the first leaves open, and holds headings alone.
            below = _texts(rows[position + 1][1])
            added = {i: c for i, c in _recognise(below, columns).items() if known.get(i) is not c}
            words = [text for text in below if text]
            if added and len(added) * 2 >= len(words) and len(words) == _filled(rows[position + 1]):
                shown, last = _stacked(texts, below), rows[position + 1][0]
                known = _recognise(shown, columns)
        score = len(set(known.values()))
        enough = score >= 2 or (required and set(known.values()) == set(required))
        if enough and (best is None or score > best[0]):
            best = score, Header(number, last, shown, known)
    if best is None:
        return None
    header = best[1]
    _judge(header, columns)
    return header


def _filled(row: tuple[int, Sequence[Any]]) -> int:
    return sum(cell is not None and str(cell).strip() != "" for cell in row[1])


def _judge(header: Header, columns: Sequence[Column]) -> None:
    counted = Counter(column for column in header.columns.values())
    for column, times in counted.items():
        if times > 1 and not column.ignored:
            names = "、".join(
                f"“{header.shown[i]}”" for i, c in header.columns.items() if c is column
            )
            header.refused = True
            header.problems.append(
                Problem(
                    None,
                    header.heading_of(column),
                    "column_twice",
                    Level.ERROR,
                    f"有 {times} 列都是“{column.heading}”（{names}），请只保留一列后再上传。",
                )
            )
    missing = [c.heading for c in columns if c.required and c not in counted]
    if missing:
        header.refused = True
        header.problems.append(
            Problem(
                None,
                missing[0],
                "column_missing",
                Level.ERROR,
                f"缺少必填列：{'、'.join(missing)}。请在表头补上这一列后再上传。",
            )
        )
    for index, heading in enumerate(header.shown):
        if not heading or index in header.columns:
            continue
        if heading in SWITCHED_OFF:
            header.problems.append(
                Problem(
                    None,
                    heading,
                    "column_off",
                    Level.NOTE,
                    f"“{heading}”这一列没有启用，已忽略，内容不会保存。",
                )
            )
        else:
            header.problems.append(
                Problem(
                    None,
                    heading,
                    "column_unknown",
                    Level.QUESTION,
                    f"不认识“{heading}”这一列，导入时会忽略它。需要的话请改成模板里的列名。",
                )
            )
