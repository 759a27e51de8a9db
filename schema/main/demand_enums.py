"""The choices that demands share with the main API."""

import strawberry

from backend.demands.choices import Channel, DemandKind, DemandStatus, Urgency

__all__ = ["Channel", "DemandKind", "DemandStatus", "Urgency"]

strawberry.enum(
    DemandStatus,
    description="The states of a demand; CLOSED (办结) is not the same as RESOLVED (解决).",
)
strawberry.enum(Channel, name="DemandChannel", description="By which way a demand came in.")
strawberry.enum(DemandKind, description="What somebody wants with a demand.")
strawberry.enum(Urgency, name="DemandUrgency", description="Which deadline a demand has.")
