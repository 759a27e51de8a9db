"""The states of an opening: one from/to table."""

from backend.core.workflow import Machine, Move, from_any
from backend.founding.choices import FoundingStatus as S

FOUNDING_MACHINE = Machine(
    field="status",
    moves=(
        Move("refuse", "退回表格", from_any(S.READ), S.REFUSED),
        Move("make", "确认开通", from_any(S.READ), S.MADE),
        Move("undo", "撤销开通", from_any(S.MADE), S.UNDONE, colour="danger"),
        Move("discard", "放弃", from_any(S.READ, S.REFUSED), S.DISCARDED),
    ),
)
