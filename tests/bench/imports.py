"""The import's table: import_sheet, the bare loops, and django-import-export's default."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fixtures.make_large import LargeSheet, make_large
from tests.bench.measure import Run, best, ratio, run
from tests.bench.people import known_people
from tests.bench.worlds import World

ROUNDS = 3
BARE, HISTORY = "raw", "raw + history"
OPTIONS: dict[str, list[str]] = {BARE: [], HISTORY: ["--history"]}
# Rows of the library's run: its time a row is the same for more, only longer.
LIBRARY_ROWS = 10_000
EVENT = "pf-open"

LIMIT_RATIO = {"SQLite": 2.5, "PostgreSQL": 2.0}
LIMIT_LIBRARY = 20
LIMIT_MEGABYTES = 160


@dataclass
class Measured:
    """What was run on one database."""

    ours: list[Run] = field(default_factory=list)
    floors: dict[str, list[Run]] = field(default_factory=lambda: {BARE: [], HISTORY: []})
    library: list[Run] = field(default_factory=list)


def measure(world: World, large: Path, expected: LargeSheet, small: Path, few: LargeSheet) -> str:
    """One line of the table. Raises: AssertionError if they did not do the same work."""
    taken = expected.known + expected.new
    found = Measured()
    for number in range(ROUNDS):
        for name, options in OPTIONS.items():
            _, address = world.copy(number)
            bare = [sys.executable, "tests/bench/bare_import.py", address, str(large), EVENT]
            floor = run([*bare, *options], {})
            assert int(floor.output) == taken, floor.output
            found.floors[name].append(floor)
        environment, _ = world.copy(number)
        command = [sys.executable, "manage.py", "import_sheet", "attendance", str(large)]
        one = run([*command, "--event", EVENT, "--take-good", "--json"], environment)
        answer = json.loads(one.output)
        assert answer["rows"]["create"] == taken, answer["rows"]
        assert answer["rows"]["reject"] == expected.bad, answer["rows"]
        # The complete list: a problem at least for each bad row.
        told = {problem["row"] for problem in answer["problems"] if problem["level"] != "note"}
        assert len(told) == expected.bad, len(told)
        found.ours.append(one)
    environment, _ = world.copy(0)
    library = [sys.executable, "-m", "tests.bench.library_import", str(small), EVENT]
    found.library.append(run(library, environment))
    assert int(found.library[0].output) == few.known + few.new, found.library[0].output
    return _line(world.name, found, expected.rows, few.rows)


def _line(name: str, found: Measured, rows: int, library_rows: int) -> str:
    times_library = (best(found.library) / library_rows) / (best(found.ours) / rows)
    own = max(r.megabytes for r in found.ours)
    child = max(r.child_megabytes for r in found.ours)
    cells = [
        name,
        f"{best(found.ours):.1f} s",
        f"{best(found.floors[BARE]):.1f} s",
        f"{ratio(found.ours, found.floors[BARE]):.2f}",
        f"{best(found.floors[HISTORY]):.1f} s",
        f"**{ratio(found.ours, found.floors[HISTORY]):.2f}** (≤ {LIMIT_RATIO[name]})",
        f"{library_rows / best(found.library):.0f}",
        f"**{times_library:.0f}** (≥ {LIMIT_LIBRARY})",
        f"**{own:.0f}** (≤ {LIMIT_MEGABYTES})",
        f"{child:.0f}",
    ]
    return "| " + " | ".join(cells) + " |"


HEADINGS = (
    ("database", "import_sheet", "raw", "times", "raw + history", "times")
    + ("import-export, rows/s", "times quicker", "peak MB", "its reader's MB")
)  # fmt: skip


def main(folder: Path, worlds: Sequence[World], rows: int) -> None:
    """Prints the table."""
    large, small = folder / "large.xlsx", folder / "small.xlsx"
    known = list(known_people())
    expected = make_large(large, rows, known=known)
    few = make_large(small, min(rows, LIBRARY_ROWS), known=known)
    print(f"## Imports: {rows} sign-ins, {expected.known} of people known, {expected.bad} bad\n")
    print("| " + " | ".join(HEADINGS) + " |")
    print("|---" * len(HEADINGS) + "|")
    for world in worlds:
        print(measure(world, large, expected, small, few), flush=True)
    print(f"\nimport-export's default with {few.rows} rows, as a rate.\n")
