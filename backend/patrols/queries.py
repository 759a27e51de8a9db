"""Named reads of patrols and digests."""

from datetime import date
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from backend.core.access import Actor, scope_of
from backend.patrols import digest_rules
from backend.patrols.choices import OUT, PatrolShift, PatrolStatus, PointKind
from backend.patrols.models import DailyDigest, GroupPost, Patrol, PatrolPoint
from backend.patrols.rights import ACTION, grids_of
from backend.people.models import Household
from backend.people.queries import occupied_households
from backend.places.models import Grid, ResidentGroup

NOON, DUSK = 12, 18


def walks_anywhere(user: Any) -> bool:
    """Whether there is a place where `user` may walk: others read of patrols, and begin none."""
    return scope_of(Actor(user=user), ACTION).anywhere


def grids_not_walked(user: Any, day: date | None = None) -> QuerySet[Grid]:
    """The grids that `user` may walk, and that nobody has begun to walk on a day (today)."""
    begun = Patrol.objects.filter(grid=OuterRef("pk"), day=day or timezone.localdate())
    rows: QuerySet[Grid] = grids_of(user).filter(
        ~Exists(begun.exclude(status=PatrolStatus.CANCELLED))
    )
    return rows


def rounds_of(grids: list[Grid], day: date) -> dict[int, dict[str, Patrol]]:
    """The rounds of a day that count, by grid and shift."""
    rows = Patrol.objects.filter(grid__in=[grid.pk for grid in grids], day=day)
    found: dict[int, dict[str, Patrol]] = {}
    for patrol in rows.exclude(status=PatrolStatus.CANCELLED).select_related("patroller"):
        found.setdefault(patrol.grid_id, {})[patrol.shift] = patrol
    return found


def shift_of(hour: int) -> str:
    """The shift into which an hour of the day falls."""
    if hour < NOON:
        return PatrolShift.MORNING
    return PatrolShift.AFTERNOON if hour < DUSK else PatrolShift.EVENING


def answers_of(patrol: Patrol) -> dict[str, PatrolPoint]:
    """What was answered so far, by point, in the order of the round."""
    known = {point.kind: point for point in PatrolPoint.objects.filter(patrol=patrol)}
    return {kind: known[kind] for kind in PointKind.values if kind in known}


def digests_published(
    community_id: int, *, since: date | None = None, as_of: date | None = None
) -> QuerySet[DailyDigest]:
    """The digests that were published from a day on, up to another (both included).

    By when they went out, whenever that was entered; one a digest, however many groups had it.
    """
    rows = DailyDigest.objects.filter(community=community_id, status__in=OUT)
    if since is not None:
        rows = rows.filter(published_at__date__gte=since)
    if as_of is not None:
        rows = rows.filter(published_at__date__lte=as_of)
    return rows


def groups_for(digest: DailyDigest) -> QuerySet[ResidentGroup]:
    """The groups that stand today and take this digest: the estate's, and the whole community's."""
    today = timezone.localdate()
    own = Q(estate=digest.estate_id) | Q(estate__isnull=True)
    standing = Q(ended_on__isnull=True) | Q(ended_on__gte=today)
    rows = ResidentGroup.objects.filter(own, standing, community=digest.community_id)
    return rows.filter(started_on__lte=today).order_by("name", "pk")


class Coverage(NamedTuple):
    """Occupied households, and those of them that a digest reached."""

    reached: int
    occupied: int

    @property
    def rate(self) -> float | None:
        """The share; none where there are no households."""
        return digest_rules.coverage(self.reached, self.occupied)


def coverage(
    community_id: int, *, since: date | None = None, as_of: date | None = None
) -> Coverage:
    """How many occupied households are linked to a group that got a digest in a stretch of days.

    A household is linked to the groups of its estate, and to those of the whole community: who is
    in a chat is not known, and not asked.
    """
    digests = digests_published(community_id, since=since, as_of=as_of)
    posts = GroupPost.objects.filter(digest__in=digests.order_by())
    if as_of is not None:
        posts = posts.filter(posted_at__date__lte=as_of)
    told = Q(group__estate=OuterRef("building__estate")) | Q(group__estate__isnull=True)
    occupied: QuerySet[Household] = occupied_households([community_id])
    return Coverage(occupied.filter(Exists(posts.filter(told))).count(), occupied.count())
