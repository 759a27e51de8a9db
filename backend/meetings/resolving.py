"""Verbs of outcomes: a resolution, and who is to do what by when."""

from datetime import date

from backend.core import gate
from backend.core.access import Actor
from backend.core.calendar import add_working_days
from backend.meetings import rules
from backend.meetings.choices import ItemKind, Outcome, ResolutionKind, VoteStatus
from backend.meetings.holding import holding
from backend.meetings.models import ActionItem, AgendaItem, JointMeeting, Resolution, Vote
from backend.meetings.numbering import Series, next_number
from backend.meetings.presence import room_of
from backend.meetings.quorum import Quorum, require_quorum
from backend.meetings.terms import settings_of
from backend.meetings.votes import TALLY
from backend.people.models import Organization
from backend.places.queries import day_overrides


def resolve(
    item: AgendaItem,
    text: str,
    *,
    by: Actor,
    vote: Vote | None = None,
    kind: str = "",
) -> Resolution:
    """A resolution on an item, numbered: from a vote that was carried, or by consent without one.

    By consent: of an item that was dealt with, by those who were enough to decide.
    Raises: minutes_are_fixed; motion_not_carried; item_not_active; inquorate; owners_decide;
        vote_taken.
    """
    with holding(item.meeting, "resolve", by=by) as (meeting, changes):
        rules.outcome_takes_changes(meeting.status)
        fresh = gate.hold(item)
        counted = fresh.votes.filter(status=VoteStatus.COUNTED)
        if vote is not None:
            carried = counted.filter(pk=vote.pk, outcome=Outcome.CARRIED).exists()
            rules.resolution_suits_vote(carried)
        elif fresh.kind == ItemKind.DECISION or counted.exists():
            # What was put to the vote is decided by the vote.
            vote = counted.filter(outcome=Outcome.CARRIED, resolution=None).order_by("pk").first()
            if not meeting.from_ledger:
                rules.resolution_suits_vote(vote is not None)
        if vote is None:
            rules.item_was_dealt_with(fresh.status)
            require_quorum(_quorum_of_consent(meeting, fresh))
        usual = ResolutionKind.RECOMMENDATION if fresh.owner_matter else ResolutionKind.DECISION
        record = Resolution(
            community_id=meeting.community_id,
            meeting=meeting,
            item=fresh,
            vote=vote,
            year=meeting.held_on.year,
            kind=kind or usual,
            owner_matter=fresh.owner_matter,
            text=text,
        )
        for name in TALLY if vote is not None else ():
            setattr(record, name, getattr(vote, name))
        record.number = next_number(Series.RESOLUTION, meeting.community_id, record.year)
        return gate.save(record, by=by, within=changes)


def _quorum_of_consent(meeting: JointMeeting, item: AgendaItem) -> Quorum:
    """Who was there when the item was dealt with; now, while it is on the table.

    People may have left before the resolution is written down. Of an item that an earlier sitting
    dealt with, this one has to be enough.
    """
    ended, opened = item.ended_at, meeting.opened_at
    earlier = ended is not None and opened is not None and ended < opened
    return room_of(meeting, None if earlier else ended).quorum


def add_action(
    resolution: Resolution,
    organization: Organization,
    title: str,
    due_on: date | None = None,
    *,
    by: Actor,
    working_days: int | None = None,
    details: str = "",
) -> ActionItem:
    """What one body answers for: by a day, or within working days of the meeting; without either,
    within as many as the settings say.

    Raises: minutes_are_fixed; due_too_early; due_too_far; not_allowed.
    """
    with holding(resolution.meeting, "add an action item", by=by) as (meeting, changes):
        if due_on is None:
            due_on = due_after(meeting, working_days)
        return gate.save(
            ActionItem(
                community_id=meeting.community_id,
                meeting=meeting,
                resolution=resolution,
                organization=organization,
                title=title,
                details=details,
                due_on=due_on,
            ),
            by=by,
            within=changes,
        )


def due_after(meeting: JointMeeting, working_days: int | None = None) -> date:
    """The day that lies so many working days after the meeting. Raises: due_too_far."""
    days = settings_of(meeting.community_id).action_days if working_days is None else working_days
    rules.term_is_sensible(days)
    return add_working_days(meeting.held_on, days, day_overrides(meeting.community_id))
