"""The way a verb of a vote begins: its row is locked, then the right and the state are asked."""

from collections.abc import Iterator
from contextlib import contextmanager

from backend.core import gate
from backend.core.access import Actor
from backend.core.gate_rights import require_rows
from backend.core.models import ChangeSet
from backend.core.workflow import labels, needs_reason
from backend.owner_votes.models import OwnerVote
from backend.owner_votes.states import OWNER_VOTE_MACHINE


@contextmanager
def holding(
    vote: OwnerVote, verb: str, *, by: Actor, reason: str = ""
) -> Iterator[tuple[OwnerVote, ChangeSet]]:
    """The vote as it now stands, locked until the end, and one change set for all that is done.

    Raises: not_allowed; wrong_state; reason_required.
    """
    name = f"{verb} {OwnerVote._meta.label}"
    with gate.change_set(name, by=by, community_id=vote.community_id, reason=reason) as changes:
        fresh = gate.hold(vote)
        step = OWNER_VOTE_MACHINE.move(verb)
        require_rows(OwnerVote, [fresh], by, step.right)
        names = labels(OwnerVote._meta.get_field("status").flatchoices)
        needs_reason(OWNER_VOTE_MACHINE.require(verb, fresh.status, names), reason)
        yield fresh, changes
