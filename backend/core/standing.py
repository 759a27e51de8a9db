"""Where a record stands in its machine: the way gone, where it is, what may follow, and the whole.

Pure: from the table of moves, the names of its states and the moves made so far.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from backend.core.workflow import TAKEN_BACK, Machine

Mark = Literal["now", "gone", "next", ""]


class Made(Protocol):
    """A move as it was made: a Transition."""

    move: str
    source: str
    target: str
    reason: str
    occurred_at: datetime


@dataclass(frozen=True)
class Step:
    """A state that the record was in; by which move it came there, when, and who did it."""

    state: str
    label: str
    move: str = ""
    at: datetime | None = None
    who: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Way:
    """A move of the table, and where it leads."""

    move: str
    label: str
    target: str
    target_label: str


@dataclass(frozen=True)
class Place:
    """A state of the table with the moves that start there, as the record stands to it."""

    state: str
    label: str
    mark: Mark
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class Standing:
    """What a record's page draws. `rows`: all states, by how many moves they are from the first."""

    gone: tuple[Step, ...]
    now: Step
    follow: tuple[Way, ...]
    rows: tuple[tuple[Place, ...], ...]
    # Steps before the first of `gone` that are not told.
    earlier: bool = False


def standing(
    machine: Machine,
    names: Mapping[str, str],
    first: str,
    state: str,
    made: Sequence[tuple[Made, str]],
    began_at: datetime | None = None,
    *,
    earlier: bool = False,
    say: Callable[[str], str] = str,
) -> Standing:
    """The record in `state`; `made` are its moves, oldest first, each with who made it. `say` puts
    what a move is called into the reader's language.

    `began_at` is when the record was written, told of its first state unless what was made is older:
    a ledger is entered after the fact.
    """
    steps: list[Step] = []
    if not earlier:
        source = made[0][0].source if made else state
        told = began_at if not made or (began_at and began_at <= made[0][0].occurred_at) else None
        steps.append(Step(source, names.get(source, source), at=told))
    steps += [
        Step(
            one.target,
            names.get(one.target, one.target),
            say(_label(machine, one.move)),
            one.occurred_at,
            who,
            one.reason,
        )
        for one, who in made
    ]
    if not steps or steps[-1].state != state:
        # Brought there by no move that is told: a ledger's row enters as it was.
        steps.append(Step(state, names.get(state, state)))
    been = {step.state for step in steps}
    follow = _ways(machine, names, state, say)
    ahead = {way.target for way in follow}

    def mark(of: str) -> Mark:
        if of == state:
            return "now"
        if of in been:
            return "gone"
        return "next" if of in ahead else ""

    rows = tuple(
        tuple(
            Place(one, names.get(one, one), mark(one), _ways(machine, names, one, say))
            for one in row
        )
        for row in ranks(machine, first, state)
    )
    return Standing(tuple(steps[:-1]), steps[-1], follow, rows, earlier)


def ranks(machine: Machine, first: str, state: str = "") -> list[list[str]]:
    """All states of the table by the fewest moves from `first`; those that none reaches come last."""
    known = [first, *(s for m in machine.moves for s in (*sorted(m.sources), m.target))]
    found = [[first]]
    met = {first}
    while found[-1]:
        row: list[str] = []
        for move in machine.moves:
            if move.target not in met and not move.sources.isdisjoint(found[-1]):
                met.add(move.target)
                row.append(move.target)
        found.append(row)
    rest = list(dict.fromkeys(s for s in (*known, state) if s and s not in met))
    return [row for row in (*found, rest) if row]


def _ways(
    machine: Machine, names: Mapping[str, str], state: str, say: Callable[[str], str]
) -> tuple[Way, ...]:
    return tuple(
        Way(move.name, say(move.label), move.target, names.get(move.target, move.target))
        for move in machine.available(state)
    )


def _label(machine: Machine, name: str) -> str:
    for move in machine.moves:
        if move.name == name:
            return move.label
    if name == TAKEN_BACK:
        return "撤销"
    # History outlives the table.
    return name
