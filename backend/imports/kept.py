"""Columns that nobody knows, kept with the row's remark as “heading：value”."""

import re
from typing import Any

from backend.imports.cells import clean_text
from backend.imports.columns import Column
from backend.imports.directions import KEPT
from backend.imports.problems import CellProblem, Level
from backend.imports.widgets import CleaningWidget

BETWEEN = "；"
LONGEST = 100
# Whatever stands above it: nobody keeps identity numbers in a remark.
_IDENTITY_NUMBER = re.compile(r"(?<!\d)[1-9]\d{16}[\dXx](?![\dXx])")


def clean_kept(value: Any) -> str | None:
    """A cell as it is kept. Raises: text_too_long, cell_error; kept_identity_number as a note."""
    text = clean_text(value, max_length=LONGEST)
    if text is None:
        return None
    if _IDENTITY_NUMBER.search(re.sub(r"\s", "", text)):
        raise CellProblem("kept_identity_number", "像身份证号，没有并入备注。", Level.NOTE)
    # What stands between two pieces must not stand in one.
    return re.sub(r"\s+", " ", text).replace(BETWEEN, "，")


class KeptWidget(CleaningWidget):
    function = staticmethod(clean_kept)


def kept_column(heading: str, index: int) -> Column:
    """The column at a position, kept with the remark."""
    return Column(f"{KEPT}{index}", heading, KeptWidget(), ditto=True, personal="hidden")


def with_kept(remark: str, pieces: dict[str, str]) -> str:
    """A remark with the pieces: each once, in place of an earlier one of the same heading."""
    said = remark.split(BETWEEN) if remark else []
    for heading, value in pieces.items():
        piece = f"{heading}：{value}"
        places = [i for i, part in enumerate(said) if part.startswith(f"{heading}：")]
        if places:
            said[places[0]] = piece
        else:
            said.append(piece)
    return BETWEEN.join(said)
