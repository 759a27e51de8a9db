"""The states of stations and refills: one from/to table each (domain part 2, system 10)."""

from backend.core.workflow import Machine, Move, from_any
from backend.stations.choices import RefillStatus as R
from backend.stations.choices import StationStatus as S

STATION_MACHINE = Machine(
    field="status",
    moves=(
        Move(
            "pause",
            "暂停开放",
            from_any(S.OPEN),
            S.PAUSED,
            needs_reason=True,
            colour="danger",
            undoable=True,
        ),
        Move("resume", "恢复开放", from_any(S.PAUSED), S.OPEN, undoable=True),
        Move(
            "close",
            "关闭驿站",
            from_any(S.OPEN, S.PAUSED),
            S.CLOSED,
            needs_reason=True,
            colour="danger",
            undoable=True,
        ),
        # The next summer.
        Move("reopen", "重新开放", from_any(S.CLOSED), S.OPEN, undoable=True),
    ),
)

REFILL_MACHINE = Machine(
    field="status",
    moves=(
        # By an entry in that lifts the stock, never by hand.
        Move("finish", "补货完成", from_any(R.OPEN), R.DONE, right="finish"),
        Move(
            "drop",
            "不补了",
            from_any(R.OPEN),
            R.DROPPED,
            needs_reason=True,
            colour="danger",
            undoable=True,
        ),
    ),
)
