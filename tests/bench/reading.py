"""Reading through the main API, beside one hand-written statement and beside the library as it comes.

    python -m tests.bench.reading [TIMES]

TIMES of the world: 1 is 500 events, 20 000 residents, 60 000 sign-ins.
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests import postgres
from tests.bench.measure import run
from tests.bench.reading_once import WITH_ROLES
from tests.bench.worlds import LiteWorld, PostgresWorld, World

ROUNDS = 150
AIMS = {"Q1": 2.5, "Q2": 1.6, "Q3": 2.0, "Q4": 2.5}
LEAST_STOCK, MOST_GROWTH, GROWN = 1.5, 1.2, 10


def measured(world: World) -> dict[str, Any]:
    """What one process measured on a world."""
    environment, _ = world.copy(0)
    command = [sys.executable, "-m", "tests.bench.reading_once", str(ROUNDS)]
    done = run(command, environment)
    found: dict[str, Any] = json.loads(done.output.splitlines()[-1])
    return found


def lines(name: str, found: dict[str, dict[str, float]]) -> list[str]:
    """The rows of the table."""
    told = []
    for query, times in found.items():
        floor, ours, stock = times["floor"], times["ours"], times["stock"]
        told.append(
            f"| {name} | {query} | {1000 * floor:.2f} ms | **{ours / floor:.2f}**"
            f" | {times[WITH_ROLES] / floor:.2f} | {stock / floor:.1f} | **{stock / ours:.1f}** |"
        )
    return told


def main(times: float = 1) -> None:
    """Prints the tables."""
    with (
        tempfile.TemporaryDirectory(prefix="linli-bench-") as folder,
        postgres.server() as url,
        postgres.server() as other,
    ):
        print("reading; times the floor, aims on PostgreSQL: ", end="")
        print(", ".join(f"{name} at most {most}" for name, most in AIMS.items()), end="")
        print(f"; at least {LEAST_STOCK} times stock")
        print(
            "| database | query | floor | ours : floor | roles looked up | stock : floor | times stock |"
        )
        print("|---|---|---|---|---|---|---|")
        pages: dict[str, list[float]] = {}
        for server, grown in ((url, 1), (other, GROWN)):
            home = Path(folder) / str(grown)
            home.mkdir()
            fill = ("tests.bench.reading_fill", str(times), str(grown))
            worlds: list[World] = [LiteWorld(home, fill), PostgresWorld(server, home, fill)]
            for world in worlds:
                found = measured(world)
                pages.setdefault(world.name, []).append(found["first page"])
                if grown == 1:
                    print("\n".join(lines(world.name, found["queries"])), flush=True)
        print(
            f"first page of events without count, {GROWN} times the events; aim: at most {MOST_GROWTH} times"
        )
        for name, (few, many) in pages.items():
            print(f"| {name} | **{many / few:.2f}** |")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 1)
