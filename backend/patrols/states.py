"""The states of patrols and digests: one from/to table each (domain part 2, system 5)."""

from backend.core.workflow import Machine, Move, from_any
from backend.patrols.choices import DigestStatus as D
from backend.patrols.choices import PatrolStatus as P

# The right of those who walk: staff of the community, and the stewards of the estate.
WALK = "walk"

PATROL_MACHINE = Machine(
    field="status",
    moves=(
        Move("finish", "完成巡查", from_any(P.OPEN), P.FINISHED, right=WALK),
        # On the same day: later it is in the digest, and counted.
        Move("reopen", "重新打开", from_any(P.FINISHED), P.OPEN, right=WALK, needs_reason=True),
        # Begun by mistake: another one of that grid, day and shift may take its place.
        Move(
            "cancel",
            "作废",
            from_any(P.OPEN),
            P.CANCELLED,
            right=WALK,
            needs_reason=True,
            colour="danger",
        ),
    ),
)

DIGEST_MACHINE = Machine(
    field="status",
    moves=(
        Move("review", "审核通过", from_any(D.DRAFT), D.REVIEWED, undoable=True),
        Move("send_back", "退回修改", from_any(D.REVIEWED), D.DRAFT, needs_reason=True),
        Move("publish", "发布", from_any(D.REVIEWED), D.PUBLISHED),
        # What was read stays on record; the reason says what was wrong.
        Move(
            "correct",
            "发更正",
            from_any(D.PUBLISHED, D.CORRECTED),
            D.CORRECTED,
            needs_reason=True,
        ),
    ),
)
