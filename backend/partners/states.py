"""The states of red partners' registers: one from/to table each (domain part 2, system 2)."""

from backend.core.workflow import Machine, Move, from_any
from backend.partners.choices import AgreementStatus as A
from backend.partners.choices import IssueStatus as I
from backend.partners.choices import ReportStatus as R
from backend.partners.choices import SelectionStatus as S

AGREEMENT_MACHINE = Machine(
    field="status",
    moves=(
        Move("sign", "签订", from_any(A.DRAFT), A.SIGNED, undoable=True),
        # Before it holds, a slip of the pen is put right; afterwards a new agreement is made.
        Move("revise", "退回修改", from_any(A.SIGNED), A.DRAFT, needs_reason=True, undoable=True),
        Move("activate", "生效", from_any(A.SIGNED), A.ACTIVE),
        Move("expire", "到期", from_any(A.ACTIVE), A.EXPIRED, undoable=True),
        Move(
            "terminate",
            "提前终止",
            from_any(A.SIGNED, A.ACTIVE),
            A.TERMINATED,
            needs_reason=True,
            colour="danger",
        ),
    ),
)

ISSUE_MACHINE = Machine(
    field="status",
    moves=(
        # The reason says how: it stands on the issue as well.
        Move(
            "defuse",
            "登记化解",
            from_any(I.FOUND),
            I.DEFUSED,
            needs_reason=True,
            asks="怎样化解的",
            undoable=True,
        ),
        Move("escalate", "转办", from_any(I.FOUND), I.ESCALATED, undoable=True),
        Move(
            "reopen",
            "重新打开",
            from_any(I.DEFUSED, I.ESCALATED),
            I.FOUND,
            needs_reason=True,
            colour="danger",
            undoable=True,
        ),
    ),
)

REPORT_MACHINE = Machine(
    field="status",
    moves=(
        # The company's own word; hearing it is the community's.
        Move("submit", "提交", from_any(R.DRAFT), R.SUBMITTED, right="submit", undoable=True),
        Move(
            "withdraw", "退回补充", from_any(R.SUBMITTED), R.DRAFT, needs_reason=True, undoable=True
        ),
        Move("hear", "登记听取", from_any(R.SUBMITTED), R.HEARD, undoable=True),
    ),
)

SELECTION_MACHINE = Machine(
    field="status",
    moves=(
        Move("open", "开始评选", from_any(S.DRAFT), S.OPEN),
        Move("decide", "评出结果", from_any(S.OPEN), S.DECIDED),
        # A wrong count is put right before anybody has read it.
        Move("recount", "退回重评", from_any(S.DECIDED), S.OPEN, needs_reason=True),
        Move("announce", "公布结果", from_any(S.DECIDED), S.ANNOUNCED),
        Move(
            "cancel",
            "取消评选",
            from_any(S.DRAFT, S.OPEN, S.DECIDED),
            S.CANCELLED,
            needs_reason=True,
            colour="danger",
        ),
    ),
)
