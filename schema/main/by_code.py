"""Roots by code of what has no page of its own: the code stands in a link, a file, or a letter."""

from typing import Any

import strawberry
import strawberry_django
from strawberry.types import Info
from strawberry_django.optimizer import optimize

from backend.education.venue_models import Venue as VenueRecord
from backend.imports.models import ImportBatch as ImportBatchRecord
from backend.indicators import models as hotline
from backend.meetings.models import Resolution as ResolutionRecord
from backend.places import models as places
from backend.services.models import ServiceCategory as ServiceCategoryRecord
from backend.stations.models import Refill as RefillRecord
from schema.main.base import visible
from schema.main.education import Venue
from schema.main.hotline_types import HotlineCategory, HotlineMonthlyCount
from schema.main.imports import ImportBatch
from schema.main.meetings import Resolution
from schema.main.place_types import Estate, Grid, ResidentGroup, Subdistrict
from schema.main.places import Community
from schema.main.service_types import ServiceCategory
from schema.main.station_types import Refill


@strawberry.type
class ByCodeQuery:
    @strawberry_django.field(description="One community by its code; null if not the caller's.")
    def community(self, info: Info, code: str) -> Community | None:
        return _one(places.Community, code, info)

    @strawberry_django.field(description="One subdistrict by its code; null if not the caller's.")
    def subdistrict(self, info: Info, code: str) -> Subdistrict | None:
        return _one(places.Subdistrict, code, info)

    @strawberry_django.field(description="One estate by its code; null if not the caller's.")
    def estate(self, info: Info, code: str) -> Estate | None:
        return _one(places.Estate, code, info)

    @strawberry_django.field(description="One grid by its code; null if not the caller's.")
    def grid(self, info: Info, code: str) -> Grid | None:
        return _one(places.Grid, code, info)

    @strawberry_django.field(description="One chat group by its code; null if not the caller's.")
    def resident_group(self, info: Info, code: str) -> ResidentGroup | None:
        return _one(places.ResidentGroup, code, info)

    @strawberry_django.field(description="One venue by its code; null if not the caller's.")
    def venue(self, info: Info, code: str) -> Venue | None:
        return _one(VenueRecord, code, info)

    @strawberry_django.field(description="One resolution by its code; null if not the caller's.")
    def resolution(self, info: Info, code: str) -> Resolution | None:
        return _one(ResolutionRecord, code, info)

    @strawberry_django.field(description="One category of services by its code; null if none.")
    def service_category(self, info: Info, code: str) -> ServiceCategory | None:
        return _one(ServiceCategoryRecord, code, info)

    @strawberry_django.field(description="One refill by its code; null if not the caller's.")
    def refill(self, info: Info, code: str) -> Refill | None:
        return _one(RefillRecord, code, info)

    @strawberry_django.field(description="One month's count by its code; null if not the caller's.")
    def hotline_monthly_count(self, info: Info, code: str) -> HotlineMonthlyCount | None:
        return _one(hotline.HotlineMonthlyCount, code, info)

    @strawberry_django.field(description="One category of calls by its code; null if none.")
    def hotline_category(self, info: Info, code: str) -> HotlineCategory | None:
        return _one(hotline.HotlineCategory, code, info)

    @strawberry_django.field(
        description="One import by its code, without its problems; null if not the caller's."
    )
    def import_batch(self, info: Info, code: str) -> ImportBatch | None:
        return _one(ImportBatchRecord, code, info)


def _one(model: Any, code: str, info: Info) -> Any:
    return optimize(visible(model, info).filter(code=code), info).first()
