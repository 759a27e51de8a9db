"""The states of a demand: one from/to table (domain part 2, system 4).

WHISTLED and IN_MEDIATION come with their registers: docs/decisions/0056-demands.md.
"""

from backend.core.workflow import Machine, Move, from_any
from backend.demands.choices import DemandStatus as D

# The right of whoever a demand is assigned to, beside staff: to take it up, give it back, solve it.
HANDLE = "handle"
# Nobody's: taking an imported ledger back does it.
VOID = "void"

DEMAND_MACHINE = Machine(
    field="status",
    moves=(
        # The reason of these two says what was done: it stands on the demand as its result.
        Move(
            "resolve_on_the_spot",
            "马上办（当场解决）",
            from_any(D.REGISTERED),
            D.RESOLVED,
            needs_reason=True,
            asks="怎样解决的",
        ),
        Move("assign", "派单", from_any(D.REGISTERED, D.RETURNED, D.REOPENED), D.ASSIGNED),
        Move("take_up", "开始办理", from_any(D.ASSIGNED, D.REOPENED), D.IN_PROGRESS, right=HANDLE),
        Move(
            "give_back",
            "退回派单",
            from_any(D.ASSIGNED),
            D.RETURNED,
            needs_reason=True,
            colour="danger",
            right=HANDLE,
        ),
        Move(
            "resolve",
            "登记解决",
            from_any(D.IN_PROGRESS),
            D.RESOLVED,
            needs_reason=True,
            asks="怎样解决的",
            right=HANDLE,
        ),
        Move("confirm", "登记确认", from_any(D.RESOLVED), D.CONFIRMED),
        Move(
            "reopen",
            "重新办理",
            from_any(D.RESOLVED),
            D.REOPENED,
            needs_reason=True,
            colour="danger",
        ),
        Move(
            "explain_unresolvable",
            "说明无法解决",
            from_any(D.IN_PROGRESS),
            D.UNRESOLVABLE_EXPLAINED,
            needs_reason=True,
            asks="为什么解决不了、怎样向反映人说明的",
            colour="danger",
        ),
        Move("close", "办结", from_any(D.CONFIRMED, D.UNRESOLVABLE_EXPLAINED), D.CLOSED),
        Move(
            "mark_duplicate",
            "标为重复",
            from_any(D.REGISTERED, D.ASSIGNED, D.RETURNED),
            D.DUPLICATE,
            needs_reason=True,
            colour="danger",
        ),
        Move(
            "mark_invalid",
            "标为无效",
            from_any(D.REGISTERED, D.ASSIGNED, D.RETURNED),
            D.INVALID,
            needs_reason=True,
            colour="danger",
        ),
        # The number stays given.
        Move(
            "void",
            "撤销补录",
            from_any(*(state for state in D if state not in (D.DUPLICATE, D.INVALID))),
            D.INVALID,
            needs_reason=True,
            colour="danger",
            right=VOID,
            silent=True,
        ),
    ),
)
