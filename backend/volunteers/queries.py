"""Named reads of volunteers."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import ExtractYear

from backend.core.masking import mask_name
from backend.festivals.hands import Hands, hands
from backend.services.helping import Helpers, helpers_are_known_by
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


def slots_helped_by(user: Any) -> "QuerySet[Any]":
    """The slots to which a user is assigned as a volunteer, and has said yes."""
    rows = Assignment.objects.filter(
        volunteer__resident__user=user.pk,
        slot__isnull=False,
        status__in=(AssignmentStatus.ACCEPTED, AssignmentStatus.DONE),
    )
    return rows.order_by().values("slot")


helpers_are_known_by(Helpers(helpers_of_slots, slots_helped_by))


@hands
def helpers_at_stalls(user: Any, stalls: Sequence[int]) -> dict[int, Hands]:
    """Who helps at each of these stalls, for the festival's own pages: names masked; two queries.

    All are counted; named are those whom the reader may see.
    """
    rows = Assignment.objects.filter(stall_id__among=frozenset(stalls), status__in=_HELPING)
    seen = set(rows.visible_to(user).values_list("pk", flat=True)) if user is not None else set()
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    columns = ("stall_id", "pk", "volunteer__resident__name")
    for stall, pk, name in rows.order_by("stall_id", "pk").values_list(*columns):
        found[stall].append((pk, mask_name(name or "")))
    return {
        stall: Hands(len(people), tuple(name for pk, name in people if pk in seen and name))
        for stall, people in found.items()
    }


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


@dataclass(frozen=True)
class Figures:
    """What a community's volunteers come to, in numbers."""

    active: int
    teams: int
    verified_minutes: int
    # How many have served those minutes.
    people_served: int


def public_figures(community: str) -> Figures:
    """The numbers of the community with this code: three queries, whatever there is."""
    here = {"community__code": community}
    served = ServiceRecord.objects.filter(status=RecordStatus.VERIFIED, **here).aggregate(
        minutes=Sum("minutes"), people=Count("volunteer", distinct=True)
    )
    return Figures(
        active=Volunteer.objects.filter(status=VolunteerStatus.ACTIVE, **here).count(),
        teams=VolunteerTeam.objects.filter(active=True, **here).count(),
        verified_minutes=served["minutes"] or 0,
        people_served=served["people"],
    )
