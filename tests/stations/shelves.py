"""A cool station with stock, for tests."""

import datetime
from typing import Any

from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM
from backend.people.models import Organization, Representative, User
from backend.places.models import Community
from backend.stations.ledger import put_in
from backend.stations.models import CoolStation, OpeningHours, StationStock, Supply

DAY = datetime.timedelta(days=1)


def new_station(community: Community, code: str = "yz-one", **values: Any) -> CoolStation:
    """A station in its season."""
    today = timezone.localdate()
    given = {
        "name": f"驿站{code}",
        "place": "社区服务大厅",
        "season_from": today - 30 * DAY,
        "season_to": today + 30 * DAY,
    }
    return gate.save(CoolStation(community=community, code=code, **(given | values)), by=SYSTEM)


def new_supply(community: Community, code: str = "ludou", **values: Any) -> Supply:
    """绿豆汤, to be refilled at five."""
    given = {"name": f"绿豆汤{code}", "unit": "份", "refill_at": 5}
    return gate.save(Supply(community=community, code=code, **(given | values)), by=SYSTEM)


def new_stock(
    station: CoolStation, amount: int = 0, *, supply: Supply | None = None, **values: Any
) -> StationStock:
    """A stock, with so much put in."""
    supply = supply or new_supply(station.community, f"p-{station.code}")
    stock = gate.save(
        StationStock(community=station.community, station=station, supply=supply, **values),
        by=SYSTEM,
    )
    if amount:
        put_in(stock, amount, by=SYSTEM)
    return fresh(stock)


def open_all_week(station: CoolStation, opens: int = 9, closes: int = 17) -> None:
    """The same hours on every day."""
    rows = [
        OpeningHours(
            community=station.community,
            station=station,
            weekday=weekday,
            opens=datetime.time(opens),
            closes=datetime.time(closes),
        )
        for weekday in range(7)
    ]
    gate.save_many(rows, by=SYSTEM)


def fresh(stock: StationStock) -> StationStock:
    """As it now stands."""
    found: StationStock = StationStock.objects.get(pk=stock.pk)
    return found


def new_body(community: Community, user: User | None = None, code: str = "wuye") -> Organization:
    """A property company, and its contact."""
    body = gate.save(
        Organization(community=community, code=code, name=f"物业{code}", kind="property_company"),
        by=SYSTEM,
    )
    if user is not None:
        gate.save(
            Representative(
                community=community,
                organization=body,
                name="联系人",
                user=user,
                valid_from=datetime.date(2025, 1, 1),
            ),
            by=SYSTEM,
        )
    return body
