"""The rows of a worksheet as XML, one text a row: what makes an export fast.

A cell is made once a value and column where values repeat; what is left is joining text. Everything
around the rows (styles, widths, the page, title and signature lines) is made by xlsxwriter.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from backend.core.exporting.kinds import Kind

# The day 0 of spreadsheets, by which every day after February 1900 is counted right.
_DAY_ZERO = datetime(1899, 12, 30)
_DAY = timedelta(days=1)
# What XML cannot hold, and nobody sees; a carriage return is half a line end.
_NO_XML = re.compile("\r(?=\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# Excel reads _x000D_ as a character: such text says so of its underscore.
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
# Enough for names of events and masks of names; what never repeats costs little.
_REMEMBERED = 1_000
Tail = Callable[[Any], str]


def column_letters(index: int) -> str:
    """The name of a column counted from 0: A, Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def serial(value: date) -> float:
    """A day or moment as spreadsheets count: days since the end of 1899."""
    if isinstance(value, datetime):
        return (value - _DAY_ZERO) / _DAY
    return (value - _DAY_ZERO.date()).days


def text_in_xml(text: str) -> str:
    """Text as the content of an element."""
    # Most texts of a register are letters and digits alone: told by one look.
    if text.isalnum():
        return text
    text = _NO_XML.sub("", text).replace("\r", "\n")
    text = _LOOKS_ESCAPED.sub("_x005F_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def text_cell(text: str, style: str) -> str:
    """What follows a text cell's address: `style` is the number of its style."""
    # Kept as it is written: XML would drop blanks at the ends.
    space = "" if text.strip() == text else ' xml:space="preserve"'
    inner = text_in_xml(text)
    return f'" s="{style}" t="inlineStr"><is><t{space}>{inner}</t></is></c>'


def tail_maker(kind: Kind, style: str, plain: Callable[[Any], Any]) -> Tail:
    """What makes, of a stored value, all of its cell that follows the cell's address."""
    empty = f'" s="{style}"/>'
    known: dict[Any, str] = {}

    def tail(value: Any) -> str:
        shown = plain(value)
        if shown is None or shown == "":
            return empty
        if isinstance(shown, str):
            return text_cell(shown, style)
        if isinstance(shown, date):
            return f'" s="{style}"><v>{serial(shown)!r}</v></c>'
        return f'" s="{style}"><v>{shown}</v></c>'

    def remembered(value: Any) -> str:
        made = known.get(value)
        if made is None:
            made = tail(value)
            if len(known) < _REMEMBERED:
                known[value] = made
        return made

    return remembered


def lines_in(text: str, width: float) -> int:
    """How many lines a text takes in a column so wide, in characters; a Chinese one counts two."""
    return sum(max(math.ceil(display_width(line) / width), 1) for line in text.split("\n"))


def display_width(text: str) -> int:
    """The width of a line in characters; a Chinese one counts two."""
    if text.isascii():
        return len(text)
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)


def height_maker(
    wrapped: Sequence[tuple[int, float]], line: float, least: float
) -> Callable[[Sequence[Any]], str]:
    """What says the height of a row whose texts wrap: no program looks for it by itself.

    `wrapped` are the columns that wrap, with their widths; `line` and `least` are in points.
    """
    # What has so few characters fits whatever they are.
    sure = [(index, width, width / 2) for index, width in wrapped]

    def height(row: Sequence[Any]) -> str:
        most = 1
        for index, width, short in sure:
            value = row[index]
            if value.__class__ is str and (len(value) > short or "\n" in value):
                most = max(most, lines_in(value, width))
        return f' ht="{max(most * line, least):g}" customHeight="1"' if most > 1 else ""

    return height


def rows_xml(
    rows: Iterable[Sequence[Any]],
    tails: Sequence[Tail],
    first: int,
    *,
    height: Callable[[Sequence[Any]], str],
    numbered: str = "",
) -> Iterator[str]:
    """The rows, from row number `first` on; `numbered` is the style of a column 序号 before them."""
    shift = 1 if numbered else 0
    heads = [f'<c r="{column_letters(i + shift)}' for i in range(len(tails))]
    pairs = list(zip(heads, tails, strict=True))
    for number, row in enumerate(rows, first):
        at = str(number)
        cells = "".join(
            [head + at + tail(value) for (head, tail), value in zip(pairs, row, strict=True)]
        )
        if numbered:
            cells = f'<c r="A{at}" s="{numbered}"><v>{number - first + 1}</v></c>{cells}'
        yield f'<row r="{at}"{height(row)}>{cells}</row>'
