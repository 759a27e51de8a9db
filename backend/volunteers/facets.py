"""What of volunteers is shown where."""

from typing import Any

from django.db.models import Q

from backend.core.facets import Facets, register
from backend.core.holdings import Holding, hold
from backend.volunteers import certificate_facets
from backend.volunteers.choices import OPEN, AssignmentStatus, RecordStatus, VolunteerStatus
from backend.volunteers.models import (
    Assignment,
    Availability,
    ServiceRecord,
    TeamMember,
    Volunteer,
    VolunteerTeam,
)

__all__ = ["certificate_facets"]  # Registered by being imported.

# What is known of somebody who has left becomes anonymous; the hours stay for the counts.
KEPT_DAYS = 3 * 365

TEAM = register(
    Facets(
        VolunteerTeam,
        form=("community", "code", "name", "work", "leader", "active"),
        listed=("name", "work", "active", "community"),
        searched=("name", "=code", "work"),
        filtered=("active", "community"),
        imported=("code", "name", "work", "active"),
        synonyms=(("name", ("队名", "服务队名称")), ("work", ("领域", "服务内容"))),
        natural_key=("code",),
        exported=("code", "name", "work", "active"),
        attachments=False,
    )
)
VOLUNTEER = register(
    Facets(
        Volunteer,
        form=(
            "code",
            "resident",
            "standing",
            "skills",
            "applied_on",
            "political_status",
            "guardian_name",
            "guardian_phone",
            "carried_minutes",
            "carried_as_of",
            "carried_source",
            "remark",
        ),
        listed=("code", "resident", "standing", "skills", "status"),
        # Minutes read as no time, and what is nobody's business is said on the own page alone.
        unlisted=("political_status", "carried_minutes"),
        searched=("=code", "=resident__name", "skills"),
        filtered=("status", "standing", "teams", "community"),
        exported=(
            "code",
            "resident",
            "standing",
            "skills",
            "applied_on",
            "guardian_name",
            "guardian_phone",
            "carried_minutes",
            "carried_as_of",
            "carried_source",
            "remark",
            "status",
        ),
    )
)
register(Facets(TeamMember, form=("team", "volunteer"), attachments=False))
register(Facets(Availability, form=("volunteer", "weekday", "part"), attachments=False))
ASSIGNMENT = register(
    Facets(
        Assignment,
        form=(
            "code",
            "volunteer",
            "event",
            "item",
            "slot",
            "stall",
            "task",
            "starts_at",
            "ends_at",
        ),
        listed=("volunteer", "task", "starts_at", "ends_at", "status"),
        searched=("=code", "task", "=volunteer__code", "=volunteer__resident__name"),
        filtered=("status", "community"),
        exported=(
            "code",
            "volunteer",
            "event",
            "item",
            "slot",
            "stall",
            "task",
            "starts_at",
            "ends_at",
            "checked_in_at",
            "checked_out_at",
            "status",
        ),
        attachments=False,
    )
)
RECORD = register(
    Facets(
        ServiceRecord,
        form=(
            "code",
            "volunteer",
            "assignment",
            "event",
            "item",
            "content",
            "starts_at",
            "ends_at",
            "excluded_minutes",
            "source",
        ),
        listed=("code", "volunteer", "content", "starts_at", "minutes", "source", "status"),
        unlisted=("excluded_minutes",),
        searched=("=code", "content", "=volunteer__code", "=volunteer__resident__name"),
        filtered=("status", "source", "community"),
        exported=(
            "code",
            "volunteer",
            "content",
            "starts_at",
            "ends_at",
            "excluded_minutes",
            "minutes",
            "source",
            "status",
            "verified_at",
        ),
    )
)


def _nobody_volunteers(volunteer: Any) -> dict[str, Any]:
    """The hours stay for the counts; whose they were does not. Nobody serves on without a name."""
    return {
        "resident": None,
        "standing": "",
        "political_status": "",
        "skills": "",
        "guardian_name": "",
        "guardian_phone": "",
        "carried_source": "",
        "remark": "",
        "status": VolunteerStatus.LEFT,
    }


def _nobody_is_asked(assignment: Any) -> dict[str, Any]:
    """What was still to come is off."""
    off = {"status": AssignmentStatus.CANCELLED} if assignment.status in OPEN else {}
    return {"task": ""} | off


def _nobody_served(record: Any) -> dict[str, Any]:
    """Verified minutes stay as they are; what waited for a verdict gets none any more."""
    waits = record.status == RecordStatus.SUBMITTED
    return {"content": ""} | ({"status": RecordStatus.WITHDRAWN} if waits else {})


hold(
    Holding(
        code="volunteers",
        model=Volunteer,
        resident="resident",
        shown=(
            "code",
            "standing",
            "political_status",
            "skills",
            "applied_on",
            "guardian_name",
            "guardian_phone",
            "carried_minutes",
            "carried_as_of",
            "carried_source",
            "remark",
            "status",
        ),
        anonymous=_nobody_volunteers,
        kept_days=KEPT_DAYS,
        since="left_at",
        done=lambda: Q(resident__isnull=True),
        label="志愿者",
    )
)
hold(
    Holding(
        code="volunteer_teams",
        model=TeamMember,
        resident="volunteer__resident",
        shown=("team",),
        anonymous=lambda row: {},
        label="服务队成员",
    )
)
hold(
    Holding(
        code="volunteer_availability",
        model=Availability,
        resident="volunteer__resident",
        shown=("weekday", "part"),
        anonymous=lambda row: {},
        label="志愿者空闲时间",
    )
)
hold(
    Holding(
        code="assignments",
        model=Assignment,
        resident="volunteer__resident",
        shown=("task", "starts_at", "ends_at", "checked_in_at", "checked_out_at", "status"),
        anonymous=_nobody_is_asked,
        label="志愿者派工",
    )
)
hold(
    Holding(
        code="service_records",
        model=ServiceRecord,
        resident="volunteer__resident",
        shown=("content", "starts_at", "ends_at", "minutes", "source", "status", "verified_at"),
        anonymous=_nobody_served,
        label="服务时长记录",
    )
)
