"""What waits for the caller, counted: what an app shows on its first page."""

from typing import Any

import strawberry
from strawberry.types import Info

from backend.jobs.choices import OPEN
from backend.meetings.choices import ActionStatus
from backend.meetings.models import ActionItem
from backend.messaging.queries import unread_count
from backend.services.choices import BookingStatus
from backend.services.models import ServiceBooking
from schema.main.base import viewer, visible
from schema.main.jobs import visible_jobs


@strawberry.type(
    description="我的待办: what waits for the caller; 0 for what the role has nothing to do with."
)
class MyWork:
    @strawberry.field(description="Messages of the inbox that were not read.")
    def unread_messages(self, info: Info) -> int:
        return unread_count(viewer(info))

    @strawberry.field(description="Action items (落实事项) that are open or in progress.")
    def open_action_items(self, info: Info) -> int:
        rows = visible(ActionItem, info)
        return rows.filter(status__in=[ActionStatus.OPEN, ActionStatus.IN_PROGRESS]).count()

    @strawberry.field(description="Of those, the overdue ones.")
    def overdue_action_items(self, info: Info) -> int:
        rows: Any = visible(ActionItem, info)
        return int(rows.overdue().count())

    @strawberry.field(description="Action items that are done and wait to be verified.")
    def action_items_to_verify(self, info: Info) -> int:
        return visible(ActionItem, info).filter(status=ActionStatus.DONE).count()

    @strawberry.field(description="Service bookings that wait to be confirmed.")
    def bookings_to_confirm(self, info: Info) -> int:
        return visible(ServiceBooking, info).filter(status=BookingStatus.BOOKED).count()

    @strawberry.field(description="The caller's jobs that wait or run.")
    def running_jobs(self, info: Info) -> int:
        rows = visible_jobs(info).filter(state__in=OPEN, started_by=viewer(info).pk)
        return int(rows.count())


@strawberry.type
class WorkQuery:
    @strawberry.field(description="What waits for the caller; null for who is not signed in.")
    def my_work(self, info: Info) -> MyWork | None:
        return MyWork() if viewer(info).is_authenticated else None
