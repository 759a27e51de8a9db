"""Volunteers, their assignments and their hours: the models by the names they are known by."""

from backend.volunteers.assignment_models import TARGETS, Assignment
from backend.volunteers.record_models import ServiceRecord
from backend.volunteers.volunteer_models import (
    Availability,
    TeamMember,
    Volunteer,
    VolunteerTeam,
    verified_minutes,
)

__all__ = [
    "TARGETS",
    "Assignment",
    "Availability",
    "ServiceRecord",
    "TeamMember",
    "Volunteer",
    "VolunteerTeam",
    "verified_minutes",
]
