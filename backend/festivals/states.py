"""The states of a festival: one from/to table (domain part 2, system 10)."""

from backend.core.workflow import Machine, Move, from_any
from backend.festivals.choices import FestivalStatus as F

FESTIVAL_MACHINE = Machine(
    field="status",
    moves=(
        Move("announce", "公布", from_any(F.PLANNED), F.ANNOUNCED),
        Move("hold", "标记已举办", from_any(F.ANNOUNCED), F.HELD),
        Move("close", "归档", from_any(F.HELD), F.CLOSED),
        # A count that turns out wrong is corrected where it stands, with a reason.
        Move("reopen", "重新打开", from_any(F.CLOSED), F.HELD, needs_reason=True),
        Move(
            "cancel",
            "取消邻里节",
            from_any(F.PLANNED, F.ANNOUNCED),
            F.CANCELLED,
            needs_reason=True,
            colour="danger",
        ),
    ),
)
