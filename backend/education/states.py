"""The states of an event: the one from/to table (domain part 2, system 9)."""

from backend.core.workflow import Machine, Move, from_any
from backend.education.choices import EventStatus as S

EVENT_MACHINE = Machine(
    field="status",
    moves=(
        Move("open", "开放报名", from_any(S.PLANNED), S.OPEN),
        Move("hold", "标记为已举办", from_any(S.OPEN), S.HELD),
        Move("archive", "归档", from_any(S.HELD), S.ARCHIVED),
        # Sign-in sheets arrive late: an archive must open again, with a reason.
        Move("reopen", "退回补录", from_any(S.ARCHIVED), S.HELD, needs_reason=True),
        Move(
            "cancel",
            "取消活动",
            from_any(S.PLANNED, S.OPEN),
            S.CANCELLED,
            needs_reason=True,
            colour="danger",
        ),
    ),
)
