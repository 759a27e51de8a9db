"""The plan: what each row of a sheet comes to, compact enough to be kept and carried out."""

import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import time
from typing import Any

import orjson

from backend.imports.choices import Outcome
from backend.imports.problems import Level

CHUNK_ROWS = 4_000


@dataclass(slots=True)
class Problem:
    """Something to say about a cell, a row (column None) or the file (row None)."""

    row: int | None
    column: str | None
    code: str
    level: str
    message: str

    def as_dict(self) -> dict[str, Any]:
        """The shape of contracts.md."""
        return {
            "row": self.row,
            "column": self.column,
            "code": self.code,
            "level": self.level,
            "message": self.message,
        }

    @property
    def rejects(self) -> bool:
        """An error rejects its row, an unanswered question too."""
        return self.level != Level.NOTE


@dataclass(slots=True)
class Write:
    """One record to write: new (no pk), or changed if it still has the revision seen.

    A negative number in a reference stands for the record that row made: {"resident_id": -12}.
    """

    model: int
    values: dict[str, Any]
    pk: int | None = None
    revision: int | None = None


@dataclass(slots=True)
class SheetRow:
    """A row on its way: cells as read, values as cleaned, and what it comes to."""

    number: int
    cells: list[Any]
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    outcome: str = Outcome.UNCHANGED

    def say(self, column: str | None, code: str, level: str, message: str) -> None:
        """Adds a problem of this row; one that rejects decides the outcome."""
        self.problems.append(Problem(self.number, column, code, level, message))
        if level != Level.NOTE:
            self.outcome = Outcome.REJECT
            self.writes = []

    @property
    def rejected(self) -> bool:
        return self.outcome == Outcome.REJECT


def pack(rows: list[SheetRow]) -> bytes:
    """Rows as kept in a PlanChunk."""
    return zlib.compress(
        orjson.dumps(
            [
                [
                    row.number,
                    row.outcome,
                    row.cells,
                    [[w.model, w.values, w.pk, w.revision] for w in row.writes],
                    [[p.column, p.code, p.level, p.message] for p in row.problems],
                ]
                for row in rows
            ],
            default=_plain,
        ),
        1,
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, time) else str(value)


def unpack(payload: bytes) -> Iterator[SheetRow]:
    """The rows of a chunk. Dates come back as ISO text: the model's fields take them."""
    for number, outcome, cells, writes, problems in orjson.loads(zlib.decompress(bytes(payload))):
        yield SheetRow(
            number=number,
            cells=cells,
            outcome=outcome,
            writes=[Write(model, values, pk, revision) for model, values, pk, revision in writes],
            problems=[Problem(number, *problem) for problem in problems],
        )


@dataclass
class Plan:
    """A whole sheet's plan; `chunks` are packed rows with their counts."""

    register: str
    sheet: str = ""
    header_row: int | None = None
    headings: list[dict[str, Any]] = field(default_factory=list)
    file_problems: list[Problem] = field(default_factory=list)
    chunks: list[tuple[dict[str, int], bytes]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    refused: bool = False

    def add(self, rows: list[SheetRow]) -> None:
        """Takes in the next rows."""
        counts = Counter(str(row.outcome) for row in rows)
        self.counts.update(counts)
        counts["problems"] = sum(bool(row.problems) for row in rows)
        self.chunks.append((dict(counts), pack(rows)))

    @property
    def read(self) -> int:
        return sum(self.counts[str(outcome)] for outcome in Outcome)

    def rows(self) -> Iterator[SheetRow]:
        """All rows, unpacked one chunk at a time."""
        for _, payload in self.chunks:
            yield from unpack(payload)

    def problems(self) -> Iterator[Problem]:
        """The file's problems, then every row's in order."""
        yield from self.file_problems
        for counts, payload in self.chunks:
            if counts["problems"]:
                for row in unpack(payload):
                    yield from row.problems

    def counts_dict(self) -> dict[str, int]:
        """The counts in the shape of contracts.md; all 0 when the file itself was refused."""
        if self.refused:
            return {"read": 0} | {str(outcome): 0 for outcome in Outcome}
        return {"read": self.read} | {str(o): self.counts[str(o)] for o in Outcome}

    def refuse(self, code: str, message: str, level: str = Level.ERROR) -> None:
        """The file as a whole cannot be taken."""
        self.refused = True
        self.file_problems.append(Problem(None, None, code, level, message))
