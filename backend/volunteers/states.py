"""The states of volunteers, assignments and service records: one from/to table each."""

from backend.core.workflow import Machine, Move, from_any
from backend.volunteers.choices import AssignmentStatus as A
from backend.volunteers.choices import RecordStatus as R
from backend.volunteers.choices import VolunteerStatus as V

VOLUNTEER_MACHINE = Machine(
    field="status",
    moves=(
        Move("approve", "通过申请", from_any(V.APPLIED), V.ACTIVE),
        Move(
            "decline", "不予通过", from_any(V.APPLIED), V.LEFT, needs_reason=True, colour="danger"
        ),
        Move("pause", "暂停服务", from_any(V.ACTIVE), V.PAUSED, needs_reason=True, undoable=True),
        Move("resume", "恢复服务", from_any(V.PAUSED), V.ACTIVE, undoable=True),
        Move(
            "leave",
            "退出",
            from_any(V.APPLIED, V.ACTIVE, V.PAUSED),
            V.LEFT,
            needs_reason=True,
            colour="danger",
        ),
    ),
)

ASSIGNMENT_MACHINE = Machine(
    field="status",
    moves=(
        Move("accept", "确认参加", from_any(A.PLANNED), A.ACCEPTED, undoable=True),
        Move(
            "decline",
            "谢绝派工",
            from_any(A.PLANNED, A.ACCEPTED),
            A.DECLINED,
            needs_reason=True,
            colour="danger",
        ),
        # Absent by mistake is put right; the hours are a record of their own.
        Move(
            "complete",
            "标记已完成",
            from_any(A.PLANNED, A.ACCEPTED, A.ABSENT),
            A.DONE,
            undoable=True,
        ),
        Move(
            "miss",
            "标记未到岗",
            from_any(A.PLANNED, A.ACCEPTED),
            A.ABSENT,
            colour="danger",
            undoable=True,
        ),
        Move(
            "cancel",
            "取消派工",
            from_any(A.PLANNED, A.ACCEPTED),
            A.CANCELLED,
            needs_reason=True,
            colour="danger",
        ),
    ),
)

RECORD_MACHINE = Machine(
    field="status",
    moves=(
        Move("verify", "核实", from_any(R.SUBMITTED), R.VERIFIED, right="verify", undoable=True),
        Move(
            "reject",
            "不予核实",
            from_any(R.SUBMITTED),
            R.REJECTED,
            needs_reason=True,
            colour="danger",
            right="verify",
        ),
        Move(
            "withdraw",
            "撤回填报",
            from_any(R.SUBMITTED),
            R.WITHDRAWN,
            needs_reason=True,
            right="edit",
            undoable=True,
        ),
        Move(
            "take_back",
            "撤销核实",
            from_any(R.VERIFIED),
            R.WITHDRAWN,
            needs_reason=True,
            colour="danger",
            right="verify",
        ),
    ),
)
