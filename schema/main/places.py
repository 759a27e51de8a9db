"""Places in the main API."""

import strawberry
import strawberry_django
from strawberry import relay

from backend.places import models
from schema.main.base import Connection, Seen


@strawberry_django.type(models.Community, description="社区: the neighbourhood served.")
class Community(Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    name: str


@strawberry.type
class PlacesQuery:
    communities: Connection[Community] = strawberry_django.connection(
        description="The communities that the caller belongs to."
    )
