"""The states of a person's request: one from/to table."""

from backend.core.workflow import Machine, Move, from_any
from backend.privacy.choices import RequestStatus as S

REQUEST_MACHINE = Machine(
    field="status",
    moves=(
        Move("finish", "办结", from_any(S.RECEIVED), S.DONE),
        Move(
            "refuse", "不同意", from_any(S.RECEIVED), S.REFUSED, needs_reason=True, colour="danger"
        ),
    ),
)
