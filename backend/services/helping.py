"""Who helps in a slot, as other registers know: the register of volunteers says whom it has assigned.

Services stand below that register and know it by this hook alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet


@dataclass(frozen=True)
class Helpers:
    """What a register knows of helpers."""

    # The keys of slots -> the names of who is assigned to each.
    names: Callable[[Sequence[int]], dict[int, list[str]]]
    # A user -> the keys of the slots in which they help themselves, as a query of one column.
    slots: Callable[[Any], "QuerySet[Any]"]


_KNOWN: list[Helpers] = []


def helpers_are_known_by(helpers: Helpers) -> None:
    """Registers who knows the helpers of slots."""
    _KNOWN.append(helpers)


def helpers_of(slots: Sequence[int]) -> dict[int, list[str]]:
    """The names of those who are assigned to the slots; none for a slot that has nobody."""
    found: dict[int, list[str]] = {}
    for known in _KNOWN if slots else ():
        for slot, names in known.names(slots).items():
            found.setdefault(slot, []).extend(names)
    return found


def helped_by(user: Any, path: str = "pk") -> Q:
    """The rows of the slots in which a user helps; `path` leads from a row to its slot."""
    found = Q(pk__in=[])
    if user is None or not user.is_authenticated:
        return found
    for known in _KNOWN:
        found |= Q(**{f"{path}__in": known.slots(user)})
    return found


def helps_in(user: Any, slot: int) -> bool:
    """Whether a user helps in a slot."""
    return user is not None and any(
        known.slots(user).filter(slot=slot).exists() for known in _KNOWN
    )


def helps_anywhere(user: Any) -> bool:
    """Whether a user helps in any slot."""
    return user is not None and any(known.slots(user).exists() for known in _KNOWN)
