"""No cell of one to four is shown, nor follows from what is shown."""

from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.small_cells import no_small_cells, shown_cell, shown_total

pytestmark = pytest.mark.once

# Not five: every table that a reader could imagine is gone through, and those are many.
SMALLEST, HIGHEST = 3, 8
tables = st.lists(st.integers(0, HIGHEST), min_size=1, max_size=4).map(
    lambda cells: {f"c{n}": count for n, count in enumerate(cells)}
)
Published = tuple[int | None, ...]


def _published(counts: dict[str, int]) -> Published:
    cells = no_small_cells(counts, SMALLEST)
    return (*cells.values(), shown_total(counts, SMALLEST))


def _told(counts: dict[str, int], publish: Callable[[dict[str, int]], Published]) -> list[int]:
    """The small cells that a reader who knows the rule can work out."""
    seen = publish(counts)
    # What is shown is known; only what is hidden is guessed.
    guesses = [range(HIGHEST + SMALLEST) if cell is None else [cell] for cell in seen[:-1]]
    worlds = [
        world
        for world in product(*guesses)
        if publish(dict(zip(counts, world, strict=True))) == seen
    ]
    return [
        count
        for at, count in enumerate(counts.values())
        if 0 < count < SMALLEST and len({world[at] for world in worlds}) == 1
    ]


@given(counts=tables)
def test_no_small_cell_is_shown(counts: dict[str, int]) -> None:
    assert not [c for c in no_small_cells(counts).values() if c is not None and 0 < c < 5]
    assert shown_total(counts) not in (1, 2, 3, 4)


@given(counts=tables)
def test_no_small_cell_can_be_worked_out_even_by_who_knows_the_rule(
    counts: dict[str, int],
) -> None:
    assert _told(counts, _published) == []


def test_the_control_hiding_only_small_cells_tells_them_by_subtraction() -> None:
    def naive(counts: dict[str, int]) -> Published:
        hidden = [None if 0 < c < SMALLEST else c for c in counts.values()]
        return (*hidden, sum(counts.values()))

    assert _told({"a": 2, "b": 7, "c": 8}, naive) == [2]
    assert _told({"a": 2, "b": 7, "c": 8}, _published) == []


@given(counts=tables)
def test_nothing_is_lost_where_nothing_is_small(counts: dict[str, int]) -> None:
    large = {key: count * 5 for key, count in counts.items()}
    assert no_small_cells(large) == large
    assert shown_total(large) == sum(large.values())


def test_examples() -> None:
    assert no_small_cells({"a": 40, "b": 3, "c": 60}) == {"a": None, "b": None, "c": 60}
    assert no_small_cells({"a": 0, "b": 3, "c": 60}) == {"a": 0, "b": None, "c": None}
    assert no_small_cells({"a": 0, "b": 3}) == {"a": 0, "b": None}
    assert shown_total({"a": 40, "b": 3, "c": 60}) == 103
    assert shown_total({"a": 0, "b": 3}) is None
    assert shown_total({"a": 4, "b": 4}) is None, "two fours, and nothing to cover them"
    assert shown_total({"a": 1, "b": 5, "c": 60}) is None, "6 can only be 1 and 5"
    assert [shown_cell(n) for n in (0, 1, 4, 5)] == [0, None, None, 5]
