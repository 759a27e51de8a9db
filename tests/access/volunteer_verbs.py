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
