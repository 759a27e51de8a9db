"""What volunteers are told: in the transaction of what it tells of."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from backend.messaging.actions import Recipient, tell
from backend.volunteers.models import Assignment, ServiceRecord, Volunteer

SOMEWHERE = "社区"
# What has to be read with an assignment to say what it is to.
WHAT = ("event__venue", "item", "slot__item", "stall__festival")


def tell_volunteer(volunteer: Volunteer, template: str, **values: str) -> None:
    """Tells somebody what became of the application."""
    fresh = Volunteer.objects.select_related("resident", "community").get(pk=volunteer.pk)
    if fresh.resident is None:
        return
    tell(
        [Recipient(resident=fresh.resident)],
        template,
        {"code": fresh.code} | values,
        community=fresh.community,
        once_key=f"volunteer {fresh.pk} {template} {fresh.revision}",
    )


def tell_assigned(assignment: Assignment, template: str, occasion: str, **more: str) -> int:
    """Tells the volunteer of one assignment, once an occasion; answers how many were told now."""
    found: Any = Assignment.objects.select_related("volunteer__resident", "community", *WHAT).get(
        pk=assignment.pk
    )
    if found.volunteer.resident is None:
        return 0
    what, place = what_and_where(found)
    values = {
        "what": what,
        "task": found.task,
        "starts_at": clock(found.starts_at),
        "place": place,
    }
    return tell(
        [Recipient(resident=found.volunteer.resident)],
        template,
        values | more,
        community=found.community,
        once_key=f"assignment {found.pk} {occasion}",
    )


def tell_of_hours(record: ServiceRecord, template: str, **values: str) -> None:
    """Tells somebody what became of the hours they had told."""
    found = ServiceRecord.objects.select_related("volunteer__resident", "community").get(
        pk=record.pk
    )
    if found.volunteer.resident is None:
        return
    day = f"{timezone.localtime(found.starts_at):%Y-%m-%d}"
    tell(
        [Recipient(resident=found.volunteer.resident)],
        template,
        {"day": day} | values,
        community=found.community,
        once_key=f"service record {found.pk} {template}",
    )


def what_and_where(assignment: Assignment) -> tuple[str, str]:
    """What an assignment is to, in words, and where; with WHAT already read."""
    if assignment.event is not None:
        venue = assignment.event.venue
        return assignment.event.title, venue.place or venue.name
    stall = assignment.stall
    if stall is not None:
        return f"{stall.festival.title}：{stall.name}", stall.festival.place or SOMEWHERE
    slot = assignment.slot
    item = slot.item if slot is not None else assignment.item
    assert item is not None
    place = (slot.place if slot is not None else "") or item.place
    return item.title, place or SOMEWHERE


def clock(moment: datetime) -> str:
    """A moment as people are told it."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
