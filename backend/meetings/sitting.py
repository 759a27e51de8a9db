"""Verbs of the sitting: the roll, the items in order, inquorate or closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from backend.core import gate
from backend.core.access import Actor
from backend.core.errors import not_found
from backend.core.models import ChangeSet
from backend.meetings import rules
from backend.meetings.choices import (
    Capacity,
    ItemStatus,
    PresenceKind,
    VoteStatus,
)
from backend.meetings.drafting import drafted_minutes
from backend.meetings.holding import holding, moment, step
from backend.meetings.minuting import write_revision
from backend.meetings.models import AgendaItem, JointMeeting, MeetingAttendance, Vote
from backend.meetings.presence import room_of
from backend.meetings.quorum import Quorum, proxy_is_sound, require_inquorate, require_quorum
from backend.people.models import Representative


@dataclass(frozen=True)
class RollCall:
    """One line of the roll as somebody calls it."""

    kind: str
    seat: int | None = None
    organization: int | None = None
    representative: int | None = None
    attendee: str = ""
    capacity: str = Capacity.VOTING
    proxy: int | None = None
    online: bool = False
    note: str = ""


def call_roll(
    meeting: JointMeeting,
    calls: Sequence[RollCall],
    *,
    by: Actor,
    occurred_at: datetime | None = None,
) -> list[MeetingAttendance]:
    """New lines of the roll, all of one moment. Those in person first: a proxy must find them there.

    Raises: meeting_not_in_session; not_found for a seat that is not on the roll; proxy_missing;
        proxy_to_itself; proxy_not_here; proxy_too_many; representative_of_another;
        occurred_in_future;
        occurred_before_opening; not_allowed.
    """
    with holding(meeting, "call the roll", by=by) as (fresh, changes):
        at = moment(occurred_at, fresh.opened_at or fresh.noticed_at)
        on_roll = {row.seat_id for row in room_of(fresh, at).roll}
        lines = []
        for call in sorted(calls, key=lambda one: one.kind == PresenceKind.PROXY):
            if call.seat is not None and call.seat not in on_roll:
                raise not_found("席位")
            if call.representative is not None:
                speaker = Representative.objects.filter(pk=call.representative)
                if not speaker.exists():
                    raise not_found("单位代表")
            if call.kind == PresenceKind.PROXY:
                proxy_is_sound(
                    call.seat or 0, call.proxy, room_of(fresh, at).states, fresh.proxies_most
                )
            lines.append(
                gate.save(
                    MeetingAttendance(
                        community_id=fresh.community_id,
                        meeting=fresh,
                        seat_id=call.seat,
                        organization_id=call.organization,
                        representative_id=call.representative,
                        attendee=call.attendee,
                        kind=call.kind,
                        capacity=call.capacity,
                        proxy_id=call.proxy if call.kind == PresenceKind.PROXY else None,
                        online=call.online,
                        note=call.note,
                        occurred_at=at,
                    ),
                    by=by,
                    within=changes,
                )
            )
    return lines


def start_item(item: AgendaItem, *, by: Actor, occurred_at: datetime | None = None) -> AgendaItem:
    """The item, on the table. Raises: meeting_not_in_session; item_still_active; wrong_state."""
    with holding(item.meeting, "start an item", by=by) as (meeting, changes):
        rules.meeting_is_in_session(meeting.status)
        fresh = gate.hold(item)
        active = meeting.items.filter(status=ItemStatus.ACTIVE).exclude(pk=fresh.pk).first()
        rules.one_item_at_a_time(active.title if active is not None else None)
        at = moment(occurred_at, meeting.opened_at)
        moved = gate.move(fresh, "start", by=by, occurred_at=at, within=changes)
        moved.started_at = at
        return gate.save(moved, by=by, within=changes)


def finish_item(
    item: AgendaItem, *, by: Actor, note: str | None = None, occurred_at: datetime | None = None
) -> AgendaItem:
    """The item, dealt with. Raises: meeting_not_in_session; vote_still_open; wrong_state."""
    return _end_item(item, "finish", by, note, occurred_at)


def defer_item(
    item: AgendaItem,
    *,
    by: Actor,
    note: str | None = None,
    occurred_at: datetime | None = None,
) -> AgendaItem:
    """The item, left to the next meeting. Raises: as `finish_item`."""
    return _end_item(item, "defer", by, note, occurred_at)


def _end_item(
    item: AgendaItem, verb: str, by: Actor, note: str | None, occurred_at: datetime | None
) -> AgendaItem:
    with holding(item.meeting, f"{verb} an item", by=by) as (meeting, changes):
        rules.meeting_is_in_session(meeting.status)
        fresh = gate.hold(item)
        rules.votes_are_counted(fresh.votes.filter(status=VoteStatus.OPEN).count())
        at = moment(occurred_at, meeting.opened_at)
        moved = gate.move(fresh, verb, by=by, occurred_at=at, within=changes)
        moved.ended_at = at
        if note is not None:
            moved.note = note
        return gate.save(moved, by=by, within=changes)


def note_item(item: AgendaItem, note: str, *, by: Actor, seen: int | None = None) -> AgendaItem:
    """The item with what was said about it; `seen` is the revision that the writer has seen.

    Raises: minutes_are_fixed; too_long; changed_meanwhile; not_allowed.
    """
    with holding(item.meeting, "note an item", by=by) as (meeting, changes):
        rules.outcome_takes_changes(meeting.status)
        fresh = gate.hold(item)
        fresh.note = note
        if seen is not None:
            fresh.revision = seen
        return gate.save(fresh, by=by, within=changes)


def declare_inquorate(
    meeting: JointMeeting, *, by: Actor, occurred_at: datetime | None = None, reason: str = ""
) -> JointMeeting:
    """The meeting, broken off: it is convened anew. Open votes are void, items wait.

    Raises: wrong_state; still_quorate.
    """
    with holding(meeting, "declare inquorate", by=by) as (fresh, changes):
        step(fresh, "declare_inquorate")
        at = moment(occurred_at, fresh.opened_at)
        quorum = room_of(fresh, at).quorum
        require_inquorate(quorum)
        open_votes = list(Vote.objects.filter(item__meeting=fresh, status=VoteStatus.OPEN))
        if open_votes:
            gate.move_many(open_votes, "void", by=by, reason="人数不足", within=changes)
        active = list(fresh.items.filter(status=ItemStatus.ACTIVE))
        if active:
            gate.move_many(active, "interrupt", by=by, occurred_at=at, within=changes)
        fresh.quorum_words = quorum.words
        gate.save(fresh, by=by, within=changes)
        said = reason or quorum.words
        return gate.move(
            fresh, "declare_inquorate", by=by, reason=said, occurred_at=at, within=changes
        )


def close(
    meeting: JointMeeting, *, by: Actor, occurred_at: datetime | None = None, reason: str = ""
) -> JointMeeting:
    """The meeting, over: what was not dealt with goes to the next, and the minutes are drafted.

    A meeting closes if it is quorate, or has decided something while it was.
    Raises: wrong_state; vote_still_open; inquorate; occurred_in_future; occurred_before_opening.
    """
    with holding(meeting, "close", by=by) as (fresh, changes):
        step(fresh, "close")
        at = moment(occurred_at, fresh.opened_at)
        votes = Vote.objects.filter(item__meeting=fresh)
        rules.votes_are_counted(votes.filter(status=VoteStatus.OPEN).count())
        quorum = _quorum_that_counts(fresh, at)
        require_quorum(quorum)
        _leave_the_rest(fresh, at, by, changes)
        fresh.closed_at = at
        fresh.quorum_words = quorum.words
        gate.save(fresh, by=by, within=changes)
        moved = gate.move(fresh, "close", by=by, occurred_at=at, reason=reason, within=changes)
        return write_revision(moved, drafted_minutes(moved), by=by, within=changes)


def _quorum_that_counts(meeting: JointMeeting, at: datetime) -> Quorum:
    """The quorum now, or that of the last vote of this sitting: people may leave before the end."""
    now = room_of(meeting, at).quorum
    if now.reached:
        return now
    votes = Vote.objects.filter(item__meeting=meeting, status=VoteStatus.COUNTED)
    last = votes.filter(called_at__gte=meeting.opened_at).order_by("-called_at", "-pk").first()
    return room_of(meeting, last.called_at).quorum if last is not None else now


def _leave_the_rest(meeting: JointMeeting, at: datetime, by: Actor, changes: ChangeSet) -> None:
    """What was decided is dealt with, though nobody said so; the rest goes to the next meeting."""
    active = meeting.items.filter(status=ItemStatus.ACTIVE)
    counted = Q(votes__status=VoteStatus.COUNTED) | Q(resolutions__isnull=False)
    dealt_with = list(active.filter(counted).distinct())
    if dealt_with:
        gate.move_many(dealt_with, "finish", by=by, occurred_at=at, within=changes)
    rest = list(meeting.items.filter(status__in=(ItemStatus.WAITING, ItemStatus.ACTIVE)))
    if rest:
        gate.move_many(
            rest, "defer", by=by, occurred_at=at, reason="散会时没有议完", within=changes
        )
