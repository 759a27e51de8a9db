"""What an act is called and why it was done, where the one who began it knows better than its verbs."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_TOLD: ContextVar[tuple[str, str] | None] = ContextVar("told", default=None)


@contextmanager
def told_as(verb: str, reason: str) -> Iterator[None]:
    """Change sets that are made within say this verb and reason: an edit that restores a version is
    an edit by the register's own verb, and its history says that it restored one.
    """
    token = _TOLD.set((verb, reason))
    try:
        yield
    finally:
        _TOLD.reset(token)


def as_told(verb: str, reason: str) -> tuple[str, str]:
    """The verb and the reason that a change set says."""
    return _TOLD.get() or (verb, reason)
