"""Which cells of a generated table the fast suite tries; the slow one tries them all.

The fast one takes a role of each row, of those who may and of those who may not, other roles in
other rows (of mutations of every fourth row, of the staff pages of every twelfth): a rule that is
lost for a whole register fails at once, one lost for a single role in `make test-slow`.
`LINLI_CELLS=all` makes the fast suite try all of them, by hand.
"""

import os
from collections.abc import Callable, Iterable
from typing import Any
from zlib import crc32

import pytest

EACH = 1


def thinned(
    cells: Iterable[tuple[Any, ...]],
    role_at: int,
    allowed: Callable[..., bool],
    each: int = EACH,
    of: int = 1,
) -> list[Any]:
    """The cells as parameters: `each` allowed and `each` refused ones of one row in `of` for the
    fast suite, the others marked `cells`."""
    if os.environ.get("LINLI_CELLS") == "all":
        return list(cells)
    rows: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    for cell in cells:
        row = (*cell[:role_at], *cell[role_at + 1 :], allowed(*cell))
        rows.setdefault(row, []).append(cell)
    return [
        pytest.param(*cell, marks=() if at < each and _number(row) % of == 0 else pytest.mark.cells)
        for row, members in rows.items()
        for at, cell in enumerate(_turned(members, _number(row)))
    ]


def _number(what: Any) -> int:
    """The same in every process."""
    return crc32(repr(what).encode())


def sampled(
    cases: Iterable[Any], of: int, mark: pytest.MarkDecorator = pytest.mark.cells
) -> list[Any]:
    """The cases as parameters: one of so many for the fast suite, and the first; the others marked."""
    if os.environ.get("LINLI_CELLS") == "all":
        return list(cases)
    return [
        pytest.param(
            *(case if isinstance(case, tuple) else (case,)),
            marks=() if at == 0 or _number(_named(case)) % of == 0 else mark,
        )
        for at, case in enumerate(cases)
    ]


def _named(case: Any) -> Any:
    # What a run calls an object has an address in it, another one each time.
    parts = case if isinstance(case, tuple) else (case,)
    return [getattr(getattr(p, "model", p), "__name__", p) for p in parts]


def _turned(members: list[tuple[Any, ...]], by: int) -> list[tuple[Any, ...]]:
    start = by % len(members)
    return members[start:] + members[:start]
