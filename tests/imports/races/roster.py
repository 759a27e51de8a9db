"""Who and what is in the world of the races, and the sheets that are imported into it."""

from collections.abc import Iterable
from pathlib import Path

from fixtures.people import invented_name

KNOWN = 600
RECORDED = 200
BUILDINGS = 12
SMALL_EVENTS = tuple(f"pf-race-{number}" for number in range(6))
LARGE_EVENT = "pf-large"
LARGE_ROWS = 4500
# Enough that planning and writing take a while.
MIDDLE_ROWS = 1500

Row = tuple[str, str, str]


def known_people() -> list[tuple[str, str]]:
    """Name and phone of everybody on the roster."""
    return [(invented_name(n)[0], f"{13900000000 + n}") for n in range(1, KNOWN + 1)]


def known_rows() -> list[Row]:
    """Twelve people of the roster, and three who are known by nothing but a name."""
    return [(name, phone, "") for name, phone in known_people()[:12]] + [
        (invented_name(5000 + n)[0] + "某", "", "") for n in range(3)
    ]


def new_rows(number: int) -> list[Row]:
    """Eight people whom nobody knows yet, others for each number."""
    return [
        (invented_name(n)[0], f"{13911000000 + n}", f"{1 + n % BUILDINGS}号楼1单元101")
        for n in range(number * 8, number * 8 + 8)
    ]


def write_sheet(path: Path, rows: Iterable[Row]) -> Path:
    """A small sign-in sheet."""
    lines = ["姓名,联系电话,住址", *(",".join(row) for row in rows)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
