"""The choices that the types and the inputs on patrols and digests share."""

import strawberry

from backend.patrols.choices import (
    DigestStatus,
    Handling,
    PatrolShift,
    PatrolStatus,
    PointKind,
    PointResult,
)

strawberry.enum(PatrolShift, description="Rounds a day.")
strawberry.enum(PatrolStatus, description="The states of a round.")
strawberry.enum(PointKind, name="PatrolPointKind", description="五必查: the five points.")
strawberry.enum(PointResult, name="PatrolPointResult", description="What was seen at a point.")
strawberry.enum(Handling, name="PatrolPointHandling", description="What became of what was found.")
strawberry.enum(
    DigestStatus, name="DailyDigestStatus", description="The states of an evening's digest."
)

__all__ = [
    "DigestStatus",
    "Handling",
    "PatrolShift",
    "PatrolStatus",
    "PointKind",
    "PointResult",
]
