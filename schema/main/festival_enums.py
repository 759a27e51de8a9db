"""The choices that festivals and cool stations share with the main API."""

import strawberry

from backend.festivals.choices import CountingMethod, FestivalStatus
from backend.stations.choices import EntryKind, RefillStatus, StationStatus

__all__ = ["CountingMethod", "EntryKind", "FestivalStatus", "RefillStatus", "StationStatus"]

strawberry.enum(
    FestivalStatus, name="NeighborFestivalStatus", description="The states of a festival."
)
strawberry.enum(CountingMethod, name="HeadsMethod", description="How heads were counted.")
strawberry.enum(StationStatus, name="CoolStationStatus", description="The states of a station.")
strawberry.enum(EntryKind, name="SupplyEntryKind", description="What an entry stands for.")
strawberry.enum(RefillStatus, description="The states of a refill.")
