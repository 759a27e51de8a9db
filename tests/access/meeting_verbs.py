"""Inputs for the verbs on joint meetings, as `verbs.ASKED` wants them."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from strawberry.relay import to_base64

from backend.core.access import SYSTEM
from backend.meetings import minuting
from backend.meetings.models import (
    ActionItem,
    AgendaItem,
    JointMeeting,
    Resolution,
    Seat,
    Vote,
)
from backend.people.models import Organization
from tests.access.world import HOME

KEY = {"idempotencyKey": "cell"}


def _id(model: Any, **wanted: Any) -> str:
    rows = model.objects.filter(community__code=HOME, **wanted)
    return to_base64(model.__name__, rows.order_by("pk")[0].pk)


def meeting(**more: Any) -> Callable[[], dict[str, Any]]:
    """The meeting that has been called together for today."""
    return lambda: {"meetingId": _id(JointMeeting, code="lx-today"), **more}


def new_meeting() -> dict[str, Any]:
    """One of today."""
    return {
        "community": HOME,
        "title": "联席会议",
        "startsAt": timezone.now().isoformat(),
        **KEY,
    }


def from_record() -> dict[str, Any]:
    """What nobody has done yet, for the next meeting: the rules may refuse it."""
    waiting = ActionItem.objects.filter(community__code=HOME, status="open").order_by("pk")[0]
    return {**meeting()(), "originKind": "action_item", "originCode": waiting.code, **KEY}


def roll() -> dict[str, Any]:
    """A seat that is there."""
    lines = [{"seatId": _id(Seat), "kind": "PRESENT"}]
    return {"meetingId": _id(JointMeeting, code="lx-today"), "lines": lines}


def item(**more: Any) -> Callable[[], dict[str, Any]]:
    """An item of an old meeting."""
    return lambda: {"itemId": _id(AgendaItem), **more}


def noted() -> dict[str, Any]:
    """An item of a meeting whose minutes are a draft again, and what was said of it."""
    published = JointMeeting.objects.filter(community__code=HOME, status="published")[0]
    held = minuting.withdraw(published, by=SYSTEM, reason="要改")
    held = minuting.reopen_minutes(held, by=SYSTEM, reason="要改")
    return {"itemId": _id(AgendaItem, meeting=held), "note": "说了路灯"}


def vote(**more: Any) -> Callable[[], dict[str, Any]]:
    """A vote of an old meeting."""
    return lambda: {"voteId": _id(Vote), **more}


def new_action() -> dict[str, Any]:
    """Something to do."""
    return {
        "resolutionId": _id(Resolution),
        "organizationId": _id(Organization, code="chengxinhang"),
        "title": "去办",
        **KEY,
    }


def action(**more: Any) -> Callable[[], dict[str, Any]]:
    """What is not done yet."""
    return lambda: {"actionItemId": _id(ActionItem, status="open"), **more}
