"""Named reads of demands, for the pages and both APIs."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from backend.demands.choices import OPEN, DemandStatus
from backend.demands.models import Demand, DemandSettings
from backend.demands.rules import Terms

# What may be put before a meeting because nothing goes on with it.
STUCK = (DemandStatus.RETURNED, DemandStatus.REOPENED, DemandStatus.UNRESOLVABLE_EXPLAINED)


def overdue_count(user: Any) -> int:
    """How many demands that the user may see are overdue."""
    rows: Any = Demand.objects
    return int(rows.visible_to(user).overdue().count())


def waiting_for_a_meeting() -> QuerySet[Demand]:
    """The demands that a joint meeting may talk about: overdue, given back, to be done again,
    unresolvable, or open for longer than their community calls old. The longest due first.
    """
    now = timezone.now()
    old = Q(status__in=OPEN) & _older_than_called_old(now)
    late = Q(status__in=OPEN, due_at__lt=now)
    rows = Demand.objects.filter(Q(status__in=STUCK) | late | old)
    found: QuerySet[Demand] = rows.order_by(F("due_at").asc(nulls_last=True), "pk")
    return found


def _older_than_called_old(now: datetime) -> Q:
    """By the default of most communities, and by the own word of those that have one."""
    own = dict(DemandSettings.objects.order_by().values_list("community", "old_days"))
    usual = now - timedelta(days=Terms.old_days)
    found = Q(received_at__lt=usual) & ~Q(community__in=list(own))
    for community, days in own.items():
        found |= Q(community=community, received_at__lt=now - timedelta(days=days))
    return found


def midnight_after(day: Any) -> datetime:
    """The first moment after a day, local time."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def demands_of_year(community: str, year: int) -> list[tuple[str, int, int]]:
    """The demands of a year that are counted, in the community of that code: kind, month, how many."""
    rows: Any = Demand.objects.filter(community__code=community, year=year)
    counted = rows.counted().order_by("kind", "received_at__month")
    return list(
        counted.values("kind", "received_at__month")
        .annotate(n=Count("pk"))
        .values_list("kind", "received_at__month", "n")
    )


SOLVED = (DemandStatus.RESOLVED, DemandStatus.CONFIRMED, DemandStatus.CLOSED)


def figures(community_id: int, year: int, as_of: Any) -> dict[str, int]:
    """What the report counts of a year up to a day, by when it happened: registered, answered,
    answered in time, solved. Duplicates and invalid ones are left out.
    """
    end = midnight_after(as_of)
    rows: Any = Demand.objects.filter(community=community_id, year=year, received_at__lt=end)
    answered = Q(first_response_at__lt=end)
    counted: dict[str, int] = (
        rows.counted()
        .order_by()
        .aggregate(
            registered=Count("pk"),
            answered=Count("pk", filter=answered),
            answered_in_time=Count(
                "pk", filter=answered & Q(first_response_at__lte=F("respond_by"))
            ),
            solved=Count("pk", filter=Q(resolved_at__lt=end, status__in=SOLVED)),
        )
    )
    return counted
