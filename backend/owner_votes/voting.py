"""Verbs of ballots: entered one by one, corrected or taken out while the vote is open."""

from datetime import date

from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor
from backend.owner_votes import rules
from backend.owner_votes.finding import head_of
from backend.owner_votes.models import BasisHead, OwnerBallot, OwnerVote


def cast(
    vote: OwnerVote,
    room: str,
    opinion: str,
    *,
    by: Actor,
    paper_number: str = "",
    given_on: date | None = None,
) -> OwnerBallot:
    """The ballot of the owners of a room (3-2-501): it carries all that the same owners have.

    Raises: owner_vote_not_open; room_unknown; room_ambiguous; owner_ballot_taken;
        paper_number_taken; ballot_day_missing; ballot_outside_period; ballot_in_future; not_allowed.
    """
    rules.vote_takes_ballots(vote.status)
    return cast_of(
        head_of(vote, room), opinion, by=by, paper_number=paper_number, given_on=given_on
    )


def cast_of(
    head: BasisHead,
    opinion: str,
    *,
    by: Actor,
    paper_number: str = "",
    given_on: date | None = None,
) -> OwnerBallot:
    """The same, for a head that has been found already."""
    day = rules.day_of_ballot(given_on, head.vote.ends_on, timezone.localdate())
    return gate.save(
        OwnerBallot(
            community_id=head.community_id,
            vote=head.vote,
            head=head,
            opinion=opinion,
            paper_number=paper_number.strip(),
            given_on=day,
        ),
        by=by,
    )


def correct(ballot: OwnerBallot, opinion: str, *, by: Actor, reason: str) -> OwnerBallot:
    """The ballot, as the paper says; what was entered before stays in its history.

    Raises: reason_required; owner_vote_not_open; not_allowed.
    """
    rules.correction_has_a_reason(reason)
    ballot.opinion = opinion
    return gate.save(ballot, by=by, reason=reason)


def take_out(ballot: OwnerBallot, *, by: Actor, reason: str) -> None:
    """Takes out a ballot that was entered by mistake: a correction, so an edit.

    Raises: reason_required; owner_vote_not_open; not_allowed.
    """
    rules.correction_has_a_reason(reason)
    gate.delete_many([ballot], by=by, reason=reason, action="edit")
