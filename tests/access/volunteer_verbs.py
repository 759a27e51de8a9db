"""Inputs for the verbs on volunteers, assignments and hours, as `verbs.ASKED` wants them."""

import datetime
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from strawberry.relay import to_base64

from backend.people.models import Resident
from backend.volunteers.models import Assignment, ServiceRecord, Volunteer, VolunteerTeam
from tests.access.world import HOME

KEY = {"idempotencyKey": "cell"}
WHY = "来电说明"
Given = Callable[[], dict[str, Any]]
# The action that a verb needs, an input for it, and actions without which its object is not there.
Asked = tuple[str, Given, tuple[str, ...]]


def _id(row: Any) -> str:
    return to_base64(type(row).__name__, row.pk)


def _of(model: Any, **wanted: Any) -> Any:
    # Not the first: that one has the demo's account, and assignments.
    return model.objects.filter(community__code=HOME, **wanted).order_by("pk").last()


def applying() -> dict[str, Any]:
    """The caller for oneself."""
    return {"community": HOME, **KEY}


def new_one() -> dict[str, Any]:
    """Somebody who is none yet."""
    rows = Resident.objects.filter(community__code=HOME, volunteers__isnull=True)
    return {"residentId": _id(rows.order_by("-pk")[0]), **KEY}


def volunteer(status: str, **more: Any) -> Given:
    """A volunteer in this state."""
    return lambda: {"volunteerId": _id(_of(Volunteer, status=status)), **more}


def team() -> dict[str, Any]:
    """A team."""
    return {"teamId": _id(_of(VolunteerTeam))}


def joining() -> dict[str, Any]:
    """A team, and somebody who is not in it."""
    given = team()
    found = Volunteer.objects.filter(community__code=HOME, status="applied").order_by("pk")[0]
    return given | {"volunteerId": _id(found)}


def belonging() -> dict[str, Any]:
    """A team, and somebody who is in it."""
    found = _of(VolunteerTeam)
    member = found.members.order_by("-pk")[0]
    return {"teamId": _id(found), "volunteerId": _id(member.volunteer)}


def asking() -> dict[str, Any]:
    """A volunteer to help in a slot."""
    slots: Any = Assignment._meta.get_field("slot").related_model
    slot = slots.objects.get(code="slot-law")
    return volunteer("active")() | {"slotId": _id(slot), "task": "引导", **KEY}


def assignment(**more: Any) -> Given:
    """An assignment that waits for an answer."""
    return lambda: {"assignmentId": _id(_of(Assignment, status="planned")), **more}


def _served() -> dict[str, Any]:
    end = timezone.now() - datetime.timedelta(hours=1)
    return {
        "startsAt": (end - datetime.timedelta(hours=1)).isoformat(),
        "endsAt": end.isoformat(),
        "content": "巡逻",
        **KEY,
    }


def own_hours() -> dict[str, Any]:
    """The caller's own hours."""
    return _served() | {"community": HOME}


def hours() -> dict[str, Any]:
    """Hours of somebody else."""
    return _served() | volunteer("active")()


def record(status: str) -> Given:
    """Hours in this state."""
    return lambda: {"recordId": _id(_of(ServiceRecord, status=status)), "reason": WHY}


def records() -> dict[str, Any]:
    """Hours that wait."""
    return {"recordIds": [_id(_of(ServiceRecord, status="submitted"))]}


def _asked(action: str, given: Given, also: tuple[str, ...] = ()) -> Asked:
    return action, given, also


VERBS: dict[str, Asked] = {
    # For oneself: who is no resident of the roster is told so.
    "applyAsVolunteer": _asked("volunteers.apply", applying, ("places.see",)),
    "submitServiceHours": _asked("service_hours.submit", own_hours, ("places.see",)),
    # Of others; what everybody may do with the own ones: tests/volunteers/test_verbs.py.
    "registerVolunteer": _asked("volunteers.edit", new_one, ("people.see",)),
    "updateVolunteer": _asked(
        "volunteers.edit", volunteer("active", skills="修伞"), ("volunteers.see",)
    ),
    "setVolunteerFreeTimes": _asked(
        "volunteers.edit", volunteer("active", freeTimes=[]), ("volunteers.see",)
    ),
    **{
        verb: _asked("volunteers.move", volunteer(state, reason="来电说明"), ("volunteers.see",))
        for verb, state in (
            *(("approveVolunteer", "applied"), ("declineVolunteer", "applied")),
            *(("pauseVolunteer", "active"), ("resumeVolunteer", "paused")),
            ("leaveVolunteers", "applied"),
        )
    },
    "createVolunteerTeam": _asked(
        "volunteer_teams.edit", lambda: applying() | {"name": "护苗队"}, ("places.see",)
    ),
    "updateVolunteerTeam": _asked(
        "volunteer_teams.edit",
        lambda: team() | {"work": "护苗"},
        ("volunteer_teams.see",),
    ),
    "joinVolunteerTeam": _asked("volunteers.edit", joining, ("volunteers.see",)),
    "leaveVolunteerTeam": _asked("volunteers.edit", belonging, ("volunteers.see",)),
    "assignVolunteer": _asked("assignments.edit", asking, ("volunteers.see",)),
    "updateAssignment": _asked("assignments.edit", assignment(task="登记"), ("assignments.see",)),
    **{
        f"{verb}Assignment": _asked(
            "assignments.edit", assignment(reason="来电说明"), ("assignments.see",)
        )
        for verb in ("accept", "decline")
    },
    **{
        f"{verb}Assignment": _asked(
            "assignments.move", assignment(reason="来电说明"), ("assignments.see",)
        )
        for verb in ("cancel", "complete", "miss")
    },
    **{
        f"{verb}Assignment": _asked("assignments.edit", assignment(), ("assignments.see",))
        for verb in ("checkIn", "checkOut")
    },
    "recordServiceHours": _asked("service_hours.edit", hours, ("volunteers.see",)),
    **{
        f"{verb}ServiceRecord": _asked(
            "service_hours.verify", record(state), ("service_hours.see",)
        )
        for verb, state in (
            *(("verify", "submitted"), ("reject", "submitted")),
            ("takeBack", "verified"),
        )
    },
    "withdrawServiceRecord": _asked(
        "service_hours.edit", record("submitted"), ("service_hours.see",)
    ),
    "verifyServiceRecords": _asked("service_hours.verify", records, ("service_hours.see",)),
}
