"""No small cells: what a public breakdown hides, so that nobody is found in it.

Whoever reads a breakdown is taken to know this page as well: which cells are hidden must say no more
than that they are hidden. So the cell that covers a small one is chosen by its place, not its size.
"""

from collections.abc import Hashable, Mapping
from typing import TypeVar

SMALLEST_CELL = 5
K = TypeVar("K", bound=Hashable)


def shown_cell(count: int, smallest: int = SMALLEST_CELL) -> int | None:
    """One count of people by itself; None where it is small. 0 says nothing of anybody."""
    return None if 0 < count < smallest else count


def no_small_cells(counts: Mapping[K, int], smallest: int = SMALLEST_CELL) -> dict[K, int | None]:
    """The cells of a breakdown, None where hidden; their total stands beside them.

    Small cells are hidden, and one more where the total would tell what they are. See `shown_total`.
    """
    hidden = _hidden(counts, smallest)
    return {key: None if key in hidden else count for key, count in counts.items()}


def shown_total(counts: Mapping[K, int], smallest: int = SMALLEST_CELL) -> int | None:
    """The total of a breakdown; None where it is small, or would tell a hidden cell after all."""
    if _total_tells(counts, _hidden(counts, smallest), smallest):
        return None
    return shown_cell(sum(counts.values()), smallest)


def _hidden(counts: Mapping[K, int], smallest: int) -> set[K]:
    hidden = {key for key, count in counts.items() if 0 < count < smallest}
    if _total_tells(counts, hidden, smallest):
        cover = next((key for key, count in counts.items() if count >= smallest), None)
        if cover is not None:
            hidden.add(cover)
    return hidden


def _total_tells(counts: Mapping[K, int], hidden: set[K], smallest: int) -> bool:
    """Whether total and shown cells give the hidden ones away.

    One by itself is what is left over; several are known when all must be 1, or all the largest
    that is small.
    """
    if any(counts[key] >= smallest for key in hidden):
        return False
    together = sum(counts[key] for key in hidden)
    return len(hidden) == 1 or (
        bool(hidden) and together in (len(hidden), (smallest - 1) * len(hidden))
    )
