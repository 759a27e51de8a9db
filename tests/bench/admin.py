"""The staff's pages on the demo's neighbourhood and on ten times as much; names the slowest.

python -m tests.bench.admin
"""

import json
import statistics
import sys
import tempfile
from pathlib import Path

from tests import postgres
from tests.bench.measure import run
from tests.bench.worlds import LiteWorld, PostgresWorld, World

ROUNDS, GROWN, NAMED = 2, 10, 6
Found = dict[str, tuple[float, int]]


def measured(world: World) -> Found:
    """What one process measured on a world."""
    environment, _ = world.copy(0)
    done = run([sys.executable, "-m", "tests.bench.admin_once", str(ROUNDS)], environment)
    found: Found = json.loads(done.output.splitlines()[-1])
    return found


def lines(name: str, few: Found, many: Found) -> list[str]:
    """The rows of the table: the slowest pages first."""
    middle = statistics.median(seconds for seconds, _ in many.values())
    slowest = sorted(many, key=lambda page: -many[page][0])[:NAMED]
    told = []
    for page in slowest:
        seconds, statements = many[page]
        grown = f"{seconds / few[page][0]:.2f}" if page in few else "-"
        told.append(
            f"| {name} | {page} | {1000 * seconds:.0f} ms | **{seconds / middle:.1f}**"
            f" | {grown} | {statements} |"
        )
    both = [page for page in many if page in few]
    all_grown = sum(many[p][0] for p in both) / sum(few[p][0] for p in both)
    told.append(
        f"| {name} | all {len(both)} pages | {1000 * middle:.0f} ms (median) | 1 | {all_grown:.2f} | |"
    )
    return told


def main() -> None:
    """Prints the table."""
    print(f"staff pages on {GROWN} times the demo, the slowest first")
    print("| database | page | time | times the median page | times the demo's | statements |")
    print("|---|---|---|---|---|---|")
    with (
        tempfile.TemporaryDirectory(prefix="linli-bench-") as folder,
        postgres.server() as url,
        postgres.server() as other,
    ):
        found: dict[str, list[Found]] = {}
        for server, grown in ((url, 1), (other, GROWN)):
            home = Path(folder) / str(grown)
            home.mkdir()
            fill = ("tests.bench.admin_fill", str(grown))
            worlds: list[World] = [LiteWorld(home, fill), PostgresWorld(server, home, fill)]
            for world in worlds:
                found.setdefault(world.name, []).append(measured(world))
        for name, (few, many) in found.items():
            print("\n".join(lines(name, few, many)), flush=True)


if __name__ == "__main__":
    main()
