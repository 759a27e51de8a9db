"""Who may do something to a demand: staff of its place, whoever handles it, or its reporter."""

from typing import Any

from backend.core import gate
from backend.core.access import Actor, may_within, scope_of
from backend.core.errors import not_allowed
from backend.core.gate_rights import all_own
from backend.demands.models import Demand
from backend.demands.states import DEMAND_MACHINE


def is_reporter(demand: Demand, by: Actor) -> bool:
    """Whether the actor has brought the demand forward."""
    if by.user is None:
        return False
    if demand.account_id is not None and demand.account_id == by.user.pk:
        return True
    person = demand.resident
    return person is not None and person.user_id is not None and person.user_id == by.user.pk


def may_as_staff(demand: Demand, by: Actor, verb: str) -> bool:
    """Whether the actor may do this as staff: in the community, or in the demand's estate."""
    where = scope_of(by, Demand.action(verb))
    return where.covers(demand.community_id) or (
        demand.estate_id is not None and demand.estate_id in where.estates
    )


def knows_reporter(demand: Demand, by: Actor) -> bool:
    """Whether the actor may know, masked or not, who brought it forward."""
    staff = may_as_staff(demand, by, "see")
    return staff or not demand.reporter_hidden or is_reporter(demand, by)


def may_move(demand: Demand, by: Actor, verb: str) -> bool:
    """Whether the actor's roles allow a move of the machine on this demand."""
    right = DEMAND_MACHINE.move(verb).right
    if may_as_staff(demand, by, right) or all_own(Demand, [demand], by, right):
        return True
    return verb in OWN_VERBS and may_as_reporter(demand, by)


def may_as_reporter(demand: Demand, by: Actor) -> bool:
    """Whether the actor may say yes or no to what was done about the own demand."""
    allowed = may_within(by, "demands.bring", demand.community_id)
    return allowed and is_reporter(demand, by)


def staff_of(demand: Demand, by: Actor, verb: str = "move") -> Actor:
    """The actor, who may do this to others' demands. Raises: not_allowed."""
    if not may_as_staff(demand, by, verb):
        raise not_allowed()
    return by.vouched_for()


def mover_of(demand: Demand, by: Actor, verb: str) -> Actor:
    """The actor, who may make this move. Raises: not_allowed."""
    if not may_move(demand, by, verb):
        raise not_allowed()
    return by.vouched_for()


def changes_of(verb: str, demand: Demand, by: Actor, reason: str = "") -> Any:
    """The change set of a verb on a demand."""
    return gate.change_set(
        f"{verb} {Demand._meta.label}", by=by, community_id=demand.community_id, reason=reason
    )


# What the reporter may do: say whether it is solved.
OWN_VERBS = ("confirm", "reopen")
