"""看板: a register's records by the state they are in, for registers whose records are worked on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db.models import BooleanField, Case, Count, Q, QuerySet, Value, When
from django.utils import timezone

from backend.core.desk.together import NO_TEXT, first_rows, in_one, no_day, text, word
from backend.core.desk.waiting import may_do, tone_of
from backend.core.models import Kept
from backend.core.workflow import Move

# A column shows so many cards; the list has them all.
MOST_CARDS = 20
# Where nobody waits for anything, the newest few are enough.
MOST_QUIET = 5
# Nobody counts further to know that there are many.
MOST_COUNTED = 500


class Page(NamedTuple):
    """A step's own page instead of a question: its address, and the attribute that it asks for."""

    address: str
    key: str = "pk"


@dataclass(frozen=True)
class Board:
    """What a card tells. All are columns or expressions; names in them are masked."""

    title: Any
    # Who answers for it, or what it is about.
    about: Any = NO_TEXT
    # The last day for it; it counts in the states `due_in`, which also order by it.
    due: Any = None
    due_in: tuple[str, ...] = ()
    # States in which nothing waits, beside those from which no move leads.
    quiet: tuple[str, ...] = ()
    # States that are no column: nobody works on what is in them.
    without: tuple[str, ...] = ()
    # Moves that have a page of their own.
    pages: Mapping[str, Page] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """A move of one card that its reader may make."""

    move: Move
    page: Page | None = None


@dataclass
class Card:
    """One record on the board."""

    record: Any
    title: str
    about: str
    due: date | None
    tone: str
    steps: list[Step] = field(default_factory=list)


@dataclass
class Column:
    """One state: how many are in it, and the first of them."""

    state: str
    label: str
    count: int = 0
    cards: list[Card] = field(default_factory=list)
    # Whether nothing in it waits for anybody.
    quiet: bool = False

    @property
    def many(self) -> bool:
        """Whether there are more than were counted."""
        return self.count > MOST_COUNTED

    @property
    def further(self) -> int:
        """How many are not shown."""
        return max(self.count - len(self.cards), 0)


# Whether a move of a record is offered, beside the table and the right.
Offered = Callable[[Any, Move], bool]


def columns(
    board: Board,
    model: type[Kept],
    rows: QuerySet[Any],
    user: Any,
    *,
    verbs: Mapping[str, Any],
    offered: Offered,
) -> list[Column]:
    """The board of `rows`, state by state in the order of the field's choices: three statements."""
    machine = model.machine
    assert machine is not None
    choices: Any = model._meta.get_field(machine.field)
    found = {
        str(state): Column(
            str(state), str(label), quiet=state in board.quiet or not machine.available(state)
        )
        for state, label in choices.flatchoices
        if state not in board.without
    }
    _count(found, machine.field, rows)
    today = timezone.localdate()
    steps = {
        state: [
            Step(move, board.pages.get(move.name))
            for move in machine.available(state)
            if move.name in verbs or move.name in board.pages
        ]
        for state in found
    }
    rights = sorted({step.move.right for some in steps.values() for step in some})
    for record in _records(board, model, _keys(board, found, machine.field, rows), user, rights):
        state = str(getattr(record, machine.field))
        due = record.board_due if state in board.due_in else None
        card = Card(record, record.board_title or "", record.board_about or "", due, "")
        card.tone = tone_of(due, today)
        card.steps = [
            step
            for step in steps[state]
            if getattr(record, f"board_may_{step.move.right}")
            and (step.page is not None or offered(record, step.move))
        ]
        found[state].cards.append(card)
    for column in found.values():
        column.cards.sort(key=lambda card: (card.due or date.max, -card.record.pk))
    return list(found.values())


def _count(found: dict[str, Column], name: str, rows: QuerySet[Any]) -> None:
    parts = [
        first_rows(rows.filter(**{name: state}), [], MOST_COUNTED + 1)
        .values(board_state=word(state))
        .annotate(board_count=Count("pk"))
        .values_list("board_state", "board_count")
        for state in found
    ]
    for state, count in in_one(parts):
        found[state].count = count


def _keys(board: Board, found: dict[str, Column], name: str, rows: QuerySet[Any]) -> list[int]:
    """The cards' keys: the most urgent first, else the newest."""
    parts = []
    for state, column in found.items():
        some = rows.filter(**{name: state})
        order: Sequence[str] = ["-pk"]
        if state in board.due_in:
            some, order = some.alias(board_due=board.due), ["board_due"]
        most = MOST_QUIET if column.quiet else MOST_CARDS
        parts.append(first_rows(some, order, most).values_list("pk"))
    return [pk for (pk,) in in_one(parts)]


def _records(
    board: Board, model: type[Kept], keys: list[int], user: Any, rights: Sequence[str]
) -> QuerySet[Any]:
    manager: Any = model._default_manager
    rows: QuerySet[Any] = manager.filter(pk__in=keys).select_related("community")
    return rows.annotate(
        board_title=text(board.title),
        board_about=text(board.about),
        board_due=board.due if board.due is not None else no_day(),
        **{f"board_may_{right}": _yes(may_do(model, user, right)) for right in rights},
    )


def _yes(rows: Q) -> Case:
    return Case(When(rows, then=Value(True)), default=Value(False), output_field=BooleanField())
