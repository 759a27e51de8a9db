"""The world of the rush: `python -m tests.services.races.world` fills a database."""

import datetime

import django
from django.utils import timezone

django.setup()

from backend.core import gate  # noqa: E402  they need the apps
from backend.core.access import SYSTEM  # noqa: E402
from backend.people.models import CommunityRole, Resident, User  # noqa: E402
from backend.places.models import Community, Subdistrict  # noqa: E402
from backend.services.actions import save_slot  # noqa: E402
from backend.services.models import ServiceCategory, ServiceItem, Slot  # noqa: E402
from tests.services.races.sizes import (  # noqa: E402
    CALLERS,
    HELD,
    MIXED,
    NAIVE,
    PLACES,
    RUSH,
)


def build() -> None:
    """One community, its residents with accounts, and slots with few places."""
    subdistrict = gate.save(Subdistrict(code="jiedao", name="河畔街道"), by=SYSTEM)
    community = gate.save(
        Community(code="xinhe", name="新河社区", subdistrict=subdistrict), by=SYSTEM
    )
    users = User.objects.bulk_create(
        [User(username=f"caller{number}", password="!") for number in range(CALLERS)]
    )
    term = {"role": "resident", "community": community, "valid_from": datetime.date(2025, 1, 1)}
    gate.save_many([CommunityRole(user=user, **term) for user in users], by=SYSTEM)
    residents = [
        Resident(community=community, name=f"邻居{n}", phone=f"139000{n:05d}", user=user)
        for n, user in enumerate(users)
    ]
    gate.save_many(residents, by=SYSTEM)
    category = gate.save(
        ServiceCategory(community=community, code="zhu-lao", name="助老"), by=SYSTEM
    )
    start = timezone.now().replace(microsecond=0) + datetime.timedelta(days=2)
    for code in (RUSH, NAIVE, MIXED, HELD):
        item = ServiceItem(
            community=community,
            category=category,
            code=f"item-{code}",
            title=f"便民理发 {code}",
            quota=None,
            hold_hours=12 if code == HELD else 0,
        )
        item = gate.save(item, by=SYSTEM)
        slot = Slot(
            community=community,
            item=item,
            code=code,
            capacity=PLACES,
            starts_at=start,
            ends_at=start + datetime.timedelta(hours=2),
        )
        save_slot(slot, by=SYSTEM)


if __name__ == "__main__":
    build()
