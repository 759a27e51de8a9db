"""The plan: what each row of a sheet comes to, compact enough to be kept and carried out."""

import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import time
from typing import Any

import orjson

from backend.core.errors import RuleViolation
from backend.imports.choices import Outcome
from backend.imports.directions import Choice
from backend.imports.problems import Level

CHUNK_ROWS = 8_000
# Of rows as they came: long ones make a chunk sooner, or a few thousand fill the memory.
CHUNK_BYTES = 4 * 2**20
# Asked of every row: looked up once.
_NOTE, _REJECT = Level.NOTE, Outcome.REJECT
# A Write of this model is no row to be written: its values are a history that the sheet replays.
REPLAY = -1
# A value of a Write that is no column: the number by which others refer to what it makes, where a
# row makes several records of one model.
REFERENCE = "#"


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
    # Of an answered question: its code, and the value that was chosen.
    question: str = ""
    answer: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The shape of contracts.md."""
        return {
            "row": self.row,
            "column": self.column,
            "code": self.code,
            "level": self.level,
            "message": self.message,
        }

    def as_violation(self, field: str) -> RuleViolation:
        """The same, for those who want one sentence."""
        where = f"第 {self.row} 行：" if self.row is not None else ""
        return RuleViolation(self.code, where + self.message, field=field)

    def as_stored(self) -> dict[str, Any]:
        """The same with its choices, for the batch."""
        if not self.choices:
            return self.as_dict()
        return self.as_dict() | {"choices": [[c.value, c.label, c.alike] for c in self.choices]}

    @classmethod
    def from_stored(cls, stored: dict[str, Any]) -> "Problem":
        """What `as_stored` gave."""
        choices = tuple(Choice(*choice) for choice in stored.get("choices", ()))
        return cls(**{**stored, "choices": choices})

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
        if level != Level.NOTE and self.outcome == Outcome.SKIP:
            return  # Left out: nothing more is asked of it.
        self.problems.append(Problem(self.number, column, code, level, message))
        if level != _NOTE:
            self.outcome = _REJECT
            self.writes = []

    def ask(
        self, column: str | None, code: str, message: str, choices: tuple[Choice, ...] = ()
    ) -> None:
        """Puts a question to this row: it is rejected until one of the choices is made."""
        self.say(column, code, Level.QUESTION, message)
        if self.problems and self.problems[-1].code == code:
            self.problems[-1].choices = choices

    def note_answer(
        self, column: str | None, code: str, chosen: Choice, choices: tuple[Choice, ...]
    ) -> None:
        """Says what was chosen where this row asks the question `code`."""
        self.say(column, "answered", Level.NOTE, f"按您的选择：{chosen.label}。")
        noted = self.problems[-1]
        noted.choices, noted.question, noted.answer = choices, code, chosen.value

    def leave_out(self) -> None:
        """Staff have said so: nothing of it is written, whatever else is wrong with it."""
        self.outcome = Outcome.SKIP
        self.writes = []
        self.problems = [problem for problem in self.problems if problem.level == Level.NOTE]

    @property
    def over(self) -> bool:
        """Whether nothing more is to be planned of it: rejected, or left out."""
        return self.outcome in (Outcome.REJECT, Outcome.SKIP)

    @property
    def rejected(self) -> bool:
        return self.outcome == _REJECT


def pack(rows: list[SheetRow]) -> bytes:
    """Rows as kept in a PlanChunk: three streams, each had without those after it.

    First the problems, then what is to be written, then the rows as they were read. What thousands
    of rows have in common, the sentences and the names of fields, is kept once.
    """
    streams = (_problems_of(rows), _writes_of(rows), [[r.number, r.outcome, r.cells] for r in rows])
    return b"".join(zlib.compress(orjson.dumps(s, default=_plain), 1) for s in streams)


def _problems_of(rows: list[SheetRow]) -> dict[str, Any]:
    said: list[list[Any]] = []
    places: dict[tuple[Any, ...], int] = {}
    by_row = []
    for row in rows:
        if not row.problems:
            continue
        told = [row.number]
        for problem in row.problems:
            key = (problem.column, problem.code, problem.level, problem.message)
            # A question is its row's own: what may be answered differs.
            place = None if problem.choices else places.get(key)
            if place is None:
                place = len(said)
                said.append(_told(problem))
                if not problem.choices:
                    places[key] = place
            told.append(place)
        by_row.append(told)
    return {"said": said, "rows": by_row}


def _writes_of(rows: list[SheetRow]) -> dict[str, Any]:
    shapes: dict[tuple[str, ...], int] = {}
    writes = [
        [
            row.number,
            write.model,
            shapes.setdefault(tuple(write.values), len(shapes)),
            list(write.values.values()),
            write.pk,
            write.revision,
        ]
        for row in rows
        for write in row.writes
    ]
    return {"rows": len(rows), "shapes": list(shapes), "writes": writes}


def _told(problem: Problem) -> list[Any]:
    told: list[Any] = [problem.column, problem.code, problem.level, problem.message]
    if problem.choices:
        told.append([[c.value, c.label, c.alike] for c in problem.choices])
        if problem.question:
            told += [problem.question, problem.answer]
    return told


def _problem(row: int, told: list[Any]) -> Problem:
    column, code, level, message, *rest = told
    choices = tuple(Choice(*choice) for choice in rest[0]) if rest else ()
    return Problem(row, column, code, level, message, choices, *rest[1:])


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, time) else str(value)


def _streams(payload: bytes | memoryview) -> Iterator[Any]:
    """What each stream holds, unpacked as far as it is asked for."""
    rest = bytes(payload)
    while rest:
        stream = zlib.decompressobj()
        yield orjson.loads(stream.decompress(rest))
        rest = stream.unused_data


def _unpacked_problems(told: dict[str, Any]) -> Iterator[tuple[int, list[Problem]]]:
    said = told["said"]
    for number, *places in told["rows"]:
        yield number, [_problem(number, said[place]) for place in places]


def unpack_problems(payload: bytes | memoryview) -> Iterator[Problem]:
    """The problems of a chunk's rows, in order."""
    for _, problems in _unpacked_problems(next(_streams(payload))):
        yield from problems


