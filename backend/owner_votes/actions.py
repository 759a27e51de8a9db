"""Verbs of owners' votes, by name: what buttons, mutations and pages call."""

from typing import Any

from backend.owner_votes import closing
from backend.owner_votes.closing import cancel, count, count_now, publish, recount, withdraw
from backend.owner_votes.opening import open_vote
from backend.owner_votes.registering import enter_room
from backend.owner_votes.voting import cast, cast_of, correct, take_out

__all__ = [
    "VOTE_VERBS",
    "cancel",
    "cast",
    "cast_of",
    "correct",
    "count",
    "count_now",
    "enter_room",
    "open_vote",
    "publish",
    "recount",
    "take_out",
    "withdraw",
]

# The machine's verbs: called with the record, by= and reason=.
VOTE_VERBS: dict[str, Any] = {
    "open": lambda row, *, by, reason: open_vote(row, by=by),
    **closing.VOTE_VERBS,
}
