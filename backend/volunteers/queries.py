"""Named reads of volunteers."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import ExtractYear

from backend.volunteers.choices import OPEN, AssignmentStatus, RecordStatus, VolunteerStatus
from backend.volunteers.models import Assignment, ServiceRecord, Volunteer, VolunteerTeam

# Who is expected, or was there.
_HELPING = (*OPEN, AssignmentStatus.DONE)


def helpers_of_slots(slot_ids: Iterable[int]) -> dict[int, list[str]]:
    """The names, in full, of the volunteers assigned to each of these slots, in order: one query.

    For the day sheet, which says who reads it and why; slots without anybody are left out.
    """
    rows = Assignment.objects.filter(
        slot_id__among=frozenset(slot_ids),
        status__in=_HELPING,
        volunteer__resident__isnull=False,
    )
    found: dict[int, list[str]] = defaultdict(list)
    columns = rows.order_by("slot_id", "starts_at", "pk").values_list(
        "slot_id", "volunteer__resident__name"
    )
    for slot, name in columns:
        found[slot].append(name)
    return dict(found)


def minutes_by_year(volunteer: Volunteer) -> list[tuple[int, int, int]]:
    """(year, verified minutes, verified records), latest first: by local year of the beginning."""
    rows = ServiceRecord.objects.filter(volunteer=volunteer, status=RecordStatus.VERIFIED)
    years = (
        rows.order_by()
        .annotate(year=ExtractYear("starts_at"))
        .values("year")
        .annotate(minutes=Sum("minutes"), n=Count("pk"))
        .order_by("-year")
    )
    return [(row["year"], row["minutes"], row["n"]) for row in years]


def is_ones_own(user: Any, path: str = "") -> Q:
    """The rows that are a user's own, as a filter; `path` leads to the volunteer."""
    return Volunteer.own(user, path)


def public_figures() -> list[dict[str, Any]]:
    """Of each community: its code, its active volunteers, and the verified minutes of all times."""
    active = Volunteer.objects.filter(status=VolunteerStatus.ACTIVE).order_by()
    people = dict(active.values_list("community__code").annotate(n=Count("pk")))
    verified = ServiceRecord.objects.filter(status=RecordStatus.VERIFIED).order_by()
    served = {
        code: (minutes, persons)
        for code, minutes, persons in verified.values_list("community__code").annotate(
            minutes=Sum("minutes"), persons=Count("volunteer", distinct=True)
        )
    }
    teams = VolunteerTeam.objects.filter(active=True).order_by()
    groups = dict(teams.values_list("community__code").annotate(n=Count("pk")))
    return [
        {
            "community": code,
            "volunteers": people.get(code, 0),
            "minutes": served.get(code, (0, 0))[0],
            "persons": served.get(code, (0, 0))[1],
            "teams": groups.get(code, 0),
        }
        for code in sorted({*people, *served, *groups})
    ]