def unpack(payload: bytes | memoryview) -> Iterator[SheetRow]:
    """The rows of a chunk. Dates come back as ISO text: the model's fields take them."""
    told, to_write, rows = _streams(payload)
    problems = dict(_unpacked_problems(told))
    writes: dict[int, list[Write]] = {}
    for number, write in _unpacked_writes(to_write):
        writes.setdefault(number, []).append(write)
    for number, outcome, cells in rows:
        yield SheetRow(
            number=number,
            cells=cells,
            outcome=outcome,
            writes=writes.get(number, []),
            problems=problems.get(number, []),
        )


def unpack_writes(payload: bytes | memoryview) -> tuple[int, Iterator[tuple[int, Write]]]:
    """How many rows a chunk has, and what is to be written, each with the number of its row: all
    that carrying out needs.
    """
    streams = _streams(payload)
    next(streams)
    to_write = next(streams)
    return to_write["rows"], _unpacked_writes(to_write)


def _unpacked_writes(to_write: dict[str, Any]) -> Iterator[tuple[int, Write]]:
    shapes = to_write["shapes"]
    for number, model, shape, values, pk, revision in to_write["writes"]:
        yield number, Write(model, dict(zip(shapes[shape], values, strict=True)), pk, revision)


@dataclass
class Plan:
    """A whole sheet's plan; `chunks` are packed rows with their counts."""

    register: str
    sheet: str = ""
    # The code of what the rows go into, where the file itself said so (identity.py).
    target: str = ""
    header_row: int | None = None
    headings: list[dict[str, Any]] = field(default_factory=list)
    fingerprint: str = ""
    file_problems: list[Problem] = field(default_factory=list)
    chunks: list[tuple[dict[str, int], bytes]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    refused: bool = False
    # What the database held when the plan was made: see basis.py.
    basis: str = ""
    # Answers that no row which asked could take: who gave them is told, the rows still ask.
    unfit_answers: dict[str, Problem] = field(default_factory=dict)

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
