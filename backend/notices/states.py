"""The states of a notice: one from/to table. That its time is over is told by the day, not stored."""

from backend.core.workflow import Machine, Move, from_any
from backend.notices.choices import NoticeStatus as N

# The right of whoever answers for what the community tells everybody.
PUBLISH = "publish"

NOTICE_MACHINE = Machine(
    field="status",
    moves=(
        Move("publish", "发布", from_any(N.DRAFT), N.PUBLISHED, right=PUBLISH),
        # What was read is not rewritten: it comes down, is revised, and goes up again.
        Move(
            "withdraw",
            "撤下",
            from_any(N.PUBLISHED),
            N.WITHDRAWN,
            right=PUBLISH,
            needs_reason=True,
            colour="danger",
        ),
        Move("revise", "退回修改", from_any(N.WITHDRAWN), N.DRAFT),
    ),
)
