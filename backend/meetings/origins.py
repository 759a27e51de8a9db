"""What of the joint meetings themselves is put before the next one: action items nobody has verified."""

from typing import Any

from django.db.models import QuerySet

from backend.core.origins import Origin, origin
from backend.meetings.choices import ActionStatus, MeetingStatus
from backend.meetings.models import ActionItem


def _unfinished() -> QuerySet[Any]:
    rows = ActionItem.objects.exclude(status=ActionStatus.VERIFIED)
    rows = rows.exclude(meeting__status=MeetingStatus.VOID)
    found: QuerySet[Any] = rows.select_related("organization", "meeting")
    return found.order_by("due_on", "pk")


def _text(action: ActionItem) -> str:
    lines = (
        f"{action.meeting}确定，完成时限 {action.due_on:%Y-%m-%d}，现在“{action.get_status_display()}”。",
        action.details,
    )
    return "\n".join(filter(None, lines))


ACTION_ORIGIN = origin(
    Origin(
        "action_item",
        ActionItem,
        _unfinished,
        title=lambda action: f"落实情况：{action.title}",
        text=_text,
        presenter=lambda action: str(action.organization),
        searched=("=code", "title", "organization__name"),
    )
)
