"""The figures of a report in the main API: always counted anew, as of a day."""

from datetime import date

import strawberry
from django.utils import timezone
from strawberry.types import Info

from backend.core.access import scope
from backend.core.desk.comparing import ACTION
from backend.core.indicating import Reading, readings
from backend.places.models import Community
from schema.main.base import viewer, visible
from schema.main.costs import FIXED_PRICES

# As many statements as there are figures, each over a year's rows.
FIXED_PRICES["indicators"] = 100


@strawberry.type(description="One figure of a community, with what it was counted from.")
class IndicatorReading:
    code: str = strawberry.field(description="Stable: hotline_yoy, education_heads …")
    title: str = strawberry.field(description="In Chinese, for people.")
    unit: str = strawberry.field(description="件, 场, 人次 …; empty for a share.")
    value: float | None = strawberry.field(
        description="A whole number, or a fraction of 1 (−0.21); null without a base."
    )
    numerator: int | None = strawberry.field(description="Of a share; null for a number.")
    denominator: int | None = strawberry.field(description="Of a share; null for a number.")
    from_day: date = strawberry.field(description="The first day that counts.")
    to_day: date = strawberry.field(
        description="The last one; the same as the first for what is true at a time."
    )

    @classmethod
    def of(cls, told: Reading) -> "IndicatorReading":
        """A reading as the API shows it."""
        measured = told.measured
        return cls(
            code=told.indicator.code,
            title=str(told.indicator.title),
            unit=str(told.indicator.unit),
            value=measured.value,
            numerator=measured.part,
            denominator=measured.base,
            from_day=told.window.first,
            to_day=told.window.last,
        )


@strawberry.type
class IndicatorsQuery:
    @strawberry.field(
        description="The figures of a community's report as of a day (today if left out), by when "
        "things happened; empty for who may not lay figures side by side there."
    )
    def indicators(
        self, info: Info, community: str, as_of: date | None = None
    ) -> list[IndicatorReading]:
        place = visible(Community, info).filter(code=community).first()
        if place is None or not scope(viewer(info), ACTION).covers(place.pk):
            return []
        return [
            IndicatorReading.of(one) for one in readings(place.pk, as_of or timezone.localdate())
        ]
