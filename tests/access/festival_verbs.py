"""Inputs for the verbs on festivals and cool stations, as `verbs.ASKED` wants them."""

import datetime
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from strawberry.relay import to_base64

from backend.core.access import SYSTEM
from backend.festivals import actions
from backend.festivals.models import FestivalHeads, FestivalSupply, NeighborFestival, Stall
from backend.stations.actions import STATION_VERBS
from backend.stations.ledger import take_out
from backend.stations.models import CoolStation, Refill, StationStock, SupplyEntry
from tests.access.world import HOME

WHY = "来电说明"
PLANNED, CLOSED = "llj-next", "llj-2025-08"
KEY = {"idempotencyKey": "cell"}


def _id(row: Any) -> str:
    return to_base64(type(row).__name__, row.pk)


def _festival(code: str = PLANNED) -> NeighborFestival:
    found: NeighborFestival = NeighborFestival.objects.get(code=code)
    return found


def new() -> dict[str, Any]:
    """A plan for some month to come."""
    start = timezone.now() + datetime.timedelta(days=100)
    return {
        "community": HOME,
        "title": "春天的邻里节",
        "startsAt": start.isoformat(),
        "endsAt": (start + datetime.timedelta(hours=3)).isoformat(),
        "place": "文化广场",
        **KEY,
    }


def festival(code: str = PLANNED, **more: Any) -> Callable[[], dict[str, Any]]:
    """A festival, and what is to be done with it."""
    return lambda: {"festivalId": _id(_festival(code)), **more}


def announced() -> dict[str, Any]:
    """One that has been announced."""
    return {"festivalId": _id(actions.announce(_festival(), by=SYSTEM))}


def _held() -> NeighborFestival:
    return actions.reopen_festival(_festival(CLOSED), by=SYSTEM, reason=WHY)


def held() -> dict[str, Any]:
    """One that was held, and is open."""
    return {"festivalId": _id(_held())}


def _stall() -> Stall:
    return Stall.objects.filter(festival=_festival())[0]


def new_stall() -> dict[str, Any]:
    """One stall more, of the kind of another."""
    kind = _id(_stall().category)
    return {"festivalId": _id(_festival()), "name": "加一个", "categoryId": kind, **KEY}


def stall(**more: Any) -> Callable[[], dict[str, Any]]:
    """A stall of the plan."""
    return lambda: {"stallId": _id(_stall()), **more}


def new_supply() -> dict[str, Any]:
    """Something more that is needed."""
    return {"festivalId": _id(_festival()), "name": "扩音器", "unit": "个", "planned": 1, **KEY}


def supply() -> dict[str, Any]:
    """So much was brought."""
    row = FestivalSupply.objects.filter(festival=_festival())[0]
    return {"supplyId": _id(row), "brought": 3}


def counted() -> dict[str, Any]:
    """A count of the whole, of one that is counted by stall: judged by its rules."""
    return held() | {"count": 100, "evidence": "照片", **KEY}


def heads() -> dict[str, Any]:
    """A count to be put right."""
    row = FestivalHeads.objects.filter(festival=_held())[0]
    return {"headsId": _id(row), "count": 7, "reason": WHY}


def station(verb: str = "") -> Callable[[], dict[str, Any]]:
    """A station, perhaps paused or closed."""

    def given() -> dict[str, Any]:
        row = CoolStation.objects.get(code="yz-dangqun")
        if verb:
            row = STATION_VERBS[verb](row, by=SYSTEM, reason=WHY)
        return {"stationId": _id(row), "reason": WHY}

    return given


def _stock() -> StationStock:
    found: StationStock = StationStock.objects.filter(station__code="yz-dangqun")[0]
    return found


def given_out() -> dict[str, Any]:
    """One less."""
    return {"stockId": _id(_stock()), "kind": "OUT", "quantity": 1, **KEY}


def stock_taking() -> dict[str, Any]:
    """One less than there should be."""
    row = _stock()
    return {"stockId": _id(row), "counted": row.balance - 1, "reason": WHY, **KEY}


def entry() -> dict[str, Any]:
    """An entry to be put right."""
    row: SupplyEntry = take_out(_stock(), 5, by=SYSTEM)
    return {"entryId": _id(row), "quantity": 4, "reason": WHY, **KEY}


def _refill() -> Refill:
    found: Refill = Refill.objects.get(community__code=HOME)
    return found


def assigned() -> dict[str, Any]:
    """A refill that nobody has to do any more, a day later."""
    row = _refill()
    later = row.due_on + datetime.timedelta(days=1)
    return {"refillId": _id(row), "username": None, "dueOn": later.isoformat()}


def refill() -> dict[str, Any]:
    """A refill to drop."""
    return {"refillId": _id(_refill()), "reason": WHY}
