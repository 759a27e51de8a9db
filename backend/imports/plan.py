"""The plan: what each row of a sheet comes to, compact enough to be kept and carried out."""

import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import time
from typing import Any

import orjson

from backend.imports.choices import Outcome
from backend.imports.directions import Choice
from backend.imports.problems import Level

CHUNK_ROWS = 4_000
# A Write of this model is no row to be written: its values are a history that the sheet replays.
REPLAY = -1


@dataclass(slots=True)
class Problem:
    """Something to say about a cell, a row (column None) or the file (row None)."""

    row: int | None
    column: str | None
    code: str
    level: str
    message: str
    # How a question may be answered; what programs are told of it is in the main API.
    choices: tuple[Choice, ...] = ()

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

    def ask(
        self, column: str | None, code: str, message: str, choices: tuple[Choice, ...] = ()
    ) -> None:
        """Puts a question to this row: it is rejected until one of the choices is made."""
        self.say(column, code, Level.QUESTION, message)
        self.problems[-1].choices = choices

    @property
    def rejected(self) -> bool:
        return self.outcome == Outcome.REJECT


def pack(rows: list[SheetRow]) -> bytes:
    """Rows as kept in a PlanChunk: two streams, the problems first, so that they are had alone."""
    problems = [
        [row.number, [_told(problem) for problem in row.problems]] for row in rows if row.problems
    ]
    content = [
        [
            row.number,
            row.outcome,
            row.cells,
            [[w.model, w.values, w.pk, w.revision] for w in row.writes],
        ]
        for row in rows
    ]
    return b"".join(zlib.compress(orjson.dumps(p, default=_plain), 1) for p in (problems, content))


def _told(problem: Problem) -> list[Any]:
    told: list[Any] = [problem.column, problem.code, problem.level, problem.message]
    if problem.choices:
        told.append([[c.value, c.label, c.alike] for c in problem.choices])
    return told


def _problem(row: int, told: list[Any]) -> Problem:
    column, code, level, message, *rest = told
    choices = tuple(Choice(*choice) for choice in rest[0]) if rest else ()
    return Problem(row, column, code, level, message, choices)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, time) else str(value)


def _streams(payload: bytes | memoryview) -> tuple[bytes, bytes]:
    """The problems as JSON, and what follows them, still packed."""
    first = zlib.decompressobj()
    return first.decompress(bytes(payload)), first.unused_data


def unpack_problems(payload: bytes | memoryview) -> Iterator[Problem]:
    """The problems of a chunk's rows, in order."""
    for number, problems in orjson.loads(_streams(payload)[0]):
        for problem in problems:
            yield _problem(number, problem)


def unpack(payload: bytes | memoryview) -> Iterator[SheetRow]:
    """The rows of a chunk. Dates come back as ISO text: the model's fields take them."""
    told, rest = _streams(payload)
    problems = {number: [_problem(number, p) for p in some] for number, some in orjson.loads(told)}
    for number, outcome, cells, writes in orjson.loads(zlib.decompress(rest)):
        yield SheetRow(
            number=number,
            cells=cells,
            outcome=outcome,
            writes=[Write(*write) for write in writes],
            problems=problems.get(number, []),
        )


def unpack_writes(payload: bytes | memoryview) -> tuple[int, list[tuple[int, list[Write]]]]:
    """How many rows a chunk has, and what is to be written, by row: all that carrying out needs."""
    rows = orjson.loads(zlib.decompress(_streams(payload)[1]))
    return len(rows), [(row[0], [Write(*write) for write in row[3]]) for row in rows if row[3]]


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
                yield from unpack_problems(payload)

    def counts_dict(self) -> dict[str, int]:
        """The counts in the shape of contracts.md; all 0 when the file itself was refused."""
        if self.refused:
            return {"read": 0} | {str(outcome): 0 for outcome in Outcome}
        return {"read": self.read} | {str(o): self.counts[str(o)] for o in Outcome}

    def refuse(self, code: str, message: str, level: str = Level.ERROR) -> None:
        """The file as a whole cannot be taken."""
        self.refused = True
        self.file_problems.append(Problem(None, None, code, level, message))
