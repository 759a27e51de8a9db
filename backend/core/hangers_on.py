"""What hangs on a record from a floor above it: told when that record is moved, or called off.

A slot does not know that volunteers are assigned to it. Its app says that it was moved, by name and
in the same transaction; who hangs on it has registered here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from backend.core.access import Actor
from backend.core.models import ChangeSet, Kept


@dataclass(frozen=True)
class Upset:
    """What happened to a record on which others hang."""

    record: Any
    by: Actor
    # The record as it was before it was moved; None: it was called off.
    before: Any = None
    reason: str = ""
    # The change set to which what follows belongs; None: one of its own.
    within: ChangeSet | None = None

    @property
    def called_off(self) -> bool:
        """Whether it does not take place at all."""
        return self.before is None


Follow = Callable[[Upset], None]
_FOLLOWING: dict[str, list[Follow]] = {}


def hangs_on(model: type[Kept], follow: Follow) -> None:
    """Registers what follows when a record of the model is moved or called off."""
    known = _FOLLOWING.setdefault(model._meta.label, [])
    if follow not in known:
        known.append(follow)


def upset(happened: Upset) -> None:
    """Lets everything follow that hangs on the record. Call it in the transaction of the change."""
    for follow in _FOLLOWING.get(happened.record._meta.label, ()):
        follow(happened)
