"""The states of items, slots and bookings: one from/to table each (domain part 2, system 10)."""

from backend.core.workflow import Machine, Move, from_any
from backend.services.choices import BookingStatus as B
from backend.services.choices import ItemStatus as I
from backend.services.choices import SlotStatus as S

# The right of whoever provides a service, beside staff: to say who came.
SERVE = "serve"

ITEM_MACHINE = Machine(
    field="status",
    moves=(
        Move(
            "pause",
            "暂停预约",
            from_any(I.OPEN),
            I.PAUSED,
            needs_reason=True,
            colour="danger",
            undoable=True,
        ),
        Move("resume", "恢复预约", from_any(I.PAUSED), I.OPEN, undoable=True),
    ),
)

SLOT_MACHINE = Machine(
    field="status",
    moves=(
        Move(
            "cancel", "取消时段", from_any(S.OPEN), S.CANCELLED, needs_reason=True, colour="danger"
        ),
        # A skipped occurrence can be added again; who had booked it has been told it is off.
        Move("reopen", "恢复时段", from_any(S.CANCELLED), S.OPEN),
    ),
)

BOOKING_MACHINE = Machine(
    field="status",
    moves=(
        Move("confirm", "确认预约", from_any(B.BOOKED), B.CONFIRMED),
        Move("wait", "排入候补", from_any(B.BOOKED), B.WAITLISTED),
        Move("promote", "递补", from_any(B.WAITLISTED), B.CONFIRMED, needs_reason=True),
        # A place that falls free is held for the next in line until they say yes, or time is up.
        Move("offer", "通知候补到位", from_any(B.WAITLISTED), B.OFFERED, needs_reason=True),
        Move("accept", "确认要来", from_any(B.OFFERED), B.CONFIRMED),
        Move("lapse", "过时收回", from_any(B.OFFERED), B.LAPSED, needs_reason=True),
        Move(
            "serve",
            "标记已服务",
            from_any(B.CONFIRMED, B.NO_SHOW),
            B.SERVED,
            right=SERVE,
            undoable=True,
        ),
        Move(
            "miss",
            "标记未到",
            from_any(B.CONFIRMED, B.SERVED),
            B.NO_SHOW,
            colour="danger",
            right=SERVE,
            undoable=True,
        ),
        Move("rate", "评价", from_any(B.SERVED), B.RATED),
        Move(
            "cancel",
            "取消预约",
            from_any(B.BOOKED, B.CONFIRMED, B.WAITLISTED, B.OFFERED),
            B.CANCELLED,
            needs_reason=True,
            colour="danger",
        ),
        Move(
            "decline",
            "不予受理",
            from_any(B.BOOKED, B.WAITLISTED),
            B.DECLINED,
            needs_reason=True,
            colour="danger",
        ),
    ),
)
