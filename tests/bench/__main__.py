"""The benchmark: `python -m tests.bench [rows]`, which is what `make bench` runs.

Every figure is a ratio of two things measured by turns in this one run; seconds are shown beside
them and mean nothing on another machine.
"""

import json
import sys
import tempfile
from pathlib import Path

from fixtures.make_large import LargeSheet, make_large
from tests.bench.measure import Run, ratio, run
from tests.bench.people import known_people
from tests.bench.worlds import World, worlds

ROUNDS = 3
ROWS = 100_000
BARE = [sys.executable, "tests/bench/bare_import.py"]
LIMIT_RATIO, LIMIT_MEGABYTES = 4.0, 250


def measure(world: World, sheet: Path, expected: LargeSheet) -> str:
    """One line of the table. Raises: AssertionError if the two did not do the same work."""
    ours: list[Run] = []
    floors: dict[str, list[Run]] = {"bare": [], "bare + history": []}
    for number in range(ROUNDS):
        for name, option in (("bare", []), ("bare + history", ["--history"])):
            _, address = world.copy(number)
            floor = run([*BARE, address, str(sheet), "pf-open", *option], {})
            assert int(floor.output) == expected.known + expected.new, floor.output
            floors[name].append(floor)
        environment, _ = world.copy(number)
        command = [sys.executable, "manage.py", "import_sheet", "attendance", str(sheet)]
        one = run([*command, "--event", "pf-open", "--take-good", "--json"], environment)
        rows = json.loads(one.output)["rows"]
        assert rows["create"] == expected.known + expected.new, rows
        assert rows["reject"] == expected.bad, rows
        ours.append(one)
    against = {name: ratio(ours, runs) for name, runs in floors.items()}
    best = {name: min(r.seconds for r in runs) for name, runs in floors.items()}
    memory = max(r.megabytes for r in ours)
    return (
        f"| {world.name} | {min(r.seconds for r in ours):.1f} s | {best['bare']:.1f} s"
        f" | **{against['bare']:.2f}** | {best['bare + history']:.1f} s"
        f" | {against['bare + history']:.2f} | {memory:.0f} MB |"
    )


def main(rows: int) -> None:
    """Prints the table."""
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as folder:
        sheet = Path(folder) / "large.xlsx"
        expected = make_large(sheet, rows, known=list(known_people()))
        print(f"import_sheet, {rows} rows, {expected.known} known, {expected.bad} bad; ", end="")
        print(f"aims: at most {LIMIT_RATIO} times bare, at most {LIMIT_MEGABYTES} MB")
        print("| database | import_sheet | bare | times | bare + history | times | peak memory |")
        print("|---|---|---|---|---|---|---|")
        with worlds(Path(folder)) as both:
            for world in both:
                print(measure(world, sheet, expected), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
