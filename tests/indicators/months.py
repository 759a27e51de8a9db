"""Categories and months for tests."""

from backend.core import gate
from backend.core.access import SYSTEM
from backend.indicators.models import HotlineCategory, HotlineMonthlyCount
from backend.places.models import Community


def category(community: Community, name: str = "物业", **values: object) -> HotlineCategory:
    """A category; that on property counts as property."""
    given = {"is_property": name == "物业"} | values
    return gate.save(HotlineCategory(community=community, name=name, **given), by=SYSTEM)


def month(of: HotlineCategory, year: int, number: int, count: int) -> HotlineMonthlyCount:
    """One month of it."""
    row = HotlineMonthlyCount(
        community_id=of.community_id, category=of, year=year, month=number, count=count
    )
    return gate.save(row, by=SYSTEM)


def months(of: HotlineCategory, year: int, counts: dict[int, int]) -> None:
    """Some months of a year."""
    for number, count in counts.items():
        month(of, year, number, count)
