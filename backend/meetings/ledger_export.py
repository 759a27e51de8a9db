"""联席会议台账, as staff keep it: a row an item and task. What goes out comes in again unchanged."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from tablib import Dataset

from backend.meetings.choices import IN_PERSON, MeetingStatus
from backend.meetings.models import (
    ActionItem,
    ActionProgress,
    AgendaItem,
    JointMeeting,
    MeetingAttendance,
    Resolution,
)

HEADINGS = (
    *("序号", "时间", "地点", "主持人", "参会单位", "议题", "议定事项", "责任单位", "完成时限"),
    *("落实情况", "备注"),
)
HELD = (MeetingStatus.MINUTES_DRAFT, MeetingStatus.CONFIRMED, MeetingStatus.PUBLISHED)


def ledger_of(meetings: QuerySet[JointMeeting]) -> Dataset:
    """The ledger of those meetings that were held, the oldest first. Six statements."""
    dataset = Dataset(title="联席会议台账", headers=list(HEADINGS))
    number = 0
    for meeting in _with_all(meetings.filter(status__in=HELD)).order_by("starts_at", "pk"):
        for row in _rows(meeting):
            number += 1
            dataset.append([number, *row])
    return dataset


def _with_all(meetings: QuerySet[JointMeeting]) -> QuerySet[JointMeeting]:
    progress = ActionProgress.objects.order_by("occurred_on", "pk")
    actions = ActionItem.objects.select_related("organization").order_by("pk")
    actions = actions.prefetch_related(Prefetch("progress", progress))
    resolutions = Resolution.objects.order_by("number")
    resolutions = resolutions.prefetch_related(Prefetch("action_items", actions))
    items = AgendaItem.objects.order_by("position", "pk")
    items = items.prefetch_related(Prefetch("resolutions", resolutions))
    roll = MeetingAttendance.objects.filter(kind__in=IN_PERSON, seat__organization__isnull=False)
    roll = roll.select_related("seat__organization").order_by("pk")
    return meetings.prefetch_related(Prefetch("items", items), Prefetch("attendances", roll))


def _rows(meeting: JointMeeting) -> list[list[Any]]:
    there = dict.fromkeys(
        str(line.seat.organization)
        for line in meeting.attendances.all()
        if line.seat is not None
        and (meeting.noticed_at is None or line.occurred_at >= meeting.noticed_at)
    )
    starts_at = timezone.localtime(meeting.starts_at).replace(tzinfo=None)
    head = [starts_at, meeting.place, meeting.chair, "、".join(there)]
    found: list[list[Any]] = []
    for item in meeting.items.all():
        resolutions = list(item.resolutions.all())
        if not resolutions:
            found.append([*head, item.title, "", "", None, "", meeting.remark])
        for resolution in resolutions:
            tasks: list[ActionItem | None] = list(resolution.action_items.all())
            for action in tasks or [None]:
                found.append([*head, item.title, resolution.text, *_task(action), meeting.remark])
    return found


def _task(action: ActionItem | None) -> list[Any]:
    if action is None:
        return ["", None, ""]
    last = list(action.progress.all())[-1:]
    said = f"{last[0].text}（{last[0].occurred_on:%Y-%m-%d}）" if last else ""
    state = action.get_status_display()
    return [str(action.organization), action.due_on, f"{state}：{said}" if said else state]
