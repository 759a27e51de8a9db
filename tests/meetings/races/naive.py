"""Controls: closing and numbering as one writes them at first. They look, and then they write."""

from django.db.models import Max

from backend.meetings.choices import MeetingStatus
from backend.meetings.drafting import drafted_minutes
from backend.meetings.models import JointMeeting, MinutesRevision
from tests.imports.races.looking import as_a_page_comes_back


def naive_close(meeting: JointMeeting) -> str:
    """ "minutes_draft" if the meeting seemed to be in session; a revision of the minutes each."""
    fresh = JointMeeting.objects.get(pk=meeting.pk)
    if fresh.status != MeetingStatus.IN_SESSION:
        return "wrong_state"
    text = drafted_minutes(fresh)
    last = fresh.minutes.aggregate(last=Max("number"))["last"] or 0
    as_a_page_comes_back()
    fresh.status = MeetingStatus.MINUTES_DRAFT
    fresh.save()
    MinutesRevision.objects.create(
        community_id=fresh.community_id, meeting=fresh, number=last + 1, text=text
    )
    return str(fresh.status)


def naive_number(meeting: JointMeeting) -> str:
    """The number after the highest one that seemed to be taken."""
    year = meeting.held_on.year
    taken = JointMeeting.objects.filter(community=meeting.community_id, year=year)
    number = (taken.aggregate(last=Max("number"))["last"] or 0) + 1
    as_a_page_comes_back()
    JointMeeting.objects.filter(pk=meeting.pk).update(year=year, number=number)
    return f"{year}-{number}"
