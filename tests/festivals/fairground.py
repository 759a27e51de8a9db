"""A festival with stalls, for tests."""

import datetime
from typing import Any

from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM
from backend.festivals import actions
from backend.festivals.models import FestivalHeads, FestivalSupply, NeighborFestival, Stall
from backend.places.models import Community
from backend.services.models import ServiceItem
from tests.services.counter import new_item

HOUR = datetime.timedelta(hours=1)
DAY = 24 * HOUR


def new_festival(
    community: Community, code: str = "llj-one", *, in_days: float = 10, **values: Any
) -> NeighborFestival:
    """A plan for a morning."""
    day = timezone.localtime(timezone.now() + datetime.timedelta(days=in_days))
    start = day.replace(hour=9, minute=0, second=0, microsecond=0)
    given = {
        "title": f"{day.year}年{day.month}月红色邻里节",
        "starts_at": start,
        "ends_at": start + 3 * HOUR,
        "place": "文化广场",
    }
    row = NeighborFestival(community=community, code=code, **(given | values))
    return actions.save_festival(row, by=SYSTEM)


def new_items(community: Community, count: int) -> list[ServiceItem]:
    """Kinds of service."""
    return [new_item(community, code=f"fw-{n}", title=f"服务{n}") for n in range(count)]


def new_stalls(festival: NeighborFestival, items: list[ServiceItem], **values: Any) -> list[Stall]:
    """A stall of each item, numbered."""
    rows = [
        Stall(community=festival.community, festival=festival, name=item.title, item=item, **values)
        for item in items
    ]
    return actions.save_stalls(rows, by=SYSTEM)


def held(community: Community, stalls: int = 2, **values: Any) -> NeighborFestival:
    """One that took place yesterday."""
    festival = new_festival(community, in_days=-1, **values)
    new_stalls(festival, new_items(community, stalls))
    return actions.hold_festival(actions.announce(festival, by=SYSTEM), by=SYSTEM)


def heads(festival: NeighborFestival, count: int, stall: Stall | None = None) -> FestivalHeads:
    """A count, with evidence."""
    row = FestivalHeads(
        community=festival.community,
        festival=festival,
        stall=stall,
        count=count,
        evidence="照片存电脑",
    )
    return gate.save(row, by=SYSTEM)


def supply(festival: NeighborFestival, name: str = "折叠桌", **values: Any) -> FestivalSupply:
    """Something that is needed."""
    given = {"unit": "张", "planned": 10}
    row = FestivalSupply(
        community=festival.community, festival=festival, name=name, **(given | values)
    )
    return gate.save(row, by=SYSTEM)
