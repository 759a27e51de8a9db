"""What the mutations of festivals take."""

from datetime import date, datetime

import strawberry
from strawberry import relay

from schema.main.changes import SEEN
from schema.main.festival_enums import CountingMethod

KEY = "The same key twice: the first result."


@strawberry.input
class CreateNeighborFestivalInput:
    """A plan, [startsAt, endsAt): at most one a community and month."""

    community: str = strawberry.field(description="Code of the community.")
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    idempotency_key: str = strawberry.field(description=KEY)
    summary: str = strawberry.field(default="", description="Public; names nobody.")
    extra: bool = strawberry.field(default=False, description="A second one in its month.")


@strawberry.input
class UpdateNeighborFestivalInput:
    """What changes; a field left out stays. Who runs a stall is told of another time or place."""

    festival_id: relay.GlobalID
    title: str | None = strawberry.UNSET
    starts_at: datetime | None = strawberry.UNSET
    ends_at: datetime | None = strawberry.UNSET
    place: str | None = strawberry.UNSET
    summary: str | None = strawberry.UNSET
    extra: bool | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class NeighborFestivalInput:
    """A festival, and why."""

    festival_id: relay.GlobalID
    reason: str = ""


@strawberry.input
class CopyNeighborFestivalInput:
    """A festival whose stalls and supplies are to be planned for another month."""

    festival_id: relay.GlobalID
    idempotency_key: str = strawberry.field(description=KEY)
    month: date | None = strawberry.field(
        default=None, description="Any day of it; the next one if left out."
    )


@strawberry.input
class AddStallInput:
    """A stall: of an item, or of a category where there is no item."""

    festival_id: relay.GlobalID
    name: str
    idempotency_key: str = strawberry.field(description=KEY)
    number: int | None = strawberry.field(default=None, description="The next one if left out.")
    item_id: relay.GlobalID | None = None
    category_id: relay.GlobalID | None = None
    provider_id: relay.GlobalID | None = strawberry.field(
        default=None, description="An organization; left out: the community itself."
    )
    planned_helpers: int = 2


@strawberry.input
class UpdateStallInput:
    """What changes; a field left out stays."""

    stall_id: relay.GlobalID
    name: str | None = strawberry.UNSET
    number: int | None = strawberry.UNSET
    planned_helpers: int | None = strawberry.UNSET
    absent: bool | None = strawberry.field(
        default=strawberry.UNSET, description="It stayed away; once the festival was held."
    )
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class StallInput:
    """A stall."""

    stall_id: relay.GlobalID


@strawberry.input
class AddFestivalSupplyInput:
    """Something that a festival needs, in whole units."""

    festival_id: relay.GlobalID
    name: str
    unit: str
    planned: int
    idempotency_key: str = strawberry.field(description=KEY)
    bringer_id: relay.GlobalID | None = strawberry.field(
        default=None, description="An organization; left out: the community itself."
    )


@strawberry.input
class UpdateFestivalSupplyInput:
    """What was brought and used; a field left out stays."""

    supply_id: relay.GlobalID
    planned: int | None = strawberry.UNSET
    brought: int | None = strawberry.UNSET
    used: int | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class RecordFestivalHeadsInput:
    """How many came: at one stall, or (without one) to the whole festival, never both."""

    festival_id: relay.GlobalID
    count: int = strawberry.field(description="人次 (heads), never distinct people.")
    evidence: str = strawberry.field(description="Where photographs, tickets or lists are kept.")
    idempotency_key: str = strawberry.field(description=KEY)
    stall_id: relay.GlobalID | None = None
    method: CountingMethod = CountingMethod.COUNTED


@strawberry.input
class CorrectFestivalHeadsInput:
    """What should have been counted, and why."""

    heads_id: relay.GlobalID
    count: int
    reason: str
