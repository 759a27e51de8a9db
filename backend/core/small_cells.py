"""No small cells: what a public breakdown hides, so that nobody is found in it.

Whoever reads a breakdown is taken to know this page as well: what is hidden must say no more than
that it is. So a cell that covers small ones is chosen by its place and not by its size, and whether
the total is shown hangs on a margin that leaves each small cell all its values.
"""

from collections.abc import Hashable, Mapping
from typing import TypeVar

SMALLEST_CELL = 5
K = TypeVar("K", bound=Hashable)


def shown_cell(count: int, smallest: int = SMALLEST_CELL) -> int | None:
    """One count of people by itself; None where it is small. 0 says nothing of anybody."""
    return None if 0 < count < smallest else count


def no_small_cells(counts: Mapping[K, int], smallest: int = SMALLEST_CELL) -> dict[K, int | None]:
    """The cells of a breakdown, None where hidden; `shown_total` stands beside them.

    Small cells are hidden, and with them the first of the others, or the total would tell them.
    """
    hidden = _hidden(counts, smallest)
    return {key: None if key in hidden else count for key, count in counts.items()}


def shown_total(counts: Mapping[K, int], smallest: int = SMALLEST_CELL) -> int | None:
    """The total of a breakdown; None where it would tell a hidden cell after all."""
    total = sum(counts.values())
    hidden = [counts[key] for key in _hidden(counts, smallest)]
    if not hidden:
        return total
    # Each hidden cell is at least 1, the one that covers at least `smallest`: near to that, the sum
    # of the hidden ones would leave no choice.
    covered = max(hidden) >= smallest
    return total if covered and sum(hidden) >= len(hidden) - 1 + 2 * smallest else None


def _hidden(counts: Mapping[K, int], smallest: int) -> set[K]:
    hidden = {key for key, count in counts.items() if 0 < count < smallest}
    if hidden:
        cover = next((key for key, count in counts.items() if count >= smallest), None)
        if cover is not None:
            hidden.add(cover)
    return hidden
