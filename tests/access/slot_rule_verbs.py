"""Inputs for the verbs on repeating slots and closures, as `verbs.ASKED` wants them."""

import datetime
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from strawberry.relay import to_base64

from backend.core import gate
from backend.core.access import SYSTEM
from backend.services.models import Closure, ServiceItem, SlotException, SlotRule
from tests.access.world import HOME

KEY = {"idempotencyKey": "cell"}
DAY = datetime.timedelta(days=1)
Given = Callable[[], dict[str, Any]]


def _id(row: Any) -> str:
    return to_base64(type(row).__name__, row.pk)


def _of(model: Any, **wanted: Any) -> Any:
    return model.objects.filter(community__code=HOME, **wanted).order_by("pk")[0]


def _ahead(days: int) -> str:
    return (timezone.localdate() + days * DAY).isoformat()


def _rule(**more: Any) -> Given:
    return lambda: {"ruleId": _id(_of(SlotRule)), **more}


def _new_rule() -> dict[str, Any]:
    return {
        "itemId": _id(_of(ServiceItem, code="haircut")),
        "weekday": 6,
        "starts": "06:00:00",
        "ends": "07:00:00",
        "validFrom": _ahead(1),
        **KEY,
    }


def _new_exception() -> dict[str, Any]:
    return {"ruleId": _id(_of(SlotRule)), "day": _ahead(300), "kind": "EXTRA", **KEY}


def _exception(**more: Any) -> Given:
    def given() -> dict[str, Any]:
        rule = _of(SlotRule)
        row = SlotException(
            community_id=rule.community_id,
            rule=rule,
            day=timezone.localdate() + 301 * DAY,
            kind="skip",
        )
        return {"exceptionId": _id(gate.save(row, by=SYSTEM)), **more}

    return given


def _new_closure() -> dict[str, Any]:
    return {
        "community": HOME,
        "firstDay": _ahead(300),
        "lastDay": _ahead(301),
        "reason": "检修",
        **KEY,
    }


def _closure(**more: Any) -> Given:
    return lambda: {"closureId": _id(_of(Closure)), **more}


VERBS: dict[str, tuple[Any, ...]] = {
    "createSlotRule": ("services.edit", _new_rule, ("services.see",)),
    "updateSlotRule": ("services.edit", _rule(capacity=7), ("services.see",)),
    "applySlotRule": ("services.edit", _rule(), ("services.see",)),
    "addSlotException": ("services.edit", _new_exception, ("services.see",)),
    "updateSlotException": ("services.edit", _exception(reason="检修"), ("services.see",)),
    "removeSlotException": ("services.delete", _exception(), ("services.see",)),
    "createClosure": ("services.edit", _new_closure, ("places.see",)),
    "updateClosure": ("services.edit", _closure(reason="大厅检修"), ("services.see",)),
    "removeClosure": ("services.delete", _closure(), ("services.see",)),
}
