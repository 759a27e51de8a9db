"""What stands above a record's form: in which meetings it was on the agenda."""

from django.http import HttpRequest
from django.urls import reverse

from backend.core.models import CodedRecord, Kept
from backend.core.origins import origin_of
from backend.core.panels import Panel, panel
from backend.meetings.models import AgendaItem
from backend.meetings.proposing import listed_as


@panel
def listed_panel(request: HttpRequest, record: Kept) -> Panel | None:
    """The agenda items that were made of the record, for who may see meetings."""
    origin = origin_of(type(record))
    if origin is None or not isinstance(record, CodedRecord):
        return None
    rows = listed_as(origin, [record.code], record.community_id)
    items = [
        {"row": item, "url": reverse("admin:meetings_jointmeeting_change", args=[item.meeting_id])}
        for item in rows.filter(AgendaItem.visible(request.user))
    ]
    return Panel("meetings/listed_panel.html", {"listed": items}) if items else None
