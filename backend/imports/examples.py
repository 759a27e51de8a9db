"""Cells of a file on a screen, before anybody has said what they are: only the shape of what may be
somebody's."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backend.core.log_masks import mask_numbers
from backend.core.masking import mask_name, mask_phone
from backend.core.personal import HIDDEN
from backend.imports.cells import is_empty
from backend.imports.cells.marks import is_mark
from backend.imports.columns import Column, as_shown
from backend.imports.likeness import is_named
from backend.imports.widgets import AddressWidget, MonthWidget, NameWidget, PhoneWidget

EXAMPLES = 3
_NAME = re.compile(r"[一-鿿·]{2,4}")
_DIGIT = re.compile(r"\d")
_LONGEST = 12
_LABELLED = re.compile(r"[:：]")
_HARMLESS_LABEL = re.compile(r"名称|主题|题目|时间|日期|地点")


@dataclass(frozen=True)
class Row:
    """A row of the file as shown; `heading` if it is part of the header."""

    number: int
    cells: list[str]
    heading: bool = False
    above: bool = False

    @property
    def alone(self) -> bool:
        """True for a title: one cell, over the whole width."""
        return self.above and sum(bool(cell) for cell in self.cells) == 1


def examples_of(cells: Sequence[Any], column: Column | None) -> list[str]:
    """The first few different cells of a column, each masked as what it was taken for."""
    shown: list[str] = []
    for cell in cells:
        if is_empty(cell):
            continue
        text = _as_column(cell, column) if column is not None else veiled(cell)
        if text not in shown:
            shown.append(text)
        if len(shown) == EXAMPLES:
            break
    return shown


def _as_column(cell: Any, column: Column) -> str:
    text = _text(cell)
    kind = type(column.widget)
    if is_mark(cell):
        return text
    if kind is NameWidget:
        return mask_name(as_shown(text))
    if kind is PhoneWidget:
        return mask_phone(text)
    if kind in (AddressWidget, MonthWidget):
        return _DIGIT.sub("*", text)[:_LONGEST]
    if column.personal:
        return veiled(cell)
    return mask_numbers(text)[:_LONGEST]


def veiled(cell: Any) -> str:
    """A cell of which nobody knows what it holds: digits starred, what may be a name, too."""
    if isinstance(cell, datetime.date | datetime.time):
        return _DIGIT.sub("*", _text(cell))
    text = _text(cell)
    if is_mark(cell):
        return text
    plain = as_shown(text)
    if plain.isdigit() and len(plain) > 4:
        return f"（{len(plain)} 位数字）"
    if _NAME.fullmatch(plain):
        return mask_name(plain)
    starred = _DIGIT.sub("*", plain) if len(_DIGIT.findall(plain)) > 2 else plain
    return starred if len(starred) <= 8 else f"{starred[:4]}…"


def shown_row(
    number: int,
    cells: Sequence[Any],
    columns: Sequence[Column],
    *,
    heading: bool,
    above: bool,
) -> Row:
    """A row for choosing the header: headings as they stand, all else veiled."""
    # A row of words of which the register knows one is a header, chosen or not.
    texts = [cell for cell in cells if isinstance(cell, str) and cell.strip()]
    known = len(texts) >= 2 and any(is_named(as_shown(t), c) for t in texts for c in columns)
    as_it_stands = heading or (known and not any(_DIGIT.search(text) for text in texts))
    shown = []
    for cell in cells[:30]:
        if is_empty(cell):
            shown.append("")
        elif as_it_stands:
            shown.append(mask_numbers(_text(cell))[:30])
        else:
            shown.append(_title(cell) if above else veiled(cell))
    return Row(number, shown, heading, above)


def _title(cell: Any) -> str:
    """A title: whole, but for what follows a label that may be somebody's."""
    text = mask_numbers(_text(cell))
    label, colon, _ = text.replace(":", "：").partition("：")
    if colon and not _HARMLESS_LABEL.search(label):
        return f"{label}：{HIDDEN}"
    return text if len(text) <= 40 else f"{text[:40]}…"


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return re.sub(r"\s+", " ", str(cell)[:200]).strip()
