"""Histories of demands: the same verbs in order, each at its own time, a whole set at once.

`occurred_at` is when it happened, `recorded_at` now; nobody is told of what is long past.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Self

from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor, require
from backend.core.errors import ManyViolations
from backend.core.models import ChangeSet
from backend.demands import handling, rules
from backend.demands.actions import register_many
from backend.demands.models import Demand
from backend.demands.steps import Doing
from backend.people.models import Organization

# No move of the machine: the first answer has a clock of its own.
RESPOND = "respond"


@dataclass
class Step:
    """One step of a history: a verb, when, and what was said."""

    verb: str
    at: datetime
    reason: str = ""
    organization: int | None = None
    satisfied: bool | None = None
    # The account that did it, where one is known.
    person: Any = None


@dataclass
class Told:
    """What a history says of one demand: a new one by its values, or one that is known."""

    steps: list[Step]
    values: dict[str, Any] = field(default_factory=dict)
    demand: int | None = None

    def as_values(self) -> dict[str, Any]:
        """For the plan that is kept."""
        steps = [asdict(step) | {"at": step.at.isoformat()} for step in self.steps]
        values = dict(self.values)
        if values:
            values["received_at"] = values["received_at"].isoformat()
        return {"steps": steps, "values": values, "demand": self.demand}

    @classmethod
    def of_values(cls, kept: dict[str, Any]) -> Self:
        """As kept."""
        steps = [
            Step(**(step | {"at": datetime.fromisoformat(step["at"])})) for step in kept["steps"]
        ]
        values = dict(kept["values"])
        if values:
            values["received_at"] = datetime.fromisoformat(values["received_at"])
        return cls(steps, values, kept["demand"])


def replay_many(
    tolds: Sequence[Told], *, community_id: int, by: Actor, within: ChangeSet
) -> list[Demand]:
    """The demands as a ledger tells them, all or none; who may enter it vouches for it.

    Raises: ManyViolations by position; not_allowed.
    """
    require(by, "demands.edit", community_id)
    vouched = by.vouched_for()
    known = Demand.objects.filter(pk__among=frozenset(t.demand for t in tolds) - {None})
    by_key = {demand.pk: demand for demand in known}
    new = {
        at: Demand(community_id=community_id, from_ledger=True, **told.values)
        for at, told in enumerate(tolds)
        if told.demand is None
    }
    with _at(list(new)):
        register_many(list(new.values()), by=vouched, within=within)
    demands = [new[at] if at in new else by_key[told.demand] for at, told in enumerate(tolds)]  # type: ignore[index]
    return carry_through(demands, [told.steps for told in tolds], by=vouched, within=within)


def carry_through(
    demands: Sequence[Demand],
    histories: Sequence[Sequence[Step]],
    *,
    by: Actor,
    within: ChangeSet,
) -> list[Demand]:
    """Takes each demand through its steps; those of all demands that are alike in one go.

    Raises: ManyViolations by position.
    """
    found = list(demands)
    bodies = Organization.objects.in_bulk(
        {step.organization for steps in histories for step in steps} - {None}
    )
    for turn in range(max((len(steps) for steps in histories), default=0)):
        alike: dict[str, list[int]] = defaultdict(list)
        for at, steps in enumerate(histories):
            if turn < len(steps):
                alike[steps[turn].verb].append(at)
        for verb, positions in alike.items():
            steps = [histories[at][turn] for at in positions]
            rows = [found[at] for at in positions]
            with _at(positions):
                moved = (
                    _answer(rows, steps, by, within)
                    if verb == RESPOND
                    else handling.carry_out(
                        rows, verb, [_doing(s, bodies) for s in steps], by=by, within=within
                    )
                )
            for at, row in zip(positions, moved, strict=True):
                found[at] = row
    return found


def _doing(step: Step, bodies: dict[Any, Organization]) -> Doing:
    return Doing(
        at=step.at,
        person=step.person,
        reason=step.reason,
        organization=bodies.get(step.organization),
        satisfied=step.satisfied,
    )


def _answer(
    demands: list[Demand], steps: Sequence[Step], by: Actor, within: ChangeSet
) -> list[Demand]:
    for demand, step in zip(demands, steps, strict=True):
        rules.may_be_answered(demand.status)
        rules.is_unanswered(demand.first_response_at)
        rules.happened_in_order(step.at, [demand.received_at], timezone.now())
        demand.first_response_at, demand.response = step.at, step.reason
    gate.save_many(demands, by=by, within=within)
    return demands


@contextmanager
def _at(positions: Sequence[int]) -> Iterator[None]:
    """Says of what is refused which of the whole set it was."""
    try:
        yield
    except ManyViolations as refused:
        raise ManyViolations({positions[at]: why for at, why in refused.by_index.items()}) from None
