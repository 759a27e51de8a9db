"""Patrols and digests in the main API: what is shown. They name nobody."""

from datetime import date, datetime
from typing import Annotated, Any

import strawberry
import strawberry_django
from django.db.models import F, Q
from strawberry import relay
from strawberry.types import Info

from backend.core.access import Actor
from backend.patrols import models
from backend.patrols.patrol_models import issues_found, points_answered
from backend.patrols.patrolling import PATROL_VERBS
from backend.patrols.rights import may_walk
from schema.main.base import (
    DOOR,
    AvailableAction,
    Language,
    Seen,
    label_of,
    moves_of,
    offered,
    viewer,
)
from schema.main.files import HasAttachments
from schema.main.filters import code_of, of_community, updated_since
from schema.main.patrol_enums import (
    DigestStatus,
    Handling,
    PatrolShift,
    PatrolStatus,
    PointKind,
    PointResult,
)
from schema.main.place_types import Estate, Grid, ResidentGroup
from schema.main.places import Community
from schema.main.twins import nested_list

_HERE = "schema.main.patrol_types"


@strawberry_django.filter_type(models.PatrolPoint)
class PatrolPointFilter:
    """Filters of answers."""

    @strawberry_django.filter_field(description="Of one of these points.")
    def kind(self, value: list[PointKind], prefix: str) -> Q:
        return Q(**{f"{prefix}kind__in": value})

    @strawberry_django.filter_field(description="Answered so.")
    def result(self, value: PointResult, prefix: str) -> Q:
        return Q(**{f"{prefix}result": value})

    @strawberry_django.filter_field(description="Handled in one of these ways.")
    def handling(self, value: list[Handling], prefix: str) -> Q:
        return Q(**{f"{prefix}handling__in": value})

    grid = code_of("patrol__grid", "Of the grid with this code.")

    community = of_community()

    updated_since = updated_since()


@strawberry_django.order_type(models.PatrolPoint)
class PatrolPointOrder:
    """Orders of answers."""

    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.PatrolPoint,
    filters=PatrolPointFilter,
    ordering=PatrolPointOrder,
    description="巡查结果: what was seen at one of the five points of a round.",
)
class PatrolPoint(HasAttachments, Seen, relay.Node):
    id: relay.NodeID[int]
    revision: int
    code: str
    kind: PointKind
    result: PointResult
    note: str = strawberry_django.field(description="What is wrong, and where; names nobody.")
    fixed_how: str = strawberry_django.field(description="How it was mended on the spot; or empty.")
    handling: Handling
    updated_at: datetime
    patrol: Annotated["Patrol", strawberry.lazy(_HERE)]
    demand_code: str | None = strawberry_django.field(
        annotate=F("demand__code"), description="The demand that it became; null for none."
    )

    @strawberry_django.field(only=["kind"], description="The point in words.")
    def kind_label(self, lang: Language = Language.ZH) -> str:
        return label_of(PointKind, self.kind, lang)


@strawberry_django.filter_type(models.Patrol)
class PatrolFilter:
    """Filters of rounds."""

    @strawberry_django.filter_field(description="In one of these states.")
    def status(self, value: list[PatrolStatus], prefix: str) -> Q:
        return Q(**{f"{prefix}status__in": value})

    @strawberry_django.filter_field(description="Of this shift.")
    def shift(self, value: PatrolShift, prefix: str) -> Q:
        return Q(**{f"{prefix}shift": value})

    grid = code_of("grid", "Of the grid with this code.")

    estate = code_of("estate", "Of the estate with this code.")

    @strawberry_django.filter_field(description="On this day or later.")
    def from_day(self, value: date, prefix: str) -> Q:
        return Q(**{f"{prefix}day__gte": value})

    @strawberry_django.filter_field(description="On this day or earlier.")
    def to_day(self, value: date, prefix: str) -> Q:
        return Q(**{f"{prefix}day__lte": value})

    community = of_community()

    updated_since = updated_since()


