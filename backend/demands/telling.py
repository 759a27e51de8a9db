"""Who is told of a demand: its handler of the work, its reporter of the answer.

In the transaction of what it tells of, and after it: nothing is said before it has happened.
"""

from typing import Any

from django.utils import timezone

from backend.demands.choices import DemandKind
from backend.demands.models import Demand
from backend.messaging.actions import Recipient, tell
from backend.people.queries import accounts_of_bodies

_TO_REPORTER = {
    "register": "demand_registered",
    "resolve": "demand_resolved",
    "resolve_on_the_spot": "demand_resolved",
    "explain_unresolvable": "demand_explained",
}


def tell_of(demand: Demand, verb: str) -> int:
    """Tells whoever should hear of a step; answers how many were told now."""
    template = _TO_REPORTER.get(verb)
    if verb == "assign" and demand.assigned_to_id is not None:
        whom = [Recipient(user=user) for user in accounts_of_bodies([demand.assigned_to_id])]
        return _tell(demand, "demand_assigned", whom, f"assigned {demand.assigned_at:%Y%m%d%H%M%S}")
    if template is None or (demand.account_id is None and demand.resident_id is None):
        return 0
    whom = [Recipient(user=demand.account, resident=demand.resident)]
    return _tell(demand, template, whom, f"{verb} {demand.revision}")


def _tell(demand: Demand, template: str, whom: list[Any], occasion: str) -> int:
    if not whom:
        return 0
    about = demand.category if demand.category is not None else DemandKind(demand.kind).label
    clocks = {"due": demand.due_at, "respond_by": demand.respond_by}
    said = {
        name: f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at is not None else "近期"
        for name, at in clocks.items()
    }
    return tell(
        whom,
        template,
        {"code": demand.code, "about": str(about)} | said,
        community=demand.community,
        once_key=f"demand {demand.pk} {occasion}",
        about=demand,
    )
