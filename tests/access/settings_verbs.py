"""Inputs for the verbs on places and on what a community settles once, as `verbs.ASKED` wants them."""

import datetime
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from strawberry.relay import to_base64

from backend.core import gate
from backend.core.access import SYSTEM
from backend.people.models import PrivacyNotice
from backend.places.models import (
    Building,
    Community,
    Estate,
    Grid,
    HolidayOverride,
    ResidentGroup,
    Subdistrict,
)
from backend.privacy.models import RetentionRule
from backend.services.models import ServiceCategory
from backend.volunteers.models import HonourLevel
from tests.access import hotline_verbs
from tests.access.world import HOME

KEY = {"idempotencyKey": "cell"}
DAY = datetime.date(2025, 3, 1)
Given = Callable[[], dict[str, Any]]
# The installation's administrator makes what belongs to no community yet: nobody else has this one.
ADMINISTRATOR = "accounts.edit"


def _id(row: Any) -> str:
    return to_base64(type(row).__name__, row.pk)


def _home() -> Community:
    return Community.objects.get(code=HOME)


def _fresh(model: Any, **values: Any) -> Any:
    """One that nothing hangs on."""
    if model is not Subdistrict:
        values = {"community": _home()} | values
    return gate.save(model(**values), by=SYSTEM)


def _estate() -> Any:
    return _fresh(Estate, name="新苑")


FRESH: dict[str, Callable[[], Any]] = {
    "subdistrictId": lambda: _fresh(Subdistrict, code="xin-jie", name="新街道"),
    "estateId": _estate,
    "buildingId": lambda: _fresh(Building, estate=_estate(), name="88"),
    "gridId": lambda: _fresh(Grid, name="新网格"),
    "groupId": lambda: _fresh(ResidentGroup, name="新群", started_on=DAY),
    "overrideId": lambda: _fresh(HolidayOverride, day=DAY, works=True, note="值班"),
    "noticeId": lambda: _fresh(PrivacyNotice, version="2099-1", text="登记什么、用在哪里。"),
    "ruleId": lambda: _fresh(RetentionRule, holding="service_bookings", days=400),
    "categoryId": lambda: _fresh(ServiceCategory, name="助新"),
    "levelId": lambda: _fresh(HonourLevel, name="新星", minutes=77 * 60),
}


def _on(key: str, **change: Any) -> Given:
    return lambda: {key: _id(FRESH[key]()), **change}


def _in(**values: Any) -> Given:
    return lambda: {"community": HOME, **values, **KEY}


def _day(days: int) -> str:
    return (timezone.localdate() + datetime.timedelta(days)).isoformat()


VERBS: dict[str, tuple[Any, ...]] = {
    **hotline_verbs.VERBS,
    "createSubdistrict": (
        "places.edit",
        lambda: {"code": "xin-jie", "name": "新街道", **KEY},
        (ADMINISTRATOR,),
    ),
    "updateSubdistrict": (
        "places.edit",
        _on("subdistrictId", name="老街道"),
        (ADMINISTRATOR,),
    ),
    "removeSubdistrict": ("places.delete", _on("subdistrictId"), (ADMINISTRATOR,)),
    "createCommunity": (
        "places.edit",
        lambda: {
            "subdistrictId": _id(_home().subdistrict),
            "code": "xin-shequ",
            "name": "新社区",
            **KEY,
        },
        (ADMINISTRATOR,),
    ),
    "updateCommunity": (
        "places.edit",
        lambda: {"communityId": _id(_home()), "name": "新河北社区"},
        ("places.see",),
    ),
    "createEstate": ("places.edit", _in(name="新苑"), ("places.see",)),
    "updateEstate": ("places.edit", _on("estateId", name="老苑"), ("places.see",)),
    "removeEstate": ("places.delete", _on("estateId"), ("places.see",)),
    "createBuilding": (
        "places.edit",
        lambda: {"estateId": _id(_estate()), "name": "88", **KEY},
        ("places.see",),
    ),
    "updateBuilding": ("places.edit", _on("buildingId", name="89"), ("places.see",)),
    "removeBuilding": ("places.delete", _on("buildingId"), ("places.see",)),
    "createGrid": ("places.edit", _in(name="新网格"), ("places.see",)),
    "updateGrid": ("places.edit", _on("gridId", name="老网格"), ("places.see",)),
    "removeGrid": ("places.delete", _on("gridId"), ("places.see",)),
    "createResidentGroup": (
        "places.edit",
        _in(name="新群", startedOn=DAY.isoformat()),
        ("places.see",),
    ),
    "updateResidentGroup": (
        "places.edit",
        _on("groupId", endedOn=DAY.isoformat()),
        ("places.see",),
    ),
    "removeResidentGroup": ("places.delete", _on("groupId"), ("places.see",)),
    "createHolidayOverride": (
        "calendar.edit",
        lambda: {"community": HOME, "day": _day(9), "works": True, "note": "值班", **KEY},
        ("places.see",),
    ),
    "updateHolidayOverride": (
        "calendar.edit",
        _on("overrideId", works=False),
        ("calendar.see",),
    ),
    "removeHolidayOverride": ("calendar.delete", _on("overrideId"), ("calendar.see",)),
    "createPrivacyNotice": (
        "privacy.edit",
        _in(version="2099-1", text="登记什么、用在哪里。"),
        ("places.see",),
    ),
    "updatePrivacyNotice": (
        "privacy.edit",
        _on("noticeId", text="登记什么、用在哪里、保存多久。"),
        ("privacy.see",),
    ),
    "createRetentionRule": (
        "privacy.edit",
        _in(holding="service_bookings", days=400),
        ("places.see",),
    ),
    "updateRetentionRule": ("privacy.edit", _on("ruleId", days=500), ("privacy.see",)),
    "createServiceCategory": ("services.edit", _in(name="助新"), ("places.see",)),
    "updateServiceCategory": (
        "services.edit",
        _on("categoryId", summary="新的帮助"),
        ("services.see",),
    ),
    "removeServiceCategory": ("services.delete", _on("categoryId"), ("services.see",)),
    "createHonourLevel": (
        "honour_levels.edit",
        _in(name="新星", minutes=77 * 60),
        ("places.see",),
    ),
    "updateHonourLevel": (
        "honour_levels.edit",
        _on("levelId", active=False),
        ("honour_levels.see",),
    ),
    "removeHonourLevel": ("honour_levels.delete", _on("levelId"), ("honour_levels.see",)),
}
