"""Named reads of festivals."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from backend.festivals.choices import TOOK_PLACE
from backend.festivals.hands import hands_at
from backend.festivals.models import FestivalHeads, FestivalSupply, NeighborFestival, Stall


def kinds_by_month(
    community_id: int, first: date, last: date, until: date | None = None
) -> dict[date, int]:
    """Distinct kinds of service at the festivals held in each month from `first` to `last`.

    The figure `festival_stalls` is the smallest of these. A month is named by its first day; one
    without a festival is not there, and a stall that stayed away does not count. `until`: nor does
    what took place after that day.
    """
    rows = stalls_held(community_id, first, last, until)
    counted = rows.order_by().values("festival__month").annotate(n=Count("kind", distinct=True))
    return dict(sorted(counted.values_list("festival__month", "n")))


def stalls_held(
    community_id: int, first: date, last: date, until: date | None = None
) -> QuerySet[Any]:
    """The stalls that were there, of the months from `first` to `last`; up to a day, if one is named."""
    rows: QuerySet[Any] = Stall.objects.filter(
        community=community_id,
        absent=False,
        festival__status__in=TOOK_PLACE,
        festival__month__gte=first.replace(day=1),
        festival__month__lte=last,
    )
    if until is None:
        return rows
    end = timezone.make_aware(datetime.combine(until + timedelta(days=1), time.min))
    return rows.filter(festival__starts_at__lt=end)


def latest_before(community_id: int, month: date) -> NeighborFestival | None:
    """The last festival before a month: what "copy last month" begins with."""
    rows = NeighborFestival.objects.filter(community=community_id, month__lt=month)
    found: NeighborFestival | None = (
        rows.filter(~Q(status="cancelled")).order_by("-starts_at", "-pk").first()
    )
    return found


def plan_of(festival: NeighborFestival, user: Any) -> dict[str, Any]:
    """What the printed plan shows: stalls with who runs them and who helps, supplies, heads."""
    stalls = list(
        Stall.objects.filter(festival=festival)
        .select_related("item", "category", "provider")
        .order_by("number", "pk")
    )
    helping = hands_at(user, [stall.pk for stall in stalls])
    heads = list(FestivalHeads.objects.filter(festival=festival).select_related("stall"))
    return {
        "stalls": [(stall, helping[stall.pk]) for stall in stalls],
        "supplies": list(
            FestivalSupply.objects.filter(festival=festival)
            .select_related("bringer")
            .order_by("pk")
        ),
        "heads": heads,
        "heads_total": sum(row.count for row in heads),
        "helpers_total": sum(stall.planned_helpers for stall in stalls),
        "kinds_total": len({stall.kind for stall in stalls if not stall.absent}),
    }
