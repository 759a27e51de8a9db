"""Who helps at the stalls: kept by an app above (the volunteers' register), shown here by this hook.

That app registers one function for the pages and one for who is told; the festival knows no more of
it, and does without.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from backend.messaging.actions import Recipient


@dataclass(frozen=True)
class Hands:
    """Those who help at one stall: how many, and what a reader may see of their names (masked)."""

    count: int = 0
    names: tuple[str, ...] = ()


NO_HANDS = Hands()
# Called with the reader and the keys of stalls; answers key → who helps there, in a fixed number of
# statements.
HandsOf = Callable[[Any, Sequence[int]], dict[int, Hands]]
# Called with the key of a festival; answers whom to tell when it is moved or called off.
Concerned = Callable[[int], Sequence[Recipient]]

_HANDS: list[HandsOf] = []
_CONCERNED: list[Concerned] = []


def hands(made: HandsOf) -> HandsOf:
    """Registers what knows who helps at stalls."""
    _HANDS.append(made)
    return made


def concerned(made: Concerned) -> Concerned:
    """Registers what knows whom else a festival concerns."""
    _CONCERNED.append(made)
    return made


def hands_at(user: Any, stalls: Sequence[int]) -> dict[int, Hands]:
    """Who helps at each stall, from every app that knows of somebody."""
    found = dict.fromkeys(stalls, NO_HANDS)
    for made in _HANDS:
        for stall, more in made(user, stalls).items():
            known = found.get(stall, NO_HANDS)
            found[stall] = Hands(known.count + more.count, known.names + more.names)
    return found


def also_concerned(festival: int) -> list[Recipient]:
    """Whom else a festival concerns, from every app that knows of somebody."""
    return [whom for made in _CONCERNED for whom in made(festival)]
