"""Work of joint meetings that falls due by itself: reminders of action items and of seats."""

from datetime import date, timedelta
from functools import cache

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from backend.core import gate
from backend.core.calendar import Overrides
from backend.core.routines import daily
from backend.meetings.choices import UNFINISHED, MeetingStatus
from backend.meetings.models import ActionItem, Seat
from backend.meetings.queries import has_successor
from backend.meetings.reminder_rules import action_reminder, term_ends_on, term_reminder
from backend.meetings.telling import tell_of_action, tell_of_terms
from backend.meetings.terms import settings_of
from backend.places.queries import day_overrides

# Two working days lie within it, whatever the holidays.
_NEAR = timedelta(days=21)
# What the meeting agreed on is certain once its minutes are confirmed.
_AGREED = (MeetingStatus.CONFIRMED, MeetingStatus.PUBLISHED)


@daily
@task()
def remind_of_action_items() -> int:
    """Tells the accountable bodies' contacts and the secretary; answers of how many items.

    A transaction an item, judged by the row as it then stands; a reminder is sent once, so twice does
    nothing twice.
    """
    today = timezone.localdate()
    said = cache(day_overrides)
    rows = ActionItem.objects.filter(
        status__in=UNFINISHED, meeting__status__in=_AGREED, due_on__lte=today + _NEAR
    )
    return sum(_remind_of_action(row, today, said(row.community_id)) for row in rows.order_by("pk"))


def _remind_of_action(item: ActionItem, today: date, overrides: Overrides) -> bool:
    if action_reminder(item.status, item.due_on, today, overrides) is None:
        return False
    with transaction.atomic():
        fresh = gate.hold(item)
        due = action_reminder(fresh.status, fresh.due_on, today, overrides)
        return due is not None and tell_of_action(fresh, due) > 0


@daily
@task()
def remind_of_terms() -> int:
    """Tells the secretary of seats whose term ends; answers of how many seats. As above.

    Seats that end on one day are one message: most of them begin and end together.
    """
    today = timezone.localdate()
    said, settings = cache(day_overrides), cache(settings_of)
    rows = Seat.objects.held_on(today).annotate(succeeded=has_successor())
    together: dict[tuple[int, str, date], list[Seat]] = {}
    for seat in rows.select_related("organization", "community").order_by("pk"):
        months = settings(seat.community_id).seat_term_months
        ends_on = term_ends_on(seat.valid_from, seat.valid_to, months)
        due = term_reminder(
            ends_on,
            seat.valid_to is not None,
            today,
            said(seat.community_id),
            succeeded=seat.succeeded,
        )
        if due is not None:
            together.setdefault((seat.community_id, due, ends_on), []).append(seat)
    told = 0
    for (_, due, ends_on), seats in together.items():
        with transaction.atomic():
            told += len(seats) if tell_of_terms(seats, due, ends_on) else 0
    return told
