"""Cool stations, their stock and its ledger as the main API shows them."""

from datetime import date, datetime, time
from typing import Any

import strawberry
import strawberry_django
from django.db.models import F, Q
from django.utils import timezone
from strawberry import relay
from strawberry.types import Info

from backend.stations import choices, hours, models
from backend.stations.stock_models import threshold
from schema.main.base import (
    AvailableAction,
    Seen,
    moves_of,
    of_organization,
    viewer,
)
from schema.main.festival_enums import EntryKind, RefillStatus, StationStatus
from schema.main.filters import code_of, of_community, one_of, updated_since
from schema.main.labels import in_words
from schema.main.places import Community
from schema.main.twins import nested_list


@strawberry_django.type(
    models.OpeningHours, description="开放时间 of one weekday: [opens, closes)."
)
class OpeningHours(Seen, relay.Node):
    id: relay.NodeID[int]
    weekday: int = strawberry_django.field(description="0 is Monday.")
    opens: time
    closes: time


@strawberry_django.type(models.StationException, description="One day that is unlike the others.")
class StationException(Seen, relay.Node):
    id: relay.NodeID[int]
    day: date
    opens: time | None = strawberry_django.field(description="Null with closes: shut on that day.")
    closes: time | None
    reason: str


@strawberry_django.filter_type(models.StationStock)
class StationStockFilter:
    """Filters of stocks."""

    community = of_community()
    updated_since = updated_since()


@strawberry_django.type(
    models.StationStock,
    filters=StationStockFilter,
    description="库存: what a station has of one supply, the sum of its ledger.",
)
class StationStock(Seen, relay.Node):
    id: relay.NodeID[int]
    revision: int
    balance: int = strawberry_django.field(description="Whole units.")
    updated_at: datetime
    supply_name: str = strawberry_django.field(annotate=F("supply__name"))
    unit: str = strawberry_django.field(annotate=F("supply__unit"))
    threshold: int = strawberry_django.field(
        annotate=threshold(), description="At this much it is to be refilled."
    )

    @strawberry_django.field(only=["balance"], description="Whether there is any.")
    def available(self) -> bool:
        return self.balance > 0


@strawberry_django.filter_type(models.CoolStation)
class CoolStationFilter:
    """Filters of stations."""

    status = one_of(StationStatus, "status", "In one of these states.")
    community = of_community()

    @strawberry_django.filter_field(description="Open at this moment, or (false) not.")
    def open_now(self, queryset: Any, value: bool, prefix: str) -> tuple[Any, Q]:
        return queryset.alias(_open_now=hours.open_at()[0]), Q(_open_now=value)

    updated_since = updated_since()


@strawberry_django.order_type(models.CoolStation)
class CoolStationOrder:
    """Orders of stations."""

    name: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.CoolStation,
    filters=CoolStationFilter,
    ordering=CoolStationOrder,
    description="清凉驿站: a cool room for everybody, from seasonFrom until before seasonTo.",
)
class CoolStation(Seen, relay.Node):
    id: relay.NodeID[int]
    revision: int
    code: str
    name: str
    place: str
    summary: str
    season_from: date
    season_to: date = strawberry_django.field(description="Not this day any more.")
    status: StationStatus
    updated_at: datetime
    community: Community
    organization_name: str | None = strawberry_django.field(
        annotate=F("organization__name"), description="Who runs it; null: the community itself."
    )
    open_now: bool = strawberry_django.field(
        annotate=lambda info: hours.open_at()[0],
        description="By season, hours, single days and public holidays.",
    )
    open_today: bool = strawberry_django.field(annotate=lambda info: hours.open_at()[1])
    hours: list[OpeningHours]
    exceptions: list[StationException] = strawberry_django.field(
        description="Single days, past ones too."
    )
    stocks: list[StationStock] = nested_list(description="What there is.")

    status_label = in_words(choices.StationStatus, "status", "The state in words.")

    @strawberry_django.field(
        only=["status", "community_id"], description="What the caller may do with it now."
    )
    def available_actions(self, info: Info) -> list[AvailableAction]:
        return moves_of(self, info)  # type: ignore[no-any-return]


@strawberry_django.filter_type(models.SupplyEntry)
class SupplyEntryFilter:
    """Filters of the ledger."""

    station = code_of("stock__station", "Of the station with this code.")
    supply = code_of("stock__supply", "Of the supply with this code.")
    kind = one_of(EntryKind, "kind", "Of one of these kinds.")
    updated_since = updated_since()


@strawberry_django.order_type(models.SupplyEntry)
class SupplyEntryOrder:
    """Orders of the ledger."""

    occurred_at: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.SupplyEntry,
    filters=SupplyEntryFilter,
    ordering=SupplyEntryOrder,
    description="出入库: one entry of a stock's ledger, which only grows.",
)
class SupplyEntry(Seen, relay.Node):
    id: relay.NodeID[int]
    number: int = strawberry_django.field(description="1, 2, 3 … within one stock.")
    kind: EntryKind
    quantity: int = strawberry_django.field(description="Signed: what it did to the stock.")
    balance_after: int
    reason: str
    occurred_at: datetime
    recorded_at: datetime
    updated_at: datetime
    stock: StationStock
    station_code: str = strawberry_django.field(annotate=F("stock__station__code"))
    station_name: str = strawberry_django.field(annotate=F("stock__station__name"))
    supply_name: str = strawberry_django.field(annotate=F("stock__supply__name"))


@strawberry_django.filter_type(models.Refill)
class RefillFilter:
    """Filters of refills."""

    status = one_of(RefillStatus, "status", "In one of these states.")
    community = of_community()
    station = code_of("stock__station", "Of the station with this code.")

    @strawberry_django.filter_field(description="Open, and its day is over; or (false) not.")
    def overdue(self, value: bool, prefix: str) -> Q:
        late = Q(
            **{
                f"{prefix}status": RefillStatus.OPEN,
                f"{prefix}due_on__lt": timezone.localdate(),
            }
        )
        return late if value else ~late

    updated_since = updated_since()


@strawberry_django.order_type(models.Refill)
class RefillOrder:
    """Orders of refills."""

    due_on: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.Refill,
    filters=RefillFilter,
    ordering=RefillOrder,
    description="补货任务: raised by itself when a stock falls to its threshold.",
)
class Refill(Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    left: int = strawberry_django.field(description="The stock when it was raised.")
    raised_at: datetime
    due_on: date
    status: RefillStatus
    revision: int
    updated_at: datetime
    stock: StationStock
    done_by: SupplyEntry | None = strawberry_django.field(description="The entry that did it.")
    station_code: str = strawberry_django.field(annotate=F("stock__station__code"))
    station_name: str = strawberry_django.field(annotate=F("stock__station__name"))
    supply_name: str = strawberry_django.field(annotate=F("stock__supply__name"))

    @strawberry_django.field(
        only=["status", "due_on"], description="Open, and its day is over: derived."
    )
    def overdue(self) -> bool:
        return self.status == RefillStatus.OPEN and self.due_on < timezone.localdate()

    @strawberry_django.field(
        only=["assignee_id"], description="Whether it was given to the caller."
    )
    def mine(self, info: Info) -> bool:
        return self.assignee_id is not None and self.assignee_id == viewer(info).pk  # type: ignore[attr-defined,no-any-return]

    status_label = in_words(choices.RefillStatus, "status", "The state in words.")

    @strawberry_django.field(
        only=["status", "community_id"],
        annotate=of_organization(models.Refill),
        description="What the caller may do with it now.",
    )
    def available_actions(self, info: Info) -> list[AvailableAction]:
        return moves_of(self, info)  # type: ignore[no-any-return]
