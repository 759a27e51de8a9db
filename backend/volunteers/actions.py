"""Verbs of volunteers, assignments and hours: what other apps and the doors call."""

from backend.volunteers.assigning import (
    ASSIGNMENT_VERBS,
    check_in,
    check_out,
    save_assignment,
)
from backend.volunteers.recording import RECORD_VERBS, save_record, submit_hours, verify_many
from backend.volunteers.volunteering import (
    VOLUNTEER_VERBS,
    apply_as_volunteer,
    register_volunteer,
    set_own_availability,
)

__all__ = [
    "ASSIGNMENT_VERBS",
    "RECORD_VERBS",
    "VOLUNTEER_VERBS",
    "apply_as_volunteer",
    "check_in",
    "check_out",
    "register_volunteer",
    "save_assignment",
    "save_record",
    "set_own_availability",
    "submit_hours",
    "verify_many",
]
