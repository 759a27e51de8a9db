"""What waits for the caller, counted: what an app shows on its first page."""

import strawberry
from strawberry.types import Info

from backend.core.desk.waiting import rows_waiting
from backend.jobs.choices import OPEN
from backend.meetings.models import ActionItem
from schema.main.base import viewer
from schema.main.jobs import visible_jobs


def _waiting(info: Info, code: str) -> int:
    """What the staff's first page lists under this code, counted."""
    return int(rows_waiting(code, viewer(info)).count())


@strawberry.type(
    description="我的待办: what waits for the caller; 0 for what the role has nothing to do with."
)
class MyWork:
    @strawberry.field(description="Messages of the inbox that were not read.")
    def unread_messages(self, info: Info) -> int:
        return _waiting(info, "unread_messages")

    @strawberry.field(description="Action items (落实事项) that are open or in progress.")
    def open_action_items(self, info: Info) -> int:
        return _waiting(info, "action_items_to_finish")

    @strawberry.field(description="Of those, the overdue ones.")
    def overdue_action_items(self, info: Info) -> int:
        rows = rows_waiting("action_items_to_finish", viewer(info))
        return int(rows.filter(pk__in=ActionItem.objects.overdue().values("pk")).count())

    @strawberry.field(description="Action items that are done and wait to be verified.")
    def action_items_to_verify(self, info: Info) -> int:
        return _waiting(info, "action_items_to_verify")

    @strawberry.field(description="Service bookings that wait to be confirmed.")
    def bookings_to_confirm(self, info: Info) -> int:
        return _waiting(info, "bookings_to_confirm")

    @strawberry.field(description="Demands (诉求) that nobody has in hand.")
    def demands_to_assign(self, info: Info) -> int:
        return _waiting(info, "demands_to_assign")

    @strawberry.field(
        description="Demands whose first answer is due within a day, or was: of one's own body for a handler."
    )
    def demands_to_answer(self, info: Info) -> int:
        return _waiting(info, "demands_to_answer")

    @strawberry.field(
        description="Demands to be solved: for a handler all in hand, for staff those overdue or due within a day."
    )
    def demands_to_solve(self, info: Info) -> int:
        return _waiting(info, "demands_to_solve")

    @strawberry.field(description="Demands that are solved and wait to be confirmed.")
    def demands_to_confirm(self, info: Info) -> int:
        return _waiting(info, "demands_to_confirm")

    @strawberry.field(description="The caller's jobs that wait or run.")
    def running_jobs(self, info: Info) -> int:
        rows = visible_jobs(info).filter(state__in=OPEN, started_by=viewer(info).pk)
        return int(rows.count())


@strawberry.type
class WorkQuery:
    @strawberry.field(description="What waits for the caller; null for who is not signed in.")
    def my_work(self, info: Info) -> MyWork | None:
        return MyWork() if viewer(info).is_authenticated else None
