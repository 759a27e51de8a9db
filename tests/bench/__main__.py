"""The benchmark: `python -m tests.bench [rows]`, which is what `make bench` runs.

Every figure is a ratio of two things measured by turns in this one run; seconds are shown beside
them and mean nothing on another machine. What each figure should be stands in brackets.
docs/benchmark.md keeps the last tables.
"""

import sys
import tempfile
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from tests.bench import imports
from tests.bench.worlds import worlds

ROWS = 100_000
# Further tables: a module with `main()`, which prints its own.
FURTHER = ("tests.bench.exports", "tests.bench.reading", "tests.bench.admin")


def main(rows: int) -> None:
    """Prints every table."""
    with (
        tempfile.TemporaryDirectory(prefix="linli-bench-") as folder,
        worlds(Path(folder)) as both,
    ):
        imports.main(Path(folder), both, rows)
    for name in FURTHER:
        if find_spec(name) is not None:
            import_module(name).main()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
