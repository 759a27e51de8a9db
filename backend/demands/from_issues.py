"""A demand that an incipient issue becomes: registered from what the issue says, in the same act."""

from typing import Any

from backend.core.access import Actor
from backend.demands.actions import register_demand
from backend.demands.choices import Channel
from backend.demands.models import Demand
from backend.partners.choices import Escalation
from backend.partners.escalation import begun_by
from backend.partners.models import IncipientIssue


@begun_by(Escalation.DEMAND)
def demand_of(issue: IncipientIssue, by: Actor) -> str:
    """The number of the demand. Whoever passes the issue on must be one who registers demands.

    Raises: not_allowed; what `register_demand` raises.
    """
    post = issue.post
    demand = Demand(
        community_id=issue.community_id,
        content=issue.description,
        channel=Channel.PATROL,
        estate=post.estate if post is not None else None,
        address=issue.place or (post.place if post is not None else ""),
    )
    return str(register_demand(demand, by=by).code)


def issue_of(demand: Demand, user: Any) -> IncipientIssue | None:
    """The issue that was passed on to this demand, if there is one that the user may see."""
    rows: Any = IncipientIssue.objects
    found: IncipientIssue | None = (
        rows.visible_to(user)
        .filter(
            community=demand.community_id,
            escalated_to=Escalation.DEMAND,
            escalated_code=demand.code,
        )
        .first()
    )
    return found
