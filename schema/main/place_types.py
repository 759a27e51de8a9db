"""A community's places as the main API shows them, and how its calendar differs."""

from datetime import date, datetime

import strawberry
import strawberry_django
from django.db.models import Q
from strawberry import relay

from backend.places import models
from schema.main.base import Seen
from schema.main.filters import code_of, of_community, updated_since
from schema.main.places import Community


@strawberry_django.filter_type(models.Subdistrict)
class SubdistrictFilter:
    """Filters of subdistricts."""

    updated_since = updated_since()


@strawberry_django.order_type(models.Subdistrict)
class SubdistrictOrder:
    """Orders of subdistricts."""

    name: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.Subdistrict,
    filters=SubdistrictFilter,
    ordering=SubdistrictOrder,
    description="街道: the lowest level of government, over several communities.",
)
class Subdistrict(Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    revision: int
    name: str
    updated_at: datetime


@strawberry_django.filter_type(models.Estate)
class EstateFilter:
    """Filters of estates."""

    community = of_community()
    updated_since = updated_since()


@strawberry_django.order_type(models.Estate)
class EstateOrder:
    """Orders of estates."""

    name: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.Estate,
    filters=EstateFilter,
    ordering=EstateOrder,
    description="小区: a housing estate within a community.",
)
class Estate(Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    revision: int
    name: str
    updated_at: datetime
    community: Community


@strawberry_django.filter_type(models.Building)
class BuildingFilter:
    """Filters of buildings."""

    community = of_community()
    estate = code_of("estate", "Of the estate with this code.")
    updated_since = updated_since()


@strawberry_django.order_type(models.Building)
class BuildingOrder:
    """Orders of buildings."""

    name: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.Building,
    filters=BuildingFilter,
    ordering=BuildingOrder,
    description="楼栋: one building of an estate.",
)
class Building(Seen, relay.Node):
    id: relay.NodeID[int]
    revision: int
    name: str = strawberry_django.field(description="Its number or letter alone: 3, A.")
    updated_at: datetime
    community: Community
    estate: Estate


@strawberry_django.filter_type(models.Grid)
class GridFilter:
    """Filters of grids."""

    community = of_community()
    estate = code_of("estate", "Of the estate with this code.")
    updated_since = updated_since()


@strawberry_django.order_type(models.Grid)
class GridOrder:
    """Orders of grids."""

    name: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.Grid,
    filters=GridFilter,
    ordering=GridOrder,
    description="网格: the part of a community that one grid worker walks.",
)
class Grid(Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    revision: int
    name: str
    updated_at: datetime
    community: Community
    estate: Estate | None


@strawberry_django.filter_type(models.ResidentGroup)
class ResidentGroupFilter:
    """Filters of groups."""

    community = of_community()
    grid = code_of("grid", "Of the grid with this code.")

    @strawberry_django.filter_field(description="There on this day.")
    def on(self, value: date, prefix: str) -> Q:
        begun = Q(**{f"{prefix}started_on__lte": value})
        open_ended = Q(**{f"{prefix}ended_on__isnull": True})
        return begun & (open_ended | Q(**{f"{prefix}ended_on__gte": value}))

    updated_since = updated_since()


@strawberry_django.order_type(models.ResidentGroup)
class ResidentGroupOrder:
    """Orders of groups."""

    name: strawberry.auto
    started_on: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.ResidentGroup,
    filters=ResidentGroupFilter,
    ordering=ResidentGroupOrder,
    description="居民微信群: a chat group of residents.",
)
class ResidentGroup(Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    revision: int
    name: str
    started_on: date
    ended_on: date | None = strawberry_django.field(description="Null while it is there.")
    updated_at: datetime
    community: Community
    estate: Estate | None
    grid: Grid | None


@strawberry_django.filter_type(models.HolidayOverride)
class HolidayOverrideFilter:
    """Filters of such days."""

    @strawberry_django.filter_field(description="Of the community with this code, or of all.")
    def community(self, value: str, prefix: str) -> Q:
        everywhere = Q(**{f"{prefix}community__isnull": True})
        return Q(**{f"{prefix}community__code": value}) | everywhere

    @strawberry_django.filter_field(description="On this day or later.")
    def from_day(self, value: date, prefix: str) -> Q:
        return Q(**{f"{prefix}day__gte": value})

    updated_since = updated_since()


@strawberry_django.order_type(models.HolidayOverride)
class HolidayOverrideOrder:
    """Orders of such days."""

    day: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.HolidayOverride,
    filters=HolidayOverrideFilter,
    ordering=HolidayOverrideOrder,
    description="工作日调整: a day that is worked, or not, otherwise than the national table says.",
)
class HolidayOverride(Seen, relay.Node):
    id: relay.NodeID[int]
    revision: int
    day: date
    works: bool
    note: str
    updated_at: datetime
    community: Community | None = strawberry_django.field(description="Null: all communities.")
