"""What a column holds, and how one value of it stands in a cell."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from django.utils import timezone

# What a spreadsheet program may take for a formula when it opens a CSV file; behind quotes, too,
# so that taking one quote away again gives back exactly what was there.
_RUNS = re.compile(r"'*[=+\-@\t\r]")
_QUOTED = re.compile(r"'+[=+\-@\t\r]")


class Kind(StrEnum):
    """What the cells of a column are."""

    TEXT = "text"
    # Prose: wrapped in its cell.
    LONG = "long"
    # Digits that are no number: phones, codes.
    DIGITS = "digits"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    YES_NO = "yes_no"


def harmless(text: str) -> str:
    """Text as it may stand in a CSV file: what a program would run begins with a quote."""
    return f"'{text}" if _RUNS.match(text) else text


def as_it_was(text: str) -> str:
    """The text of which `harmless` made this."""
    return text[1:] if _QUOTED.match(text) else text


def local_moment(value: datetime) -> datetime:
    """A moment as the clock on the wall shows it, to the second: finer than that no cell shows."""
    if value.tzinfo is not None:
        value = value.astimezone(timezone.get_default_timezone()).replace(tzinfo=None)
    return value.replace(microsecond=0)


def in_utc(value: datetime) -> datetime:
    """The moment that the clock on the wall shows."""
    return timezone.make_aware(value, timezone.get_default_timezone()).astimezone(UTC)


def moment_text(value: datetime) -> str:
    """A moment in a CSV file: the seconds only where there are any."""
    shown = local_moment(value)
    return shown.isoformat(" ", "seconds" if shown.second else "minutes")


Words = Callable[[Any], Any]


def plain(kind: Kind, words: Words | None) -> Callable[[Any], Any]:
    """How a column's stored values become what a cell holds: text, number, date, or None.

    `words` says a stored value in words: a choice by its label.
    """
    if words is not None:
        return words
    if kind == Kind.YES_NO:
        return {True: "是", False: "否"}.get
    if kind == Kind.MOMENT:
        return lambda value: local_moment(value) if value is not None else None
    if kind in (Kind.NUMBER, Kind.DAY):
        return lambda value: value
    return lambda value: None if value is None else str(value)


def in_csv(kind: Kind, words: Words | None) -> Callable[[Any], Any]:
    """The same, for a CSV file."""
    if kind == Kind.MOMENT:
        return lambda value: moment_text(value) if value is not None else ""
    if kind == Kind.NUMBER:
        return lambda value: value
    if kind == Kind.DAY:
        return lambda value: value.isoformat() if isinstance(value, date) else ""
    told = plain(kind, words)
    return lambda value: harmless(told(value) or "")
