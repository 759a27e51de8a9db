"""Reads of the roll: who is there at a moment, and whether it is enough."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from backend.meetings.models import JointMeeting, MeetingAttendance, RollSeat
from backend.meetings.quorum import Entry, Quorum, quorum_of, seats_here, states_at


@dataclass(frozen=True)
class Room:
    """A meeting's room at one moment."""

    roll: Sequence[RollSeat]
    states: dict[int, Entry]
    here: frozenset[int]
    quorum: Quorum


def room_of(meeting: JointMeeting, at: datetime | None = None) -> Room:
    """Who is there at a moment (now, or when the meeting closed). Two statements.

    Lines of an earlier sitting, before people were called together anew, say nothing of this one.
    """
    moment = at or meeting.closed_at or timezone.now()
    roll = list(RollSeat.objects.filter(meeting=meeting).order_by("pk"))
    lines = MeetingAttendance.objects.filter(meeting=meeting, seat__isnull=False)
    if meeting.noticed_at is not None:
        lines = lines.filter(occurred_at__gte=meeting.noticed_at)
    states = states_at((line.entry() for line in lines), moment)
    on_roll = {row.seat_id for row in roll}
    here = seats_here({seat: entry for seat, entry in states.items() if seat in on_roll})
    quorum = quorum_of(meeting.quorum_rule, [row.rolled() for row in roll], here)
    return Room(roll=roll, states=states, here=here, quorum=quorum)
