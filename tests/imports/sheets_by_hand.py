"""Small CSV sheets, and the command that takes them."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.imports.doors import command


def sheet(folder: Path, rows: Iterable[Sequence[object]], name: str = "签到表.csv") -> Path:
    """A CSV file of these rows; None is an empty cell."""
    path = folder / name
    lines = [",".join("" if cell is None else str(cell) for cell in row) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def attendance(path: Path, *options: str) -> tuple[int, dict[str, Any]]:
    """import_sheet attendance into pf-open: its status and answer."""
    return command("attendance", str(path), "--event", "pf-open", *options)


def told(answer: dict[str, Any]) -> list[tuple[int | None, str | None, str, str]]:
    """Row, column, code and level of every problem."""
    return [(p["row"], p["column"], p["code"], p["level"]) for p in answer["problems"]]
