"""The steps of a demand: what each move's rules ask, and what the move writes beside the state."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from backend.demands import rules
from backend.demands.models import Demand
from backend.demands.terms import Reckoning
from backend.people.models import Organization


@dataclass
class Doing:
    """What is said with a step."""

    at: datetime
    # Who does it; None for a program, and where a ledger does not say.
    person: Any = None
    reason: str = ""
    organization: Organization | None = None
    original: Demand | None = None
    satisfied: bool | None = None
    # The reporter's own word, which needs nobody beside it.
    by_reporter: bool = False
    # Of communities, read once.
    reckonings: dict[int, Reckoning] = field(default_factory=dict)

    def reckoning(self, demand: Demand) -> Reckoning:
        """The deadlines of the demand's community."""
        key = demand.community_id
        if key not in self.reckonings:
            self.reckonings[key] = Reckoning(key)
        return self.reckonings[key]


@dataclass(frozen=True)
class Step:
    """What a move's rules ask of a demand, and what the move writes on it."""

    ask: Callable[[Demand, Doing], None]
    write: Callable[[Demand, Doing], None]


def _nothing(demand: Demand, doing: Doing) -> None:
    """Asks or writes nothing."""


def _ask_handler(demand: Demand, doing: Doing) -> None:
    body = doing.organization
    today = timezone.localdate(doing.at)
    active = body is not None and (
        (body.active_from is None or body.active_from <= today)
        and (body.active_until is None or body.active_until >= today)
    )
    rules.handler_is_there(body.pk if body is not None else None, active)


def _write_handler(demand: Demand, doing: Doing) -> None:
    demand.assigned_to, demand.assigned_at = doing.organization, doing.at


def ask_return(demand: Demand, doing: Doing) -> None:
    known = doing.reckoning(demand)
    since = demand.assigned_at
    local = timezone.localtime(since) if since is not None else None
    rules.may_be_given_back(local, timezone.localtime(doing.at), known.terms, known.said)


def _write_return(demand: Demand, doing: Doing) -> None:
    demand.assigned_to = demand.assigned_at = None


def _write_result(demand: Demand, doing: Doing) -> None:
    demand.result, demand.resolved_at = doing.reason[:500], doing.at
    demand.resolved_by = doing.person
    _answered(demand, doing)


def _write_explained(demand: Demand, doing: Doing) -> None:
    demand.result = doing.reason[:500]
    _answered(demand, doing)


def _answered(demand: Demand, doing: Doing) -> None:
    """Whoever solves or explains answers by it, if nobody has before."""
    if demand.first_response_at is None:
        demand.first_response_at, demand.response = doing.at, doing.reason[:500]


def ask_another(demand: Demand, doing: Doing) -> None:
    if not doing.by_reporter:
        person = doing.person
        rules.another_person_confirms(demand.resolved_by_id, person.pk if person else None)


def _write_word(demand: Demand, doing: Doing) -> None:
    if doing.satisfied is not None:
        demand.satisfied = doing.satisfied


def _write_again(demand: Demand, doing: Doing) -> None:
    """What was said of its end is taken back, and stays in its history."""
    demand.result, demand.resolved_at, demand.resolved_by = "", None, None
    demand.satisfied = None


def _write_closed(demand: Demand, doing: Doing) -> None:
    demand.closed_at = doing.at


def ask_second(demand: Demand, doing: Doing) -> None:
    person = doing.person
    rules.another_person_rejects(demand.registered_by_id, person.pk if person else None)


def _ask_original(demand: Demand, doing: Doing) -> None:
    ask_second(demand, doing)
    original = doing.original
    rules.points_at_an_original(
        demand.pk,
        original.pk if original is not None else None,
        original.status if original is not None else "",
        Demand.objects.filter(duplicate_of=demand.pk).count(),
    )


def _write_original(demand: Demand, doing: Doing) -> None:
    demand.duplicate_of = doing.original
    demand.closed_at = doing.at


STEPS: dict[str, Step] = {
    "resolve_on_the_spot": Step(_nothing, _write_result),
    "assign": Step(_ask_handler, _write_handler),
    "take_up": Step(_nothing, _nothing),
    "give_back": Step(ask_return, _write_return),
    "resolve": Step(_nothing, _write_result),
    "confirm": Step(ask_another, _write_word),
    "reopen": Step(_nothing, _write_again),
    "explain_unresolvable": Step(_nothing, _write_explained),
    "close": Step(_nothing, _write_closed),
    "mark_duplicate": Step(_ask_original, _write_original),
    "mark_invalid": Step(ask_second, _write_closed),
    "void": Step(_nothing, _write_closed),
}
