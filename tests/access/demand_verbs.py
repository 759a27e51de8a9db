"""Inputs for the verbs on demands, as `verbs.ASKED` wants them."""

from collections.abc import Callable
from typing import Any

from strawberry.relay import to_base64

from backend.demands.models import Demand, DemandCategory
from backend.people.models import Organization
from tests.access.world import HOME

WHY = {"reason": "核对后办理"}


def _of(model: Any, **wanted: Any) -> Any:
    return model.objects.filter(community__code=HOME, **wanted).order_by("pk")[0]


def _id(row: Any) -> str:
    return to_base64(type(row).__name__, row.pk)


def registering() -> dict[str, Any]:
    """A matter of the caller's own, or somebody's who came by."""
    return {
        "community": HOME,
        "content": "楼道窗玻璃碎了",
        "estateId": _id(_of(Demand, status="registered").estate),
        "idempotencyKey": "cell",
    }


def demand(status: str, **more: Any) -> Callable[[], dict[str, Any]]:
    """A demand of that state, in the estate that has most of them."""
    return lambda: {"demandId": _id(_of(Demand, status=status))} | more


def assigning() -> dict[str, Any]:
    """One that nobody has in hand, and who shall."""
    body = _of(Organization, code="chengxinhang")
    return demand("registered")() | {"organizationId": _id(body)}


def duplicate() -> dict[str, Any]:
    """One that says what another says."""
    return demand("registered", **WHY)() | {"originalId": _id(_of(Demand, status="in_progress"))}


def new_category() -> dict[str, Any]:
    """One that there is not."""
    return {"community": HOME, "name": "宠物", "idempotencyKey": "cell"}


def category(**more: Any) -> Callable[[], dict[str, Any]]:
    """A category that demands have."""
    return lambda: {"categoryId": _id(_of(DemandCategory))} | more


_SEE = ("demands.see",)
# Verb -> the action that it needs, an input for it, and what must be seen as well.
VERBS: dict[str, tuple[Any, ...]] = {
    # Staff for others, everybody for themselves.
    "registerDemand": ("demands.bring", registering),
    "updateDemand": ("demands.edit", demand("registered", remark="门卫说的"), _SEE),
    "resolveDemandOnTheSpot": ("demands.move", demand("registered", result="已办好"), _SEE),
    "assignDemand": ("demands.move", assigning, (*_SEE, "organizations.see")),
    # The handler's contacts for the own body's: tests/demands/test_verbs.py.
    "takeUpDemand": ("demands.handle", demand("assigned"), _SEE),
    "giveBackDemand": ("demands.handle", demand("assigned", **WHY), _SEE),
    "respondToDemand": ("demands.handle", demand("assigned", text="正在看"), _SEE),
    "resolveDemand": ("demands.handle", demand("in_progress", result="已办好"), _SEE),
    # Reporters of the own ones: tests/demands/test_verbs.py.
    "confirmDemand": ("demands.move", demand("resolved"), _SEE),
    "reopenDemand": ("demands.move", demand("resolved", **WHY), _SEE),
    "closeDemand": ("demands.move", demand("resolved"), _SEE),
    "explainDemandUnresolvable": ("demands.move", demand("in_progress", **WHY), _SEE),
    "markDemandDuplicate": ("demands.move", duplicate, _SEE),
    "markDemandInvalid": ("demands.move", demand("registered", **WHY), _SEE),
    "extendDemand": ("demands.move", demand("in_progress", days=2, **WHY), _SEE),
    "updateDemandSettings": (
        "demand_rules.edit",
        lambda: {"community": HOME, "ordinaryDays": 6},
        ("places.see",),
    ),
    "createDemandCategory": ("demand_categories.edit", new_category),
    "updateDemandCategory": (
        "demand_categories.edit",
        category(position=9),
        ("demand_categories.see",),
    ),
    "removeDemandCategory": ("demand_categories.delete", category(), ("demand_categories.see",)),
}
