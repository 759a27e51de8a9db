"""Verbs at the end of a vote: counted, taken back, published, called off."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor
from backend.core.asking import asked_by, refusal
from backend.owner_votes import rules
from backend.owner_votes.choices import Opinion, VoteOutcome
from backend.owner_votes.counting import CountedRoom, OwnerCount, count_owners
from backend.owner_votes.holding import holding
from backend.owner_votes.models import BasisRoom, OwnerBallot, OwnerVote


def count_now(vote: OwnerVote) -> OwnerCount:
    """The count of the ballots that are in, by the basis and the thresholds of the vote."""
    rooms = BasisRoom.objects.filter(vote=vote).order_by()
    register = [
        CountedRoom(pk, size, frozenset(int(owner) for owner in owners.split(",")))
        for pk, size, owners in rooms.values_list("pk", "size", "head__owners")
    ]
    ballots = OwnerBallot.objects.filter(vote=vote).order_by()
    said = {
        frozenset(int(owner) for owner in owners.split(",")): opinion
        for owners, opinion in ballots.values_list("head__owners", "opinion")
    }
    return count_owners(vote.needed, register, said)


def count(vote: OwnerVote, *, by: Actor) -> OwnerVote:
    """The vote, closed and counted: no ballot comes in any more.

    Raises: wrong_state; owner_vote_still_runs; not_allowed.
    """
    # Locked before the ballots are read: one that comes now waits, and then comes too late.
    with holding(vote, "count", by=by) as (fresh, changes):
        found = count_now(fresh)
        _may_be_counted(fresh, found)
        _write(fresh, found)
        fresh.outcome = VoteOutcome.CARRIED if found.carried else VoteOutcome.NOT_CARRIED
        fresh.counted_at = timezone.now()
        saved = gate.save(fresh, by=by.vouched_for(), within=changes)
        return gate.move(saved, "count", by=by, within=changes)


def recount(vote: OwnerVote, *, by: Actor, reason: str) -> OwnerVote:
    """The vote, open again, its result taken back. Raises: wrong_state; reason_required; not_allowed."""
    with holding(vote, "recount", by=by, reason=reason) as (fresh, changes):
        moved = gate.move(fresh, "recount", by=by, reason=reason, within=changes)
        _write(moved, OwnerCount(moved.needed, 0, 0))
        moved.outcome, moved.counted_at = "", None
        return gate.save(moved, by=by.vouched_for(), within=changes)


def publish(vote: OwnerVote, *, by: Actor) -> OwnerVote:
    """The result, for everybody to read. Raises: wrong_state; text_has_personal_data; not_allowed."""

    def guard(fresh: OwnerVote) -> None:
        # Somebody may have come to the roster since whose name stands in it.
        fresh.invariants(OwnerVote.gather([fresh]))

    return gate.move(vote, "publish", by=by, guard=guard)


def withdraw(vote: OwnerVote, *, by: Actor, reason: str) -> OwnerVote:
    """The result, taken down. Raises: wrong_state; reason_required; not_allowed."""
    return gate.move(vote, "withdraw", by=by, reason=reason)


def cancel(vote: OwnerVote, *, by: Actor, reason: str) -> OwnerVote:
    """The vote, called off. Raises: wrong_state; reason_required; not_allowed."""
    return gate.move(vote, "cancel", by=by, reason=reason)


def _write(vote: OwnerVote, found: OwnerCount) -> None:
    for opinion in Opinion.values:
        setattr(vote, f"area_{opinion}", found.areas.get(opinion, 0))
        setattr(vote, f"heads_{opinion}", found.heads.get(opinion, 0))
    vote.area_taking, vote.heads_taking = found.area_taking, found.heads_taking


VOTE_VERBS: dict[str, Any] = {
    "count": lambda row, *, by, reason: count(row, by=by),
    "recount": lambda row, *, by, reason: recount(row, by=by, reason=reason),
    "publish": lambda row, *, by, reason: publish(row, by=by),
    "withdraw": lambda row, *, by, reason: withdraw(row, by=by, reason=reason),
    "cancel": lambda row, *, by, reason: cancel(row, by=by, reason=reason),
}


def why_vote_cannot(vote: OwnerVote, verb: str) -> str | None:
    """What a rule has against a move that the diagram allows; None for nothing."""
    asks: dict[str, Callable[[], None]] = {
        "open": lambda: rules.may_open(vote.ends_on, timezone.localdate()),
        "count": lambda: _may_be_counted(vote, count_now(vote)),
    }
    return refusal(asks[verb]) if verb in asks else None


asked_by(OwnerVote, lambda row, verb, by: why_vote_cannot(row, verb))


def _may_be_counted(vote: OwnerVote, found: OwnerCount) -> None:
    outstanding = found.heads_all - found.heads_taking
    rules.may_be_counted(vote.ends_on, timezone.localdate(), outstanding)
