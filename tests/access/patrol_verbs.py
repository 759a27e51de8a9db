"""Inputs for the verbs on patrols and digests, as `verbs.ASKED` wants them."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from strawberry.relay import to_base64

from backend.patrols.models import DailyDigest, Patrol, PatrolPoint
from backend.places.models import Estate, Grid, ResidentGroup
from tests.access.world import HOME

KEY = {"idempotencyKey": "cell"}
Given = Callable[[], dict[str, Any]]


def _id(row: Any) -> str:
    return to_base64(type(row).__name__, row.pk)


def _of(model: Any, **values: Any) -> Any:
    return model.objects.filter(community__code=HOME, **values).order_by("pk")[0]


def _starting() -> dict[str, Any]:
    return {"gridId": _id(_of(Grid)), "shift": "AFTERNOON", **KEY}


def _answering() -> dict[str, Any]:
    patrol = _of(Patrol, status="open")
    return {"patrolId": _id(patrol), "kind": "CIVILITY", "result": "OK"}


def _point() -> dict[str, Any]:
    return {"pointId": _id(_of(PatrolPoint, handling="waiting")), **KEY}


def _patrol(status: str) -> Given:
    return lambda: {"patrolId": _id(_of(Patrol, status=status)), "reason": "核对"}


def _drafting() -> dict[str, Any]:
    return {
        "estateId": _id(_of(Estate, code="dongyuan")),
        "day": timezone.localdate().isoformat(),
        **KEY,
    }


def _digest(status: str, **change: Any) -> Given:
    return lambda: {"digestId": _id(_of(DailyDigest, status=status)), **change}


def _posting(status: str) -> Given:
    return lambda: {
        "digestId": _id(_of(DailyDigest, status=status)),
        "groupIds": [_id(_of(ResidentGroup))],
    }


_SEES, _READS = ("patrols.see",), ("digests.see",)
VERBS: dict[str, tuple[Any, ...]] = {
    "startPatrol": ("patrols.walk", _starting, ("places.see",)),
    "answerPatrolPoint": ("patrols.walk", _answering, _SEES),
    "passOnPatrolPoint": ("patrols.walk", _point, _SEES),
    "finishPatrol": ("patrols.walk", _patrol("open"), _SEES),
    "reopenPatrol": ("patrols.walk", _patrol("finished"), _SEES),
    "cancelPatrol": ("patrols.walk", _patrol("open"), _SEES),
    "draftDailyDigest": ("digests.edit", _drafting, ("places.see",)),
    "updateDailyDigest": ("digests.edit", _digest("draft", text="一切正常。"), _READS),
    "redraftDailyDigest": ("digests.edit", _digest("draft"), _READS),
    "reviewDailyDigest": ("digests.move", _digest("draft"), _READS),
    "sendBackDailyDigest": ("digests.move", _digest("reviewed", reason="核对"), _READS),
    "publishDailyDigest": ("digests.move", _posting("reviewed"), _READS),
    "postDailyDigest": ("digests.edit", _posting("published"), _READS),
    "correctDailyDigest": (
        "digests.move",
        _digest("published", text="更正：一切正常。", reason="写错"),
        _READS,
    ),
}
