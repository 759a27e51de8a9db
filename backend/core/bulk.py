"""A step for many records at once: what would come of it, doing it, and taking it back.

The verdict on each record is that of the verb itself, for it is the verb that is asked: beforehand
in a transaction that is rolled back, then for good. What was done is one change set a community.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import transaction

from backend.core import gate
from backend.core.access import Actor, may
from backend.core.errors import RuleViolation
from backend.core.many import Policy, carry_out
from backend.core.models import ChangeSet, Kept
from backend.core.undo import Undone, moves_of, undo
from backend.core.workflow import may_be_taken_back

DELETE = "delete"
# Stands in for the reason where nobody has written one yet: which records may move is asked first.
_ANY_REASON = "…"
# Called with the record, by= and reason=.
Verb = Callable[..., Any]


@dataclass(frozen=True)
class Refused:
    """Records that stay for one and the same reason."""

    violation: RuleViolation
    records: tuple[Kept, ...]


@dataclass
class Outcome:
    """What came of a step for many: which records made it, which did not and why, and where it is
    written down.
    """

    done: list[Kept] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    change_sets: list[ChangeSet] = field(default_factory=list)

    @property
    def stayed(self) -> int:
        """How many did not make it."""
        return sum(len(group.records) for group in self.refused)


class _Asked(Exception):
    """Takes back what was only tried."""


def foresee(records: Sequence[Kept], verb: str, do: Verb, *, by: Actor) -> Outcome:
    """What `carry` would do now with the good ones; nothing is written. Raises: too_many."""
    found = Outcome()
    try:
        with transaction.atomic():
            found = carry(records, verb, do, by=by, reason=_ANY_REASON)
            raise _Asked
    except _Asked:
        found.change_sets = []
    return found


def carry(
    records: Sequence[Kept],
    verb: str,
    do: Verb,
    *,
    by: Actor,
    reason: str = "",
    policy: Policy = Policy.GOOD_ONES,
) -> Outcome:
    """Does the step on each record, in the order of their keys. Raises: too_many."""
    rows = sorted(records, key=lambda record: record.pk)
    if not rows:
        return Outcome()
    with ExitStack() as stack:
        stack.enter_context(transaction.atomic())
        places = sorted({row.scope_community_id or 0 for row in rows})
        sets = {
            place: stack.enter_context(
                gate.change_set(
                    f"{verb} {type(rows[0])._meta.label}",
                    by=by,
                    community_id=place or None,
                    reason=reason,
                    kept_empty=False,
                )
            )
            for place in places
        }

        def one(record: Kept) -> Kept:
            with gate.joining(sets[record.scope_community_id or 0]):
                do(record, by=by, reason=reason)
            return record

        told = carry_out(rows, one, policy)
    return Outcome(
        done=[rows[index] for index in sorted(told.made)],
        refused=_grouped((rows[index], why[0]) for index, why in sorted(told.refused.items())),
        # One that nothing was written in is gone.
        change_sets=[made for made in sets.values() if made.pk is not None],
    )


def may_undo(made: ChangeSet, by: Actor) -> bool:
    """Whether a button to take the change set back is offered; `take_back` asks all of it again."""
    if ChangeSet.objects.filter(undo_of=made).exists():
        return False
    moves = moves_of(made)
    labels = set(made.parts.order_by().values_list("model", flat=True).distinct())
    for label in labels | set(moves):
        model: Any = apps.get_model(label)
        steps = [model.machine.move(name) for name in moves.get(label, ())]
        rights = {"edit", *(step.right for step in steps)}
        if not all(may(by, model.action(right), made.community_id) for right in rights):
            return False
        try:
            may_be_taken_back(steps)
        except RuleViolation:
            return False
    return True


def take_back(made: Sequence[ChangeSet], *, by: Actor) -> list[Undone]:
    """Undoes the change sets of a step for many, states too; the last one first, all or none.

    Raises: already_undone; not_allowed; move_stays.
    """
    with transaction.atomic():
        return [undo(one, by=by, moves=True) for one in sorted(made, key=lambda s: -s.pk)]


def _grouped(refused: Iterable[tuple[Kept, RuleViolation]]) -> list[Refused]:
    """By what was said, the largest group first."""
    groups: dict[tuple[str, str], tuple[RuleViolation, list[Kept]]] = {}
    for record, violation in refused:
        key = (violation.code, violation.message)
        groups.setdefault(key, (violation, []))[1].append(record)
    found = [Refused(violation, tuple(rows)) for violation, rows in groups.values()]
    return sorted(found, key=lambda group: -len(group.records))
