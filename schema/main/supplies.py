"""What the cool stations give out, and the days that are unlike the others."""

from datetime import date, datetime, time

import strawberry
import strawberry_django
from strawberry import relay
from strawberry.types import Info

from backend.core import gate
from backend.core.access import Actor
from backend.people.queries import community_of
from backend.stations import models
from schema.main.base import Connection, InputError, Seen, chosen, one_row, visible
from schema.main.changes import SEEN
from schema.main.filters import of_community, updated_since
from schema.main.place_inputs import CODE
from schema.main.places import Community
from schema.main.setting_up_inputs import COMMUNITY, KEY
from schema.main.station_types import StationException
from schema.main.verb_shapes import changed, removed
from schema.main.verbs import Verbs


@strawberry_django.filter_type(models.Supply)
class SupplyFilter:
    """Filters of supplies."""

    community = of_community()
    updated_since = updated_since()


@strawberry_django.order_type(models.Supply)
class SupplyOrder:
    """Orders of supplies."""

    position: strawberry.auto
    name: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.Supply,
    filters=SupplyFilter,
    ordering=SupplyOrder,
    description="品种: a thing that stations give out, in whole units.",
)
class Supply(Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    revision: int
    name: str
    unit: str
    refill_at: int = strawberry_django.field(description="At this much a refill is raised.")
    position: int = strawberry_django.field(description="The lowest stands first.")
    updated_at: datetime
    community: Community


@strawberry.type
class SuppliesQuery:
    supplies: Connection[Supply] = strawberry_django.connection(
        description="What the community's stations give out."
    )

    @strawberry_django.field(description="One supply by its code; null if not the caller's.")
    @one_row()
    def supply(self, info: Info, code: str) -> Supply | None:
        return visible(models.Supply, info).filter(code=code)  # type: ignore[return-value]


@strawberry.input
class CreateSupplyInput:
    """A new thing that stations give out."""

    community: str = strawberry.field(description=COMMUNITY)
    name: str
    unit: str = strawberry.field(description="As 份, 瓶: whole ones alone.")
    idempotency_key: str = strawberry.field(description=KEY)
    code: str = strawberry.field(default="", description=CODE)
    refill_at: int = 10
    position: int = 0


@strawberry.input
class UpdateSupplyInput:
    """What changes of a supply; a field left out stays."""

    supply_id: relay.GlobalID
    name: str | None = strawberry.UNSET
    unit: str | None = strawberry.UNSET
    refill_at: int | None = strawberry.UNSET
    position: int | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class RemoveSupplyInput:
    """A supply that no station has."""

    supply_id: relay.GlobalID


@strawberry.input
class AddStationExceptionInput:
    """One day on which a station is shut, or open at other times."""

    station_id: relay.GlobalID
    day: date
    idempotency_key: str = strawberry.field(description=KEY)
    opens: time | None = strawberry.field(default=None, description="Without closes: shut.")
    closes: time | None = None
    reason: str = ""


@strawberry.input
class RemoveStationExceptionInput:
    """A day that is like the others again."""

    exception_id: relay.GlobalID


@strawberry.type
class SupplyAnswer:
    """The supply as it now stands (null once removed), or what was wrong."""

    errors: list[InputError]
    supply: Supply | None = None


@strawberry.type
class StationExceptionAnswer:
    """The day (null once removed), or what was wrong."""

    errors: list[InputError]
    exception: StationException | None = None


SUPPLIES = Verbs(models.Supply, SupplyAnswer, "supply")
DAYS = Verbs(models.StationException, StationExceptionAnswer, "exception")


@strawberry.type
class SuppliesMutation:
    @strawberry.mutation(description="A new thing that stations give out.")
    def create_supply(self, info: Info, input: CreateSupplyInput) -> SupplyAnswer:
        def make(by: Actor) -> models.Supply:
            row = models.Supply(
                community=community_of(by.user, input.community),
                code=input.code,
                name=input.name,
                unit=input.unit,
                refill_at=input.refill_at,
                position=input.position,
            )
            return gate.save(row, by=by)

        return SUPPLIES.made(info, input, "createSupply", make)

    @strawberry.mutation(description="Changes a supply, never how much of it there is.")
    def update_supply(self, info: Info, input: UpdateSupplyInput) -> SupplyAnswer:
        names = ("name", "unit", "refill_at", "position")
        return changed(SUPPLIES, info, input.supply_id, input, names)

    @strawberry.mutation(description="Takes away a supply that no station has.")
    def remove_supply(self, info: Info, input: RemoveSupplyInput) -> SupplyAnswer:
        return removed(SUPPLIES, info, input.supply_id)

    @strawberry.mutation(description="A station is shut on one day, or open at other times.")
    def add_station_exception(
        self, info: Info, input: AddStationExceptionInput
    ) -> StationExceptionAnswer:
        def make(by: Actor) -> models.StationException:
            station = chosen(models.CoolStation, input.station_id, info)
            row = models.StationException(
                community_id=station.community_id,
                station=station,
                day=input.day,
                opens=input.opens,
                closes=input.closes,
                reason=input.reason,
            )
            return gate.save(row, by=by)

        return DAYS.made(info, input, "addStationException", make)

    @strawberry.mutation(description="The day is like the others again.")
    def remove_station_exception(
        self, info: Info, input: RemoveStationExceptionInput
    ) -> StationExceptionAnswer:
        return removed(DAYS, info, input.exception_id)
