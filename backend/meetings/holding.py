"""The way every verb of a meeting begins: the meeting's row is locked first, then what hangs on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor, require
from backend.core.errors import not_found
from backend.core.models import ChangeSet
from backend.core.workflow import labels, needs_reason
from backend.meetings import rules
from backend.meetings.models import JointMeeting
from backend.meetings.states import MEETING_MACHINE


@contextmanager
def holding(
    meeting: JointMeeting, verb: str, *, by: Actor, reason: str = ""
) -> Iterator[tuple[JointMeeting, ChangeSet]]:
    """The meeting as it now stands, locked until the end, and one change set for all that is done."""
    label = f"{verb} meetings.JointMeeting"
    with gate.change_set(label, by=by, community_id=meeting.community_id, reason=reason) as changes:
        try:
            fresh = gate.hold(meeting)
        except JointMeeting.DoesNotExist:
            raise not_found("会议") from None
        require(by, "meetings.move", fresh.community_id)
        yield fresh, changes


def step(meeting: JointMeeting, verb: str, reason: str = "") -> None:
    """Raises: wrong_state; reason_required. Asked before anything else is looked at."""
    names = labels(JointMeeting._meta.get_field("status").flatchoices)
    needs_reason(MEETING_MACHINE.require(verb, meeting.status, names), reason)


def moment(occurred_at: datetime | None, not_before: datetime | None = None) -> datetime:
    """When it happened: now, unless somebody says when. Raises: occurred_in_future;
    occurred_before_opening.
    """
    now = timezone.now()
    if occurred_at is None:
        return now
    rules.happened_in_order(occurred_at, not_before, now)
    return occurred_at
