"""Volunteers, their assignments and their hours: the models by the names they are known by."""

from backend.volunteers.assignment_models import TARGETS, Assignment
from backend.volunteers.certificate_models import (
    Certificate,
    CertificateNumbering,
    CertificateTemplate,
    CertifiedRecord,
)
from backend.volunteers.honour_models import Honour, HonourLevel
from backend.volunteers.record_models import ServiceRecord
from backend.volunteers.volunteer_models import (
    Availability,
    TeamMember,
    Volunteer,
    VolunteerTeam,
    members_serving,
    verified_minutes,
)

__all__ = [
    "TARGETS",
    "Assignment",
    "Availability",
    "Certificate",
    "CertificateNumbering",
    "CertificateTemplate",
    "CertifiedRecord",
    "Honour",
    "HonourLevel",
    "ServiceRecord",
    "TeamMember",
    "Volunteer",
    "VolunteerTeam",
    "members_serving",
    "verified_minutes",
]
