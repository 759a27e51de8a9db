"""Verbs of voting: a motion is called, votes are given, counted, or the vote is void."""

from collections.abc import Mapping
from datetime import datetime

from backend.core import gate
from backend.core.access import Actor
from backend.meetings import rules
from backend.meetings.choices import Choice, ItemStatus, Outcome, VoteMethod
from backend.meetings.holding import holding, moment
from backend.meetings.models import AgendaItem, Ballot, Vote
from backend.meetings.presence import room_of
from backend.meetings.quorum import require_quorum
from backend.meetings.tallies import is_carried, somebody_voted
from backend.meetings.terms import VoteTerms, settings_of


def terms_for(
    community_id: int, method: str = "", majority: str = "", denominator: str = ""
) -> VoteTerms:
    """How a motion is voted on: as said, else as the community's settings say."""
    usual = settings_of(community_id)
    return VoteTerms(
        majority=majority or usual.majority,
        denominator=denominator or usual.denominator,
        method=method or usual.method,
    )


def call_vote(
    item: AgendaItem,
    motion: str,
    *,
    by: Actor,
    method: str = "",
    majority: str = "",
    denominator: str = "",
    occurred_at: datetime | None = None,
) -> Vote:
    """A motion, put to the vote: its rule, its denominator and who may vote are fixed from now on.

    Raises: meeting_not_in_session; item_not_active; inquorate; vote_still_open.
    """
    with holding(item.meeting, "call a vote", by=by) as (meeting, changes):
        rules.meeting_is_in_session(meeting.status)
        fresh = gate.hold(item)
        rules.item_can_be_voted_on(fresh.status == ItemStatus.ACTIVE)
        at = moment(occurred_at, meeting.opened_at)
        room = room_of(meeting, at)
        require_quorum(room.quorum)
        terms = terms_for(meeting.community_id, method, majority, denominator)
        vote = gate.save(
            Vote(
                community_id=meeting.community_id,
                item=fresh,
                motion=motion,
                method=terms.method,
                majority=terms.majority,
                denominator=terms.denominator,
                seats_present=len(room.here),
                seats_all=len(room.roll),
                called_at=at,
            ),
            by=by,
            within=changes,
        )
        ballots = [Ballot(vote=vote, seat_id=seat) for seat in sorted(room.here)]
        gate.save_many(ballots, by=by, within=changes)
    return vote


def cast(vote: Vote, choices: Mapping[int, str], *, by: Actor) -> list[Ballot]:
    """How seats vote, by the seat's key; until it is counted a vote can be given anew.

    Raises: vote_is_over; vote_is_secret; seat_may_not_vote; invalid_choice.
    """
    with holding(vote.item.meeting, "cast votes", by=by) as (meeting, changes):
        rules.meeting_is_in_session(meeting.status)
        fresh = gate.hold(vote)
        rules.vote_takes_ballots(fresh.status)
        rules.ballots_suit_method(fresh.method, named=True)
        ballots = {ballot.seat_id: ballot for ballot in fresh.ballots.select_related("vote")}
        changed = []
        for seat, choice in choices.items():
            rules.seat_may_vote(seat in ballots)
            if ballots[seat].choice != choice:
                ballots[seat].choice = choice
                changed.append(ballots[seat])
        gate.save_many(changed, by=by, within=changes)
    return list(ballots.values())


def count(
    vote: Vote,
    *,
    by: Actor,
    votes_for: int | None = None,
    votes_against: int | None = None,
    votes_abstain: int | None = None,
    occurred_at: datetime | None = None,
) -> Vote:
    """The vote, counted: an open one from its ballots, a secret one as said.

    Raises: meeting_not_in_session; wrong_state; vote_is_open; nobody_voted; tally_impossible.
    """
    with holding(vote.item.meeting, "count a vote", by=by) as (meeting, changes):
        rules.meeting_is_in_session(meeting.status)
        fresh = gate.hold(vote)
        rules.vote_takes_ballots(fresh.status)
        said = (votes_for, votes_against, votes_abstain)
        if fresh.method == VoteMethod.OPEN:
            rules.ballots_suit_method(fresh.method, named=said == (None, None, None))
            given = list(fresh.ballots.values_list("choice", flat=True))
            said = (
                given.count(Choice.FOR),
                given.count(Choice.AGAINST),
                given.count(Choice.ABSTAIN),
            )
        fresh.votes_for, fresh.votes_against, fresh.votes_abstain = (n or 0 for n in said)
        somebody_voted(fresh.tally.given)
        at = moment(occurred_at, fresh.called_at)
        fresh.counted_at = at
        carried = is_carried(fresh.tally, fresh.majority, fresh.denominator)
        fresh.outcome = Outcome.CARRIED if carried else Outcome.NOT_CARRIED
        gate.save(fresh, by=by, within=changes)
        return gate.move(fresh, "count", by=by, occurred_at=at, within=changes)


def void_vote(vote: Vote, *, by: Actor, reason: str) -> Vote:
    """The vote, void: it may be called anew. Raises: wrong_state; reason_required;
    vote_has_resolution; meeting_not_in_session.
    """
    with holding(vote.item.meeting, "void a vote", by=by, reason=reason) as (meeting, changes):
        rules.meeting_is_in_session(meeting.status)
        fresh = gate.hold(vote)
        rules.vote_made_no_resolution(hasattr(fresh, "resolution"))
        return gate.move(fresh, "void", by=by, reason=reason, within=changes)
