"""The states of meetings, agenda items, votes and action items (domain part 2, system 1).

Beyond the domain's arrows, what life needs: an inquorate meeting may be given up; minutes in which
something is wrong go back to the draft, and published ones are taken down first.
"""

from backend.core.workflow import Machine, Move, from_any
from backend.meetings.choices import ActionStatus as A
from backend.meetings.choices import ItemStatus as I
from backend.meetings.choices import MeetingStatus as S
from backend.meetings.choices import VoteStatus as V

MEETING_MACHINE = Machine(
    field="status",
    moves=(
        Move("notice", "发出会议通知", from_any(S.DRAFT), S.NOTICED),
        Move("postpone", "延期", from_any(S.NOTICED), S.POSTPONED, needs_reason=True),
        Move("reconvene", "重新通知", from_any(S.POSTPONED, S.INQUORATE), S.NOTICED),
        Move("open", "开会", from_any(S.NOTICED), S.IN_SESSION),
        Move(
            "declare_inquorate",
            "宣布人数不足",
            from_any(S.IN_SESSION),
            S.INQUORATE,
            colour="danger",
        ),
        Move("close", "散会", from_any(S.IN_SESSION), S.MINUTES_DRAFT),
        Move("confirm", "确认纪要", from_any(S.MINUTES_DRAFT), S.CONFIRMED),
        Move("reopen_minutes", "退回修改", from_any(S.CONFIRMED), S.MINUTES_DRAFT, True),
        Move("publish", "公布纪要", from_any(S.CONFIRMED), S.PUBLISHED),
        Move("withdraw", "撤下公布", from_any(S.PUBLISHED), S.CONFIRMED, True, "danger"),
        # Of meetings that a ledger brought, alone: what it told was wrong, the number stays.
        Move("void", "作废", from_any(S.MINUTES_DRAFT, S.CONFIRMED), S.VOID, True, "danger"),
        Move(
            "cancel",
            "取消会议",
            from_any(S.DRAFT, S.NOTICED, S.POSTPONED, S.INQUORATE),
            S.CANCELLED,
            needs_reason=True,
            colour="danger",
        ),
    ),
)

ITEM_MACHINE = Machine(
    field="status",
    moves=(
        Move("start", "开始审议", from_any(I.WAITING), I.ACTIVE),
        Move("finish", "审议完毕", from_any(I.ACTIVE), I.DONE),
        # The meeting lost its quorum: the item waits for the next sitting.
        Move("interrupt", "中断", from_any(I.ACTIVE), I.WAITING),
        Move("defer", "转下次会议", from_any(I.WAITING, I.ACTIVE), I.DEFERRED),
    ),
)

VOTE_MACHINE = Machine(
    field="status",
    moves=(
        Move("count", "计票", from_any(V.OPEN), V.COUNTED),
        Move("void", "作废", from_any(V.OPEN, V.COUNTED), V.VOID, True, "danger"),
    ),
)

ACTION_MACHINE = Machine(
    field="status",
    moves=(
        Move("start", "开始落实", from_any(A.OPEN), A.IN_PROGRESS, undoable=True),
        Move("finish", "报告办结", from_any(A.IN_PROGRESS), A.DONE, undoable=True),
        Move("verify", "核验通过", from_any(A.DONE), A.VERIFIED, undoable=True),
        Move(
            "reopen",
            "退回重办",
            from_any(A.DONE),
            A.OPEN,
            needs_reason=True,
            colour="danger",
            undoable=True,
        ),
    ),
)
