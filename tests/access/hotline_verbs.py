"""Inputs for the verbs on the hotline's counts, as `verbs.ASKED` wants them."""

from collections.abc import Callable
from typing import Any

from strawberry.relay import to_base64

from backend.core import gate
from backend.core.access import SYSTEM
from backend.indicators.models import HotlineCategory, HotlineMonthlyCount
from backend.places.models import Community
from tests.access.world import HOME

KEY = {"idempotencyKey": "cell"}
Given = Callable[[], dict[str, Any]]


def _category() -> Any:
    home = Community.objects.get(code=HOME)
    return gate.save(HotlineCategory(community=home, name="供水"), by=SYSTEM)


def _count() -> Any:
    category = _category()
    row = HotlineMonthlyCount(
        community_id=category.community_id, category=category, year=2025, month=3, count=7
    )
    return gate.save(row, by=SYSTEM)


def _on(key: str, make: Callable[[], Any], **change: Any) -> Given:
    def given() -> dict[str, Any]:
        row = make()
        return {key: to_base64(type(row).__name__, row.pk), **change}

    return given


SEEN = ("hotline.see",)
VERBS: dict[str, tuple[Any, ...]] = {
    "createHotlineMonthlyCount": (
        "hotline.edit",
        _on("categoryId", _category, year=2025, month=4, count=9, **KEY),
        SEEN,
    ),
    "updateHotlineMonthlyCount": ("hotline.edit", _on("countId", _count, count=8), SEEN),
    "removeHotlineMonthlyCount": ("hotline.delete", _on("countId", _count), SEEN),
    "createHotlineCategory": (
        "hotline.edit",
        lambda: {"community": HOME, "name": "供水", **KEY},
        ("places.see",),
    ),
    "updateHotlineCategory": ("hotline.edit", _on("categoryId", _category, position=9), SEEN),
    "removeHotlineCategory": ("hotline.delete", _on("categoryId", _category), SEEN),
}
