"""When a cell says no more than what is stored already: nothing is to be done then.

An export shows moments to the second and puts masks in place of personal values; what comes back so
is no change. A mask that is not that of the stored value is a mistake, and said.
"""

from datetime import datetime
from typing import Any

from backend.core.personal import mask
from backend.imports.cells import clean_text


def says_the_same(given: Any, stored: Any, kind: str = "") -> bool:
    """Whether a clean cell equals the stored value, or the mask (of `kind`) under which it left."""
    if given == stored:
        return True
    if isinstance(given, datetime) and isinstance(stored, datetime):
        return given == stored.replace(microsecond=0)
    if not isinstance(given, str) or not isinstance(stored, str) or not stored:
        return False
    if kind and given == mask(kind, stored):
        return True
    # As the cell would have come back: without blanks at its ends.
    return given == clean_text(stored.replace("\r\n", "\n").replace("\r", "\n"))
