"""What the mutations on patrols and digests take."""

from datetime import date

import strawberry
from strawberry import relay

from schema.main.changes import SEEN
from schema.main.patrol_enums import PatrolShift, PointKind, PointResult

KEY = "The same key twice: the first result."


@strawberry.input
class StartPatrolInput:
    """A round of a grid, begun by the caller."""

    grid_id: relay.GlobalID
    shift: PatrolShift
    idempotency_key: str = strawberry.field(description=KEY)
    day: date | None = strawberry.field(
        default=None, description="Today if left out; at most the day before."
    )


@strawberry.input
class AnswerPatrolPointInput:
    """What was seen at a point; said again, it takes the place of what was said before."""

    patrol_id: relay.GlobalID
    kind: PointKind
    result: PointResult
    note: str = strawberry.field(
        default="", description="Needed for an ISSUE: what and where; names nobody."
    )
    fixed_how: str = strawberry.field(default="", description="How it was mended on the spot.")


@strawberry.input
class PassOnPatrolPointInput:
    """Something found that could not be mended on the spot."""

    point_id: relay.GlobalID
    idempotency_key: str = strawberry.field(description=KEY)
    urgent: bool = False


@strawberry.input
class PatrolInput:
    """A round, and why."""

    patrol_id: relay.GlobalID
    reason: str = ""


@strawberry.input
class DraftDailyDigestInput:
    """A digest of an estate's finished rounds of a day."""

    estate_id: relay.GlobalID
    day: date
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input
class UpdateDailyDigestInput:
    """Another text for a draft; left out, it stays."""

    digest_id: relay.GlobalID
    text: str | None = strawberry.field(default=strawberry.UNSET, description="Names nobody.")
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class DailyDigestInput:
    """A digest, and why."""

    digest_id: relay.GlobalID
    reason: str = ""


@strawberry.input
class PostDailyDigestInput:
    """A digest, and the groups in which it was posted."""

    digest_id: relay.GlobalID
    group_ids: list[relay.GlobalID]


@strawberry.input
class CorrectDailyDigestInput:
    """What a published digest should have said, and what was wrong."""

    digest_id: relay.GlobalID
    text: str
    reason: str
