"""Places in the main API."""

from datetime import datetime

import strawberry
import strawberry_django
from strawberry import relay

from backend.places import models
from schema.main.base import Connection, Seen
from schema.main.filters import updated_since


@strawberry_django.filter_type(models.Community)
class CommunityFilter:
    """Filters of communities."""

    updated_since = updated_since()


@strawberry_django.order_type(models.Community)
class CommunityOrder:
    """Orders of communities."""

    name: strawberry.auto
    code: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.Community,
    filters=CommunityFilter,
    ordering=CommunityOrder,
    description="社区: the neighbourhood served.",
)
class Community(Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    revision: int
    name: str
    updated_at: datetime


@strawberry.type
class PlacesQuery:
    communities: Connection[Community] = strawberry_django.connection(
        description="The communities that the caller belongs to."
    )
