"""Inputs for the verbs on certificates and honours, as `verbs.ASKED` wants them."""

from typing import Any

from strawberry.relay import to_base64

from backend.volunteers.certificate_queries import due_for_honour
from backend.volunteers.models import Certificate, Honour, Volunteer
from tests.access.world import HOME

DAYS = {"startsOn": "2025-01-01", "endsOn": "2025-12-31"}
WHY = "单位名称要写全称"


def _id(row: Any) -> str:
    return to_base64(type(row).__name__, row.pk)


def _served() -> Volunteer:
    # Not the first: that one has the demo's account.
    rows = Volunteer.objects.filter(
        community__code=HOME, status="active", service_records__status="verified"
    )
    return rows.order_by("-pk")[0]


def serving() -> dict[str, Any]:
    """Somebody with verified hours."""
    return {"volunteerId": _id(_served()), "idempotencyKey": "cell", **DAYS}


def several() -> dict[str, Any]:
    """The same, as one of several."""
    return {"volunteerIds": [_id(_served())], **DAYS}


def issued() -> dict[str, Any]:
    """A certificate that stands."""
    row = Certificate.objects.filter(community__code=HOME, status="issued").order_by("-pk")[0]
    return {"certificateId": _id(row), "reason": WHY}


def due() -> dict[str, Any]:
    """Somebody who has reached a level, and has not been given it."""
    row: Any = due_for_honour(Volunteer.objects.filter(community__code=HOME))[0]
    level = to_base64("HonourLevel", row.due_level)
    return {"volunteerId": _id(row), "levelId": level, "idempotencyKey": "cell"}


def granted() -> dict[str, Any]:
    """An honour that stands."""
    row = Honour.objects.filter(community__code=HOME, status="granted").order_by("-pk")[0]
    return {"honourId": _id(row), "reason": WHY}
