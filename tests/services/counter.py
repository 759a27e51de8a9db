"""A service to book, for tests: one item, its slots, and neighbours with accounts."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.places.models import Community
from backend.services.actions import save_slot
from backend.services.models import ServiceBooking, ServiceCategory, ServiceItem, Slot
from tests.education.neighbours import neighbours, told

__all__ = ["neighbours", "new_item", "new_slot", "passes", "statuses", "told"]


def new_item(community: Community, **values: Any) -> ServiceItem:
    """An item without quota whose freed places are given outright, unless told otherwise."""
    category, _ = ServiceCategory.objects.get_or_create(
        community=community, name="助老", defaults={"code": "zhu-lao"}
    )
    given = {"code": "haircut", "title": "便民理发", "quota": None, "hold_hours": 0}
    item = ServiceItem(community=community, category=category, **(given | values))
    return gate.save(item, by=SYSTEM)


def new_slot(item: ServiceItem, capacity: int = 2, *, in_days: float = 2, **values: Any) -> Slot:
    """An open slot of two hours."""
    start = timezone.now().replace(microsecond=0) + datetime.timedelta(days=in_days)
    given = {"starts_at": start, "ends_at": start + datetime.timedelta(hours=2)}
    slot = Slot(community=item.community, item=item, capacity=capacity, **(given | values))
    return save_slot(slot, by=SYSTEM)


def statuses(slot: Slot) -> list[str]:
    """The states of a slot's bookings, in the order in which they came."""
    rows = ServiceBooking.objects.filter(slot=slot).order_by("pk")
    return list(rows.values_list("status", flat=True))


def passes(monkeypatch: pytest.MonkeyPatch, **how_long: float) -> None:
    """Lets time pass for all that asks Django's clock."""
    later = timezone.now() + datetime.timedelta(**how_long)
    monkeypatch.setattr(timezone, "now", lambda: later)


def staff(worker: Any) -> Actor:
    """The worker at the desk."""
    return Actor.of(worker, "admin")
