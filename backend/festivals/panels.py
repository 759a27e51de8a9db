"""What stands under a festival's form: its figures, what there is to say of its day, who helps."""

from django.http import HttpRequest

from backend.core.models import Kept
from backend.core.panels import Panel, panel
from backend.festivals.choices import FestivalStatus
from backend.festivals.copying import day_notes
from backend.festivals.models import NeighborFestival
from backend.festivals.queries import plan_of

_TO_COME = (FestivalStatus.PLANNED, FestivalStatus.ANNOUNCED)


@panel
def festival_panel(request: HttpRequest, record: Kept) -> Panel | None:
    """Stalls, kinds, hands and heads of a festival, in figures."""
    if not isinstance(record, NeighborFestival):
        return None
    plan = plan_of(record, request.user)
    there = [(stall, hands) for stall, hands in plan["stalls"] if not stall.absent]
    found = sum(hands.count for _stall, hands in there)
    return Panel(
        "festivals/panel.html",
        {
            **plan,
            "there": len(there),
            "found": found,
            "short": [
                (stall, stall.planned_helpers - hands.count)
                for stall, hands in there
                if found and hands.count < stall.planned_helpers
            ],
            "notes": day_notes(record) if record.status in _TO_COME else [],
            "record": record,
        },
    )
