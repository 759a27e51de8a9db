"""一周服务安排: what is offered day by day, and how many places are left."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from backend.services.choices import SlotStatus
from backend.services.models import Slot

DAYS = 7


@dataclass(frozen=True)
class Day:
    """One day and its slots, the earliest first."""

    day: date
    slots: tuple[Any, ...]


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def week_of(user: Any, monday: date, *, category: str = "") -> list[Day]:
    """The seven days from a Monday, with the slots that somebody may see; one statement.

    Each slot has `places_taken`, `places_left` and `waitlist_count`. `category` is a code. Slots
    that were called off stand there too, so that whoever is asked knows.
    """
    starts = timezone.make_aware(datetime.combine(monday, time.min))
    rows: Any = Slot.objects.with_places().visible_to(user)
    rows = rows.filter(starts_at__gte=starts, starts_at__lt=starts + timedelta(days=DAYS))
    if category:
        rows = rows.filter(item__category__code=category)
    found: dict[date, list[Any]] = {monday + timedelta(days=n): [] for n in range(DAYS)}
    for slot in rows.select_related("item__category").order_by("starts_at", "item__title", "pk"):
        slot.is_off = slot.status != SlotStatus.OPEN
        slot.is_over = slot.ends_at <= timezone.now()
        found[timezone.localdate(slot.starts_at)].append(slot)
    return [Day(day, tuple(slots)) for day, slots in found.items()]
