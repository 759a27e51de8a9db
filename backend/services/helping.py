"""Who helps in a slot, as other registers know: the register of volunteers says whom it has assigned.

Services stand below that register and know it by this hook alone.
"""

from collections.abc import Callable, Sequence

# The keys of slots -> the names of who is assigned to each.
Helpers = Callable[[Sequence[int]], dict[int, list[str]]]
_KNOWN: list[Helpers] = []


def helpers_are_known_by(ask: Helpers) -> None:
    """Registers who knows the helpers of slots."""
    if ask not in _KNOWN:
        _KNOWN.append(ask)


def helpers_of(slots: Sequence[int]) -> dict[int, list[str]]:
    """The names of those who are assigned to the slots; none for a slot that has nobody."""
    found: dict[int, list[str]] = {}
    for ask in _KNOWN if slots else ():
        for slot, names in ask(slots).items():
            found.setdefault(slot, []).extend(names)
    return found
