"""Inputs for the verbs that set registers up, as `verbs.ASKED` wants them."""

import datetime
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from strawberry.relay import to_base64

from backend.core import gate
from backend.core.access import SYSTEM
from backend.meetings.models import AgendaItem, JointMeeting
from backend.partners.models import CoBuildingAgreement, IncipientIssue, VanguardPost
from backend.services.models import ServiceCategory, ServiceItem
from backend.stations.models import CoolStation, OpeningHours, StationStock, Supply
from tests.access.world import HOME

KEY = {"idempotencyKey": "cell"}
Given = Callable[[], dict[str, Any]]


def _id(row: Any) -> str:
    return to_base64(type(row).__name__, row.pk)


def _of(model: Any, **wanted: Any) -> Any:
    return model.objects.filter(community__code=HOME, **wanted).order_by("pk")[0]


def _on(key: str, model: Any, wanted: dict[str, Any], **change: Any) -> Given:
    return lambda: {key: _id(_of(model, **wanted)), **change}


def _new_station() -> dict[str, Any]:
    return {
        "community": HOME,
        "name": "东门驿站",
        "place": "东门岗亭旁",
        "seasonFrom": "2025-06-01",
        "seasonTo": "2025-09-30",
        **KEY,
    }


def _new_hours() -> dict[str, Any]:
    station = _of(CoolStation)
    return {
        "stationId": _id(station),
        "weekday": 6,
        "opens": "05:00:00",
        "closes": "05:30:00",
        **KEY,
    }


def _new_stock() -> dict[str, Any]:
    supply = gate.save(
        Supply(community=_of(CoolStation).community, name="扇子", unit="把"), by=SYSTEM
    )
    return {"stationId": _id(_of(CoolStation)), "supply": supply.code, **KEY}


def _new_item() -> dict[str, Any]:
    return {
        "community": HOME,
        "categoryId": _id(_of(ServiceCategory)),
        "title": "修伞",
        **KEY,
    }


def _draft() -> dict[str, Any]:
    old = _of(CoBuildingAgreement)
    row = CoBuildingAgreement(
        community_id=old.community_id,
        partner=old.partner,
        title="共建协议",
        starts_on=old.starts_on,
        ends_on=old.ends_on,
    )
    return {"agreementId": _id(gate.save(row, by=SYSTEM)), "remark": "待商定"}


def _meeting() -> JointMeeting:
    """One that nobody has been called to."""
    home = _of(CoolStation).community
    start = timezone.now() + datetime.timedelta(days=40)
    return gate.save(JointMeeting(community=home, title="议事", starts_at=start), by=SYSTEM)


def _item() -> dict[str, Any]:
    meeting = _meeting()
    row = AgendaItem(community=meeting.community, meeting=meeting, position=1, title="停车")
    return {"itemId": _id(gate.save(row, by=SYSTEM)), "presenter": "物业"}


VERBS: dict[str, tuple[Any, ...]] = {
    "createCoolStation": ("stations.edit", _new_station, ("places.see",)),
    "updateCoolStation": (
        "stations.edit",
        _on("stationId", CoolStation, {}, summary="有热水"),
        ("stations.see",),
    ),
    "addOpeningHours": ("stations.edit", _new_hours, ("stations.see",)),
    "removeOpeningHours": (
        "stations.delete",
        _on("hoursId", OpeningHours, {}),
        ("stations.see",),
    ),
    "addStationStock": ("stations.edit", _new_stock, ("stations.see",)),
    "updateStationStock": (
        "stations.edit",
        _on("stockId", StationStock, {}, refillAt=7),
        ("stations.see",),
    ),
    "createServiceItem": ("services.edit", _new_item, ("services.see",)),
    "updateServiceItem": (
        "services.edit",
        _on("itemId", ServiceItem, {}, prerequisites="带好身份证件"),
        ("services.see",),
    ),
    "createVenue": (
        "education.edit",
        lambda: {"community": HOME, "name": "新会场", "kind": "STOOL_THEATRE", **KEY},
        ("places.see",),
    ),
    "updateJointMeeting": (
        "meetings.edit",
        lambda: {"meetingId": _id(_meeting()), "remark": "带好材料"},
        ("meetings.see",),
    ),
    "updateAgendaItem": ("meetings.edit", _item, ("meetings.see",)),
    "updateCoBuildingAgreement": ("partners.edit", _draft, ("partners.see",)),
    "updateVanguardPost": (
        "partners.edit",
        _on("postId", VanguardPost, {"until": None}, place="南门"),
        ("partners.see",),
    ),
    "updateIncipientIssue": (
        "incipient.edit",
        _on("issueId", IncipientIssue, {"status": "found"}, description="车位争执，已记下"),
        ("incipient.see",),
    ),
}
