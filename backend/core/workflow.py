"""States and moves: one from/to table a machine.

The table is the truth: the gate, the buttons, `availableActions` and the diagram in the docs are
made from it. django-fsm-2 was tried first; docs/decisions/0002-states.md says why not.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from backend.core.errors import RuleViolation
from backend.core.words import in_chinese

# How the log of moves calls a move that was taken back.
TAKEN_BACK = "undo"


@dataclass(frozen=True)
class Move:
    """One verb: from any of `sources` to `target`."""

    name: str
    # Chinese; pages in another language translate it.
    label: str
    sources: frozenset[str]
    target: str
    needs_reason: bool = False
    colour: str = "primary"
    # The verb of the table of rights that it needs: "move", or one of its own ("hear").
    right: str = "move"
    # Whether it can simply be taken back: nobody was told, no number given, nothing came of it.
    undoable: bool = False
    # Whether nobody is offered it: only the system makes it, when something else is taken back.
    silent: bool = False
    # What the reason is, in Chinese, where it tells what was done and not why.
    asks: str = "原因"


@dataclass(frozen=True)
class Machine:
    """The moves of one state field."""

    field: str
    moves: tuple[Move, ...]

    def move(self, name: str) -> Move:
        """The move of that name. Raises KeyError."""
        for move in self.moves:
            if move.name == name:
                return move
        raise KeyError(name)

    def available(self, state: str) -> list[Move]:
        """The moves that the table allows somebody to make from `state`."""
        return [move for move in self.moves if state in move.sources and not move.silent]

    def require(self, name: str, state: str, labels: dict[str, str]) -> Move:
        """The move, if it may start from `state`. Raises: wrong_state."""
        move = self.move(name)
        if state not in move.sources:
            allowed = "、".join(m.label for m in self.available(state)) or "无"
            raise RuleViolation(
                "wrong_state",
                f"当前状态是“{labels.get(state, state)}”，不能{move.label}。现在可以做的：{allowed}。",
            )
        return move

    def diagram(self) -> str:
        """The machine as a Mermaid state diagram."""
        lines = ["stateDiagram-v2"]
        lines += [
            f"    {source} --> {move.target}: {move.name}"
            for move in self.moves
            for source in sorted(move.sources)
        ]
        return "\n".join(lines)


def from_any(*states: str) -> frozenset[str]:
    """A readable frozenset for the table."""
    return frozenset(states)


def needs_reason(move: Move, reason: str) -> None:
    """Raises: reason_required if the move wants a reason and none is given."""
    if move.needs_reason and not reason.strip():
        raise RuleViolation("reason_required", f"{move.label}需要写明{move.asks}。", field="reason")


def may_be_taken_back(moves: Iterable[Move]) -> None:
    """Raises: move_stays if one of the moves has gone further than this house."""
    for move in moves:
        if not move.undoable:
            raise RuleViolation(
                "move_stays",
                f"“{move.label}”不能撤销：可能已经通知了人，或者别的记录已经跟着改了。"
                "需要更正的，请打开记录办下一步。",
            )


def labels(choices: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Value to label, from Django choices."""
    return {str(value): in_chinese(label) for value, label in choices}
