"""Residents for tests of the gate, and what a table holds."""

from typing import Any

from django.db import models

from backend.people.models import Resident
from backend.places.models import Community

PHONE = "13800000001"
OTHER_PHONE = "13800000002"


def resident(community: Community, name: str = "李梅", phone: str = "", **more: Any) -> Resident:
    """An unsaved resident."""
    return Resident(community=community, name=name, phone=phone, **more)


def table(model: type[models.Model], *without: str) -> list[dict[str, Any]]:
    """Every row by key, without the named columns: what must be the same before and after."""
    rows = model._default_manager.order_by("pk").values()
    return [{k: v for k, v in row.items() if k not in without} for row in rows]
