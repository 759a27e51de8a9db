"""Inputs for the verbs on organizations, seats, head-counts and supplies, as `verbs.ASKED` wants them."""

import datetime
from collections.abc import Callable
from typing import Any

from strawberry.relay import to_base64

from backend.core import gate
from backend.core.access import SYSTEM
from backend.education.models import HeadcountEntry, LegalEducationEvent
from backend.meetings.models import Seat
from backend.people.models import Organization, Representative
from backend.places.models import Community
from backend.stations.models import CoolStation, StationException, Supply
from tests.access.patrol_verbs import VERBS as PATROL_VERBS
from tests.access.world import HOME

KEY = {"idempotencyKey": "cell"}
DAY = datetime.date(2025, 3, 1)
Given = Callable[[], dict[str, Any]]


def _id(row: Any) -> str:
    return to_base64(type(row).__name__, row.pk)


def _fresh(model: Any, **values: Any) -> Any:
    """One that nothing hangs on."""
    home = Community.objects.get(code=HOME)
    return gate.save(model(community=home, **values), by=SYSTEM)


def _body() -> Any:
    return _fresh(Organization, name="新商户", kind="merchant")


def _event() -> Any:
    return LegalEducationEvent.objects.filter(community__code=HOME, status="open")[0]


def _station() -> Any:
    return CoolStation.objects.filter(community__code=HOME).order_by("pk")[0]


FRESH: dict[str, Callable[[], Any]] = {
    "organizationId": _body,
    "representativeId": lambda: _fresh(
        Representative, organization=_body(), name="钱若水", valid_from=DAY
    ),
    "seatId": lambda: _fresh(Seat, tier="extended", organization=_body(), valid_from=DAY),
    "headcountId": lambda: _fresh(
        HeadcountEntry, event=_event(), kind="crowd", count=20, evidence="照片在活动档案里"
    ),
    "supplyId": lambda: _fresh(Supply, name="扇子", unit="把"),
    "exceptionId": lambda: _fresh(StationException, station=_station(), day=DAY),
}


def _on(key: str, **change: Any) -> Given:
    return lambda: {key: _id(FRESH[key]()), **change}


def _in(**values: Any) -> Given:
    return lambda: {"community": HOME, **values, **KEY}


VERBS: dict[str, tuple[Any, ...]] = {
    **PATROL_VERBS,
    "createOrganization": (
        "organizations.edit",
        _in(name="新商户", kind="MERCHANT"),
        ("places.see",),
    ),
    # A contact of the demo's bodies is none of this one.
    "updateOrganization": (
        "organizations.edit",
        _on("organizationId", shortName="新店"),
        ("organizations.see",),
    ),
    "removeOrganization": (
        "organizations.delete",
        _on("organizationId"),
        ("organizations.see",),
    ),
    "addRepresentative": (
        "organizations.edit",
        lambda: {
            "organizationId": _id(_body()),
            "name": "钱若水",
            "validFrom": DAY.isoformat(),
            **KEY,
        },
        ("organizations.see",),
    ),
    "updateRepresentative": (
        "organizations.edit",
        _on("representativeId", title="店长"),
        ("organizations.see",),
    ),
    "removeRepresentative": (
        "organizations.delete",
        _on("representativeId"),
        ("organizations.see",),
    ),
    "addSeat": (
        "seats.edit",
        lambda: {
            "community": HOME,
            "tier": "EXTENDED",
            "organizationId": _id(_body()),
            "validFrom": DAY.isoformat(),
            **KEY,
        },
        ("organizations.see",),
    ),
    "updateSeat": ("seats.edit", _on("seatId", validTo="2025-12-31"), ("seats.see",)),
    "removeSeat": ("seats.delete", _on("seatId"), ("seats.see",)),
    "recordHeadcount": (
        "attendance.edit",
        lambda: {
            "eventId": _id(_event()),
            "kind": "CROWD",
            "count": 20,
            "evidence": "照片在活动档案里",
            **KEY,
        },
        ("education.see",),
    ),
    "updateHeadcount": ("attendance.edit", _on("headcountId", count=21), ("attendance.see",)),
    "removeHeadcount": ("attendance.delete", _on("headcountId"), ("attendance.see",)),
    "createSupply": ("stations.edit", _in(name="扇子", unit="把"), ("places.see",)),
    "updateSupply": ("stations.edit", _on("supplyId", refillAt=7), ("stations.see",)),
    "removeSupply": ("stations.delete", _on("supplyId"), ("stations.see",)),
    "addStationException": (
        "stations.edit",
        lambda: {"stationId": _id(_station()), "day": DAY.isoformat(), **KEY},
        ("stations.see",),
    ),
    "removeStationException": ("stations.delete", _on("exceptionId"), ("stations.see",)),
}
