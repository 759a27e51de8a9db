"""The hotline's monthly counts as the main API shows them."""

from datetime import date, datetime

import strawberry
import strawberry_django
from django.db.models import Q
from strawberry import relay

from backend.indicators import models
from schema.main.base import Seen
from schema.main.filters import code_of, of_community, updated_since
from schema.main.places import Community


@strawberry_django.filter_type(models.HotlineCategory)
class HotlineCategoryFilter:
    """Filters of categories."""

    community = of_community()

    updated_since = updated_since()


@strawberry_django.order_type(models.HotlineCategory)
class HotlineCategoryOrder:
    """Orders of categories."""

    position: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.HotlineCategory,
    filters=HotlineCategoryFilter,
    ordering=HotlineCategoryOrder,
    description="热线类别: what calls to the hotline are about.",
)
class HotlineCategory(Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    revision: int
    name: str
    is_property: bool = strawberry_django.field(
        description="Whether the figure on property adds it up."
    )
    position: int = strawberry_django.field(description="The lowest stands first.")
    updated_at: datetime
    community: Community


@strawberry_django.filter_type(models.HotlineMonthlyCount)
class HotlineMonthlyCountFilter:
    """Filters of monthly counts."""

    community = of_community()

    category = code_of("category", "Of the category with this code.")

    @strawberry_django.filter_field(description="Of the categories that count as property, or not.")
    def is_property(self, value: bool, prefix: str) -> Q:
        return Q(**{f"{prefix}category__is_property": value})

    @strawberry_django.filter_field(description="Of this year.")
    def year(self, value: int, prefix: str) -> Q:
        return Q(**{f"{prefix}year": value})

    @strawberry_django.filter_field(description="Of these months, 1 to 12, of any year.")
    def month(self, value: list[int], prefix: str) -> Q:
        return Q(**{f"{prefix}month__in": value})

    updated_since = updated_since()


@strawberry_django.order_type(models.HotlineMonthlyCount)
class HotlineMonthlyCountOrder:
    """Orders of monthly counts."""

    ended_on: strawberry.auto
    count: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.HotlineMonthlyCount,
    filters=HotlineMonthlyCountFilter,
    ordering=HotlineMonthlyCountOrder,
    description="市民热线月度件数: the calls of one category in one month.",
)
class HotlineMonthlyCount(Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    revision: int
    year: int
    month: int = strawberry_django.field(description="1 to 12.")
    count: int = strawberry_django.field(description="Calls (件).")
    ended_on: date = strawberry_django.field(
        description="The month's last day; until then the number may be a part."
    )
    updated_at: datetime
    community: Community
    category: HotlineCategory
    year_before: int | None = strawberry_django.field(
        annotate=lambda info: models.year_before(),
        description="The count of the same month a year earlier; null if none was entered.",
    )
