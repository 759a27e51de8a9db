"""Exports beside django-import-export's own, by turns in one run: `python -m tests.bench.exports`."""

import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from tests.bench.measure import run
from tests.bench.worlds import World, worlds

ROUNDS = 3
OURS = ("xlsx", "ledger", "csv")
LIBRARY = "library"
LEAST_RATIO, MOST_MEGABYTES = 8.0, 110
NAMES = {"xlsx": "list .xlsx", "ledger": "ledger .xlsx", "csv": "CSV"}


@dataclass(frozen=True)
class Once:
    """One export: its rows, the seconds it took without Django's start, the process's peak."""

    rows: int
    seconds: float
    megabytes: float


def once(way: str, environment: dict[str, str], folder: Path) -> Once:
    """Runs one export in a process of its own."""
    file = folder / f"{way}.out"
    done = run([sys.executable, "-m", "tests.bench.export_once", way, str(file)], environment)
    rows, seconds = done.output.split()
    return Once(int(rows), float(seconds), done.megabytes)


def measure(world: World, folder: Path) -> list[str]:
    """The lines of the table. Raises: AssertionError if they did not export the same rows."""
    environment, _ = world.copy(0)
    runs: dict[str, list[Once]] = defaultdict(list)
    for _ in range(ROUNDS):
        for way in (LIBRARY, *OURS):
            runs[way].append(once(way, environment, folder))
    assert len({one.rows for some in runs.values() for one in some}) == 1, runs
    best = {way: min(one.seconds for one in some) for way, some in runs.items()}
    peak = {way: max(one.megabytes for one in some) for way, some in runs.items()}
    return [
        f"| {world.name} | {NAMES[way]} | {best[way]:.2f} s | {best[LIBRARY]:.2f} s"
        f" | **{best[LIBRARY] / best[way]:.1f}** | {peak[way]:.0f} MB | {peak[LIBRARY]:.0f} MB |"
        for way in OURS
    ]


def main() -> None:
    """Prints the table."""
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as folder, worlds(Path(folder)) as both:
        print(
            "export of 60 000 sign-ins, against django-import-export's default to .xlsx; ", end=""
        )
        print(f"aims: at least {LEAST_RATIO:.0f} times faster, at most {MOST_MEGABYTES} MB")
        print("| database | form | ours | import-export | times | our peak | its peak |")
        print("|---|---|---|---|---|---|---|")
        for world in both:
            for line in measure(world, Path(folder)):
                print(line, flush=True)


if __name__ == "__main__":
    main()
