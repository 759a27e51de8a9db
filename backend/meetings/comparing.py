"""Two texts side by side, line by line: what one has and the other has not."""

from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True)
class Row:
    """Lines that stand across from each other; `same` if they do not differ."""

    left: str
    right: str
    same: bool


def compared(left: str, right: str) -> list[Row]:
    """The lines of both texts, in order, none left out."""
    ours, theirs = left.splitlines(), right.splitlines()
    rows: list[Row] = []
    for tag, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if tag == "equal":
            rows += [Row(line, line, True) for line in ours[a:b]]
            continue
        for number in range(max(b - a, d - c)):
            one = ours[a + number] if a + number < b else ""
            other = theirs[c + number] if c + number < d else ""
            rows.append(Row(one, other, False))
    return rows
