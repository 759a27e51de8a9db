"""Verbs of demands: what is done with one from the first answer until it is closed.

Each step is one entry of the machine, what its rules ask, and what it writes on the demand. The same
steps carry out one demand, a whole set, and a ledger's history with its own dates.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor
from backend.core.asking import asked_by, refusal
from backend.core.errors import ManyViolations, RuleViolation, not_found
from backend.core.models import ChangeSet
from backend.demands import rules
from backend.demands.models import Demand
from backend.demands.rights import (
    OWN_VERBS,
    changes_of,
    is_reporter,
    may_move,
    mover_of,
    staff_of,
)
from backend.demands.steps import STEPS, Doing, ask_another, ask_return, ask_second
from backend.demands.telling import tell_of
from backend.demands.terms import Reckoning
from backend.people.models import Organization

# --- one step, or a set of them ------------------------------------------------------------------


def move(
    demand: Demand,
    verb: str,
    *,
    by: Actor,
    reason: str = "",
    occurred_at: datetime | None = None,
    **told: Any,
) -> Demand:
    """The demand, moved. `told`: organization, original, satisfied, as the verb wants them.

    Raises: wrong_state; reason_required; what the verb's rules raise; not_allowed; not_found.
    """
    vouched = mover_of(_known(demand), by, verb)
    doing = Doing(
        at=occurred_at or timezone.now(),
        person=by.user if by.user is not None and by.user.pk else None,
        reason=reason.strip(),
        by_reporter=verb in OWN_VERBS and is_reporter(demand, by),
        **told,
    )
    try:
        with changes_of(verb, demand, by, reason) as changes:
            moved = carry_out([demand], verb, [doing], by=vouched, within=changes)[0]
            if occurred_at is None:
                # Of what a ledger tells of long ago nobody is told now.
                tell_of(moved, verb)
            return moved
    except ManyViolations as refused:
        raise refused.by_index[0] from None


def carry_out(
    demands: Sequence[Demand],
    verb: str,
    doings: Sequence[Doing],
    *,
    by: Actor,
    within: ChangeSet | None = None,
) -> list[Demand]:
    """The same for a set, each with its own time and words; the actor is vouched for.

    Raises: ManyViolations; not_found.
    """
    step, of = STEPS[verb], {d.pk: doing for d, doing in zip(demands, doings, strict=True)}
    now = timezone.now()

    def guard(fresh: Demand) -> None:
        doing = of[fresh.pk]
        # A later hour of the same moment: clocks are read twice.
        rules.happened_in_order(doing.at, _moments(fresh), max(now, timezone.now()))
        step.ask(fresh, doing)

    moved = gate.move_many(
        demands,
        verb,
        by=by,
        reason=lambda row: of[row.pk].reason,
        occurred_at=lambda row: of[row.pk].at,
        guard=guard,
        within=within,
    )
    for row in moved:
        step.write(row, of[row.pk])
    gate.save_many(moved, by=by, within=within)
    return moved


def _known(demand: Demand) -> Demand:
    """The demand as it stands: rights are asked of what is stored. Raises: not_found."""
    fresh = Demand.objects.select_related("resident").filter(pk=demand.pk).first()
    if fresh is None:
        raise not_found("诉求")
    return fresh


def _moments(demand: Demand) -> tuple[datetime | None, ...]:
    """What has happened to a demand so far; the first answer may be told of later."""
    return (demand.received_at, demand.assigned_at, demand.resolved_at)


# --- verbs that say more than a reason -----------------------------------------------------------


def assign(
    demand: Demand,
    organization: Organization,
    *,
    by: Actor,
    occurred_at: datetime | None = None,
    reason: str = "",
) -> Demand:
    """The demand, assigned to a body, whose contacts see it from now on.

    Raises: handler_missing; handler_ended; wrong_state; not_allowed; not_found.
    """
    if organization is not None and organization.community_id != demand.community_id:
        raise not_found("单位")
    return move(
        demand, "assign", by=by, reason=reason, occurred_at=occurred_at, organization=organization
    )


def confirm(
    demand: Demand,
    *,
    by: Actor,
    satisfied: bool | None = None,
    occurred_at: datetime | None = None,
    reason: str = "",
) -> Demand:
    """The demand, confirmed as solved: by its reporter, or by staff other than who solved it.

    Raises: confirmer_is_handler; wrong_state; not_allowed; not_found.
    """
    return move(
        demand, "confirm", by=by, reason=reason, occurred_at=occurred_at, satisfied=satisfied
    )


def mark_duplicate(
    demand: Demand,
    original: Demand | None,
    *,
    by: Actor,
    reason: str,
    occurred_at: datetime | None = None,
) -> Demand:
    """The demand, left out of all counts: it says what the original says already.

    Raises: second_person_needed; original_missing; original_is_itself; original_unfit;
        demand_is_original; wrong_state; reason_required; not_allowed; not_found.
    """
    known = _known(demand)
    if original is not None:
        if original.community_id != known.community_id:
            raise not_found("原诉求")
        if not by.system and not Demand.objects.visible_to(by.user).filter(pk=original.pk).exists():
            raise not_found("原诉求")
    with changes_of("mark_duplicate", demand, by, reason):
        if original is not None:
            # Both locked in the order of their keys: neither becomes a duplicate meanwhile.
            for pk in sorted({demand.pk, original.pk}):
                held = gate.hold(Demand(pk=pk))
                original = held if pk == original.pk else original
        return move(
            demand,
            "mark_duplicate",
            by=by,
            reason=reason,
            occurred_at=occurred_at,
            original=original,
        )


def respond(demand: Demand, text: str, *, by: Actor, occurred_at: datetime | None = None) -> Demand:
    """The demand, whose reporter has had a first answer: a clock of its own, no state.

    Raises: answer_missing; already_answered; demand_not_open; occurred_in_future;
        occurred_out_of_order; not_allowed; not_found.
    """
    vouched = mover_of(_known(demand), by, "resolve")
    rules.answer_is_written(text)
    at = occurred_at or timezone.now()
    with changes_of("respond", demand, by) as changes:
        fresh = gate.hold(demand)
        rules.may_be_answered(fresh.status)
        rules.is_unanswered(fresh.first_response_at)
        rules.happened_in_order(at, [fresh.received_at], timezone.now())
        fresh.first_response_at, fresh.response = at, text.strip()
        return gate.save(fresh, by=vouched, within=changes)


def extend(demand: Demand, days: int, *, by: Actor, reason: str) -> Demand:
    """The demand, due some working days later: once, and with a reason.

    Raises: demand_not_open; already_extended; extension_too_long; reason_required; not_allowed;
        not_found.
    """
    vouched = staff_of(_known(demand), by)
    if not reason.strip():
        raise RuleViolation("reason_required", "延期需要写明原因。", field="reason")
    with changes_of("extend", demand, by, reason) as changes:
        fresh = gate.hold(demand)
        known = Reckoning(fresh.community_id)
        rules.may_be_extended(fresh.status, fresh.extended_days, days, known.terms)
        fresh.extended_days, fresh.reckoning = days, known
        return gate.save(fresh, by=vouched, within=changes)


# --- what buttons ask before they are shown ------------------------------------------------------


def why_demand_cannot(demand: Demand, verb: str, by: Actor) -> str | None:
    """What a rule has against a move that the diagram allows; None for nothing."""
    person = by.user if by.user is not None and by.user.pk else None
    doing = Doing(
        at=timezone.now(),
        person=person,
        by_reporter=verb in OWN_VERBS and is_reporter(demand, by),
    )
    asks: dict[str, Callable[[Demand, Doing], None]] = {
        "give_back": ask_return,
        "confirm": ask_another,
        "mark_duplicate": ask_second,
        "mark_invalid": ask_second,
    }
    return refusal(lambda: asks[verb](demand, doing)) if verb in asks else None


asked_by(Demand, why_demand_cannot)


def moves_of(demand: Demand, by: Actor) -> list[str]:
    """The moves that the diagram and the actor's roles allow, by name."""
    machine = Demand.machine
    assert machine is not None
    found = machine.available(demand.status)
    return [step.name for step in found if may_move(demand, by, step.name)]


def _plain(verb: str) -> Any:
    return lambda row, *, by, reason: move(row, verb, by=by, reason=reason)


# The machine's verbs that want nothing but a reason: what buttons and mutations call. Assigning and
# marking as a duplicate have pages of their own: they name a body, an original.
DEMAND_VERBS: dict[str, Any] = {
    verb: _plain(verb) for verb in STEPS if verb not in ("assign", "mark_duplicate", "void")
}
