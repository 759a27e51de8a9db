"""Files broken at random from good ones: the same file for the same number."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.imports.breaking import anyhow, csv_texts, ods_tables, packages, xls_streams, xlsx_parts

FOLDER = Path(__file__).resolve().parents[3] / "fixtures" / "workbooks"
Breaker = Callable[[bytes, random.Random], bytes]

XLSX = (
    "01_clean",
    "06_page_breaks",
    "09_merged_cells",
    "17_used_range",
    "26_residents",
    "43_errors",
)
# A good file, and all the ways to break it.
KINDS: dict[str, tuple[tuple[str, ...], tuple[Breaker, ...]]] = {
    "xlsx": (tuple(f"{name}.xlsx" for name in XLSX), (*packages.WAYS, *xlsx_parts.WAYS)),
    "xls": (("19_old_format.xls", "42_really_xls.xlsx"), xls_streams.WAYS),
    "ods": (("20_open_document.ods",), (*packages.WAYS, *ods_tables.WAYS)),
    "csv": (("21_gb18030.csv", "22_bom_semicolon.csv", "40_bom_comma.csv"), csv_texts.WAYS),
}
# Of ten files: most are what most people have.
_DRAWN = ("xlsx", "xlsx", "xlsx", "xlsx", "xlsx", "xls", "xls", "ods", "ods", "csv")


@dataclass(frozen=True)
class Broken:
    """One broken file: what it was, what was done to it, and what it is now."""

    number: int
    was: str
    ways: tuple[str, ...]
    content: bytes

    @property
    def name(self) -> str:
        return f"{self.number}{Path(self.was).suffix}"

    def __str__(self) -> str:
        return f"{self.number}: {self.was}, {' + '.join(self.ways)}"


def broken(number: int) -> Broken:
    """The file of this number: one or two ways of breaking, drawn by it."""
    chance, was, ways = _drawn(number)
    content = (FOLDER / was).read_bytes()
    for way in ways:
        content = way(content, chance)
    return Broken(number, was, tuple(way.__name__ for way in ways), content)


def ways_of(number: int) -> tuple[str, ...]:
    """How the file of this number is broken."""
    return tuple(way.__name__ for way in _drawn(number)[2])


def _drawn(number: int) -> tuple[random.Random, str, list[Breaker]]:
    chance = random.Random(f"linli-broken-{number}")
    kind = _DRAWN[number % len(_DRAWN)]
    files, own = KINDS[kind]
    was = files[chance.randrange(len(files))]
    before = _DRAWN[: number % len(_DRAWN)].count(kind)
    turn = number // len(_DRAWN) * _DRAWN.count(kind) + before
    # Each way of the kind in turn, so that 300 files meet all of them; then half by plain bytes.
    ways: list[Breaker] = [
        anyhow.WAYS[number // 30 % len(anyhow.WAYS)]
        if turn >= len(own) and chance.random() < 1 / 2
        else own[turn % len(own)]
    ]
    if chance.random() < 0.2:
        ways.append(anyhow.WAYS[chance.randrange(len(anyhow.WAYS))])
    return chance, was, ways
