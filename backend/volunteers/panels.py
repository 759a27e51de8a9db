"""What stands under a volunteer's form: the hours, and what is still to come."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from backend.core.models import Kept
from backend.core.panels import Panel, panel
from backend.volunteers.choices import OPEN, VOLUNTEER_COLOURS, VolunteerStatus
from backend.volunteers.models import Assignment, Volunteer, VolunteerTeam
from backend.volunteers.queries import minutes_by_year
from backend.volunteers.telling import WHAT, what_and_where
from backend.volunteers.words import hours_text

SHOWN = 5
_BADGES = {"success": "create", "warning": "question", "danger": "error", "info": "note"}


@panel
def volunteer_panel(request: HttpRequest, record: Kept) -> Panel | None:
    """A volunteer's hours by year, and the next assignments."""
    if not isinstance(record, Volunteer):
        return None
    rows: Any = Volunteer.objects
    hours = rows.with_hours().get(pk=record.pk)
    coming = Assignment.objects.visible_to(request.user).filter(
        volunteer=record, status__in=OPEN, ends_at__gt=timezone.now()
    )
    coming = coming.select_related(*WHAT).order_by("starts_at")
    records = reverse("admin:volunteers_servicerecord_changelist")
    return Panel(
        "volunteers/hours_panel.html",
        {
            "verified": hours_text(hours.verified_minutes),
            "waiting": hours_text(hours.waiting_minutes) if hours.waiting_minutes else "",
            "carried": hours_text(record.carried_minutes) if record.carried_minutes else "",
            "carried_from": record.carried_source,
            "carried_as_of": record.carried_as_of,
            "years": [
                {"year": year, "hours": hours_text(minutes), "times": times}
                for year, minutes, times in minutes_by_year(record)
            ],
            "records_url": f"{records}?volunteer__id__exact={record.pk}",
            "coming": [
                {
                    "row": row,
                    "what": what_and_where(row)[0],
                    "url": reverse("admin:volunteers_assignment_change", args=[row.pk]),
                }
                for row in coming[:SHOWN]
            ],
        },
    )


@panel
def team_panel(request: HttpRequest, record: Kept) -> Panel | None:
    """How many of a team's members serve, and for how long they have served."""
    if not isinstance(record, VolunteerTeam):
        return None
    rows: Any = Volunteer.objects.visible_to(request.user).filter(teams=record)
    members = rows.with_hours().select_related("resident").order_by("status", "pk")
    return Panel(
        "volunteers/team_panel.html",
        {
            "members": [
                {
                    "row": row,
                    "badge": _BADGES.get(
                        VOLUNTEER_COLOURS[VolunteerStatus(row.status)], "unchanged"
                    ),
                    "hours": hours_text(row.verified_minutes),
                    "url": reverse("admin:volunteers_volunteer_change", args=[row.pk]),
                }
                for row in members
            ]
        },
    )
