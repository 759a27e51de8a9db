"""Named reads of places."""

from datetime import date

from django.conf import settings
from django.db.models import Q

from backend.places.models import Community, HolidayOverride


def community_for_command_line() -> Community | None:
    """The community a command means when none is named: the only one, else the demo's `xinhe`."""
    some = list(Community.objects.order_by("pk")[:2])
    if len(some) == 1:
        return some[0]
    return Community.objects.filter(code="xinhe").first() if settings.DEMO else None


def community_called(code: str) -> Community | None:
    """The community with that code."""
    return Community.objects.filter(code=code).first()


def day_overrides(community_id: int | None) -> dict[date, bool]:
    """What is said of single days in a community: day -> whether it is worked (core/calendar.py).

    The community's own word counts more than that of the installation.
    """
    here = Q(community__isnull=True) | Q(community=community_id)
    rows = HolidayOverride.objects.filter(here).order_by()
    said = list(rows.values_list("community", "day", "works"))
    everywhere = {day: works for community, day, works in said if community is None}
    return everywhere | {day: works for community, day, works in said if community is not None}
