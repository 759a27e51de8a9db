"""What stands on a meeting's and a resolution's page: the owners' votes that its recommendations led to."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from backend.core.access import may
from backend.core.admin import actor
from backend.core.models import Kept
from backend.core.panels import Panel, panel
from backend.meetings.models import JointMeeting, Resolution
from backend.owner_votes.recommending import FIRM, recommendations_of, votes_on


@panel
def recommended_panel(request: HttpRequest, record: Kept) -> Panel | None:
    """Each recommendation with its votes, and the way to start one."""
    if not isinstance(record, (JointMeeting, Resolution)):
        return None
    rows = []
    for resolution in recommendations_of(record):
        start = reverse("admin:owner_votes_ownervote_add")
        votes = [
            {"row": vote, "url": reverse("admin:owner_votes_ownervote_change", args=[vote.pk])}
            for vote in votes_on(resolution, request.user)
        ]
        rows.append(
            {
                "row": resolution,
                "firm": resolution.meeting.status in FIRM,
                "votes": votes,
                "start": f"{start}?{urlencode({'recommendation': resolution.pk})}"
                if may(actor(request), "owner_votes.edit", resolution.community_id)
                else "",
            }
        )
    return Panel("owner_votes/recommended_panel.html", {"recommended": rows}) if rows else None