@strawberry_django.order_type(models.Patrol)
class PatrolOrder:
    """Orders of rounds."""

    day: strawberry.auto
    started_at: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.Patrol,
    filters=PatrolFilter,
    ordering=PatrolOrder,
    description="五必查: one round of a grid, on a day, in a shift.",
)
class Patrol(HasAttachments, Seen, relay.Node):
    id: relay.NodeID[int]
    revision: int
    code: str
    day: date
    shift: PatrolShift
    status: PatrolStatus
    started_at: datetime
    finished_at: datetime | None
    created_at: datetime
    updated_at: datetime
    community: Community
    estate: Estate
    grid: Grid
    points: list[PatrolPoint] = nested_list(description="What was answered so far, the last first.")
    answered: int = strawberry_django.field(
        annotate=lambda info: points_answered(), description="How many of the five points."
    )
    issues: int = strawberry_django.field(
        annotate=lambda info: issues_found(), description="At how many something was wrong."
    )

    @strawberry_django.field(only=["patroller_id"], description="Whether the caller walks it.")
    def mine(self, info: Info) -> bool:
        return self.patroller_id is not None and self.patroller_id == viewer(info).pk  # type: ignore[attr-defined]

    @strawberry_django.field(only=["status"], description="The state in words.")
    def status_label(self, lang: Language = Language.ZH) -> str:
        return label_of(PatrolStatus, self.status, lang)

    @strawberry_django.field(
        only=["status", "community_id", "estate_id", "day"],
        description="What the caller may do with the round now.",
    )
    def available_actions(self, info: Info) -> list[AvailableAction]:
        return _walked(self, viewer(info))


def _walked(row: Any, user: Any) -> list[AvailableAction]:
    """The moves of a round for those who walk there: a steward's estate is enough."""
    if not user.is_authenticated:
        return []
    by = Actor.of(user, DOOR)
    if not may_walk(by, row.community_id, row.estate_id):
        return []
    moves = models.Patrol.machine.available(row.status)  # type: ignore[union-attr]
    return [offered(row, move, by) for move in moves if move.name in PATROL_VERBS]


# --- digests -------------------------------------------------------------------------------------


@strawberry_django.type(models.GroupPost, description="发群记录: one group got one edition.")
class GroupPost(Seen, relay.Node):
    id: relay.NodeID[int]
    edition: int
    posted_at: datetime
    group: ResidentGroup


@strawberry_django.filter_type(models.DailyDigest)
class DailyDigestFilter:
    """Filters of digests."""

    @strawberry_django.filter_field(description="In one of these states.")
    def status(self, value: list[DigestStatus], prefix: str) -> Q:
        return Q(**{f"{prefix}status__in": value})

    estate = code_of("estate", "Of the estate with this code.")

    @strawberry_django.filter_field(description="Of this day or later.")
    def from_day(self, value: date, prefix: str) -> Q:
        return Q(**{f"{prefix}day__gte": value})

    @strawberry_django.filter_field(description="Of this day or earlier.")
    def to_day(self, value: date, prefix: str) -> Q:
        return Q(**{f"{prefix}day__lte": value})

    community = of_community()

    updated_since = updated_since()


@strawberry_django.order_type(models.DailyDigest)
class DailyDigestOrder:
    """Orders of digests."""

    day: strawberry.auto
    published_at: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.DailyDigest,
    filters=DailyDigestFilter,
    ordering=DailyDigestOrder,
    description="工作小结: what an estate's neighbours are told in the evening of the day's rounds.",
)
class DailyDigest(HasAttachments, Seen, relay.Node):
    id: relay.NodeID[int]
    revision: int
    code: str
    day: date
    text: str = strawberry_django.field(description="As posted; names nobody.")
    patrols: int = strawberry_django.field(description="Rounds, as it was drafted.")
    points: int = strawberry_django.field(description="Points looked at.")
    issues: int = strawberry_django.field(description="Points at which something was wrong.")
    fixed_on_spot: int
    passed_on: int = strawberry_django.field(description="That became demands.")
    edition: int = strawberry_django.field(description="1 as published; a correction is one more.")
    status: DigestStatus
    published_at: datetime | None
    created_at: datetime
    updated_at: datetime
    community: Community
    estate: Estate
    posts: list[GroupPost] = strawberry_django.field(description="The groups that got it.")

    @strawberry_django.field(only=["status"], description="The state in words.")
    def status_label(self, lang: Language = Language.ZH) -> str:
        return label_of(DigestStatus, self.status, lang)

    @strawberry_django.field(
        only=["status", "community_id", "drafted_by_id", "text"],
        description="What the caller may do with the digest now.",
    )
    def available_actions(self, info: Info) -> list[AvailableAction]:
        return moves_of(self, info)  # type: ignore[no-any-return]
