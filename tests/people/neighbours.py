"""People for tests of the roster, and every table as it stands."""

from typing import Any

from django.apps import apps

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.models import Kept
from backend.people.models import Resident
from backend.places.models import Building, Community

PHONE, OTHER, THIRD = "13812345678", "13987654321", "13700001111"
_MOVING = {"revision", "updated_at"}


def neighbour(
    community: Community, name: str = "张三", phone: str = PHONE, **more: Any
) -> Resident:
    """A saved resident."""
    return gate.save(Resident(community=community, name=name, phone=phone, **more), by=SYSTEM)


def at(building: Building, unit: str = "2", room: str = "501") -> dict[str, Any]:
    """The fields of somebody who lives behind a door."""
    return {"building": building, "unit": unit, "room": room}


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every kept table, without what every write moves on."""
    return {
        model._meta.label: [
            {name: value for name, value in row.items() if name not in _MOVING}
            for row in model._default_manager.order_by("pk").values()
        ]
        for model in apps.get_models()
        if issubclass(model, Kept)
    }
