"""How a register writes an edit of one of its records: the same way, whichever door it comes by.

Most are written by the gate as they are. A register whose edits set something going (people are told
of another time, places go to those who wait) says so here, beside the verb that does it.
"""

from collections.abc import Callable
from typing import Any

from backend.core import gate
from backend.core.access import Actor
from backend.core.models import Kept

_WRITERS: dict[type[Kept], Callable[..., object]] = {}


def edited_by(model: type[Kept], write: Callable[..., object]) -> None:
    """Says that an edit of the model's records is written by `write(record, by=)`."""
    _WRITERS[model] = write


def has_a_writer(model: type[Kept]) -> bool:
    """Whether edits of the model are written by a verb of their own."""
    return model in _WRITERS


def write_edit(record: Any, *, by: Actor) -> None:
    """Writes a record that was edited, by its register's own way. Raises: what that raises."""
    _WRITERS.get(type(record), gate.save)(record, by=by)
