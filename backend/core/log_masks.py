"""What the log must never hold: phones, identity numbers, and the texts of exceptions."""

import logging
import traceback
from copy import copy

from backend.core.publication import Kind, findings_in

STARS = "＊＊＊"
_NUMBERS = (Kind.PHONE, Kind.IDENTITY)


def mask_numbers(text: str) -> str:
    """The text with every phone and identity number starred out."""
    kept, last = [], 0
    for found in findings_in(text):
        if found.kind in _NUMBERS:
            kept += [text[last : found.start], STARS]
            last = found.end
    return "".join([*kept, text[last:]])


def places_of(error: BaseException) -> str:
    """A traceback without the exceptions' texts: those may hold what somebody had typed in."""
    told: list[str] = []
    at: BaseException | None = error
    met: set[int] = set()
    while at is not None and id(at) not in met:
        met.add(id(at))
        kind = type(at)
        told.insert(
            0, f"{''.join(traceback.format_tb(at.__traceback__))}{kind.__module__}.{kind.__name__}"
        )
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return "\n".join(told)


class MaskedLines(logging.Formatter):
    """A formatter: every line leaves masked. The record stays as it is: others may look at it."""

    def format(self, record: logging.LogRecord) -> str:
        told = copy(record)
        told.msg, told.args = mask_numbers(_message(record)), ()
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        # Never what another formatter has left in the record: that has the texts in it.
        told.exc_text = places_of(error) if error is not None else None
        if told.stack_info:
            told.stack_info = mask_numbers(told.stack_info)
        return super().format(told)


def _message(record: logging.LogRecord) -> str:
    """The message; an exception given as an argument is told by its kind alone."""
    told = copy(record)
    if isinstance(told.args, tuple):
        told.args = tuple(
            type(value).__name__ if isinstance(value, BaseException) else value
            for value in told.args
        )
    if isinstance(told.msg, BaseException):
        told.msg = type(told.msg).__name__
    return told.getMessage()
