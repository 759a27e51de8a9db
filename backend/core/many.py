"""One verb for many items: all or nothing, or the good ones; with what was wrong by index.

The verdicts are those of the verb in a loop, for it is the verb that is asked: one transaction
around all, a savepoint around each. Where a register has a set-based verb, that is tried first.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Generic, TypeVar

from django.db import transaction

from backend.core.errors import ManyViolations, RuleViolation

MOST_AT_ONCE = 100
I = TypeVar("I")  # noqa: E741  an item
T = TypeVar("T")


class Policy(Enum):
    """What happens to the good ones when some are refused."""

    ALL_OR_NOTHING = "all_or_nothing"
    GOOD_ONES = "good_ones"


@dataclass
class Told(Generic[T]):
    """What came of each item, by its index: made, or why not."""

    made: dict[int, T] = field(default_factory=dict)
    refused: dict[int, list[RuleViolation]] = field(default_factory=dict)


class _Nothing(Exception):
    """Takes everything back."""


def within_limit(count: int) -> None:
    """Raises: too_many."""
    if count > MOST_AT_ONCE:
        raise RuleViolation(
            "too_many",
            f"一次最多办理 {MOST_AT_ONCE} 条，这次有 {count} 条。请用筛选缩小范围，或分几次办理。",
            field="items",
        )


def carry_out(
    items: Sequence[I],
    do: Callable[[I], T],
    policy: Policy,
    together: Callable[[Sequence[I]], Sequence[T]] | None = None,
) -> Told[T]:
    """Does something with each item, in order. `together` does it with all at once, or raises what
    is wrong with some: then each is asked by itself.

    Raises: too_many.
    """
    within_limit(len(items))
    if together is not None and items:
        try:
            with transaction.atomic():
                return Told(made=dict(enumerate(together(items))))
        except (RuleViolation, ManyViolations):
            # Said of the set: of which one, and what of the others, only each by itself can tell.
            pass
    told: Told[T] = Told()
    try:
        with transaction.atomic():
            for index, item in enumerate(items):
                try:
                    with transaction.atomic():
                        told.made[index] = do(item)
                except RuleViolation as violation:
                    told.refused[index] = [violation]
                except ManyViolations as refused:
                    told.refused[index] = list(refused.by_index.values())
            if told.refused and policy is Policy.ALL_OR_NOTHING:
                raise _Nothing
    except _Nothing:
        told.made = {}
    return told
