"""The states of events and registrations: one from/to table each (domain part 2, system 9)."""

from backend.core.workflow import Machine, Move, from_any
from backend.education.choices import EventStatus as S
from backend.education.choices import RegistrationStatus as R

EVENT_MACHINE = Machine(
    field="status",
    moves=(
        Move("open", "开放报名", from_any(S.PLANNED), S.OPEN),
        Move("hold", "标记为已举办", from_any(S.OPEN), S.HELD, undoable=True),
        Move("archive", "归档", from_any(S.HELD), S.ARCHIVED, undoable=True),
        # Sign-in sheets arrive late: an archive must open again, with a reason.
        Move("reopen", "退回补录", from_any(S.ARCHIVED), S.HELD, needs_reason=True, undoable=True),
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

REGISTRATION_MACHINE = Machine(
    field="status",
    moves=(
        Move("confirm", "确认报名", from_any(R.PENDING), R.CONFIRMED),
        Move("wait", "排入候补", from_any(R.PENDING), R.WAITLISTED),
        Move("promote", "递补", from_any(R.WAITLISTED), R.CONFIRMED, needs_reason=True),
        # Where registrations are approved, a place that falls free is offered, not given.
        Move("advance", "递补待审核", from_any(R.WAITLISTED), R.PENDING, needs_reason=True),
        Move(
            "reject",
            "不予通过",
            from_any(R.PENDING, R.WAITLISTED),
            R.REJECTED,
            needs_reason=True,
            colour="danger",
        ),
        Move(
            "withdraw",
            "取消报名",
            from_any(R.PENDING, R.CONFIRMED, R.WAITLISTED),
            R.WITHDRAWN,
            needs_reason=True,
            colour="danger",
        ),
    ),
)
