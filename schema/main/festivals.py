"""Festivals in the main API: roots and mutations."""

from typing import Any

import strawberry
import strawberry_django
from strawberry import relay
from strawberry.types import Info

from backend.core import gate
from backend.core.access import Actor
from backend.festivals import actions, models
from backend.festivals.copying import copy_festival
from backend.people.models import Organization
from backend.people.queries import community_of
from backend.services.models import ServiceCategory, ServiceItem
from schema.main import festival_inputs as inputs
from schema.main.base import Connection, InputError, chosen, one_row, visible
from schema.main.changes import put
from schema.main.festival_types import FestivalHeads, FestivalSupply, NeighborFestival, Stall
from schema.main.verb_shapes import changed
from schema.main.verbs import Verbs


@strawberry.type
class FestivalsQuery:
    neighbor_festivals: Connection[NeighborFestival] = strawberry_django.connection(
        description="Festivals, the latest first unless ordered; plans for staff alone."
    )

    @strawberry_django.field(description="One festival by its code; null if not the caller's.")
    @one_row(is_single=True)
    def neighbor_festival(self, info: Info, code: str) -> NeighborFestival | None:
        rows = visible(models.NeighborFestival, info).filter(code=code)
        return rows  # type: ignore[return-value]


@strawberry.type
class NeighborFestivalAnswer:
    """The festival as it now stands, or what was wrong."""

    errors: list[InputError]
    festival: NeighborFestival | None = None
    notes: list[str] = strawberry.field(
        default_factory=list,
        description="Of a copied plan: what to look at (a holiday, a body that has ended), Chinese.",
    )


@strawberry.type
class StallAnswer:
    """The stall as it now stands, or what was wrong; null once it is gone."""

    errors: list[InputError]
    stall: Stall | None = None


@strawberry.type
class FestivalSupplyAnswer:
    """The line as it now stands, or what was wrong."""

    errors: list[InputError]
    supply: FestivalSupply | None = None


@strawberry.type
class FestivalHeadsAnswer:
    """The count as it now stands, or what was wrong."""

    errors: list[InputError]
    heads: FestivalHeads | None = None


FESTIVALS = Verbs(models.NeighborFestival, NeighborFestivalAnswer, "festival")
STALLS = Verbs(models.Stall, StallAnswer, "stall")
SUPPLIES = Verbs(models.FestivalSupply, FestivalSupplyAnswer, "supply")
HEADS = Verbs(models.FestivalHeads, FestivalHeadsAnswer, "heads")


@strawberry.type
class FestivalsMutation:
    @strawberry.mutation(description="A new plan.")
    def create_neighbor_festival(
        self, info: Info, input: inputs.CreateNeighborFestivalInput
    ) -> NeighborFestivalAnswer:
        def make(by: Actor) -> models.NeighborFestival:
            row = models.NeighborFestival(community_id=community_of(by.user, input.community).pk)
            for name in ("title", "starts_at", "ends_at", "place", "summary", "extra"):
                setattr(row, name, getattr(input, name))
            return actions.save_festival(row, by=by)

        return FESTIVALS.made(info, input, "createNeighborFestival", make)

    @strawberry.mutation(
        description="Changes a festival; who runs a stall is told of another time or place."
    )
    def update_neighbor_festival(
        self, info: Info, input: inputs.UpdateNeighborFestivalInput
    ) -> NeighborFestivalAnswer:
        names = ("title", "starts_at", "ends_at", "place", "summary", "extra")

        return changed(FESTIVALS, info, input.festival_id, input, names, save=actions.save_festival)

    @strawberry.mutation(
        description="A new plan with the stalls and supplies of another festival, on the same "
        "weekday of the month; heads are not copied."
    )
    def copy_neighbor_festival(
        self, info: Info, input: inputs.CopyNeighborFestivalInput
    ) -> NeighborFestivalAnswer:
        notes: list[str] = []

        def make(by: Actor) -> models.NeighborFestival:
            source = chosen(models.NeighborFestival, input.festival_id, info)
            copied = copy_festival(source, by=by, month=input.month)
            notes.extend(copied.notes)
            return copied.festival

        answer = FESTIVALS.made(info, input, "copyNeighborFestival", make)
        answer.notes = notes
        return answer

    @strawberry.mutation(description="Everybody may read of it; who runs a stall is told.")
    def announce_neighbor_festival(
        self, info: Info, input: inputs.NeighborFestivalInput
    ) -> NeighborFestivalAnswer:
        return _move(info, input, "announce")

    @strawberry.mutation(description="It took place, or is under way.")
    def hold_neighbor_festival(
        self, info: Info, input: inputs.NeighborFestivalInput
    ) -> NeighborFestivalAnswer:
        return _move(info, input, "hold")

    @strawberry.mutation(description="All has been entered; heads too.")
    def close_neighbor_festival(
        self, info: Info, input: inputs.NeighborFestivalInput
    ) -> NeighborFestivalAnswer:
        return _move(info, input, "close")

    @strawberry.mutation(description="Opens a closed one for corrections; needs a reason.")
    def reopen_neighbor_festival(
        self, info: Info, input: inputs.NeighborFestivalInput
    ) -> NeighborFestivalAnswer:
        return _move(info, input, "reopen")

    @strawberry.mutation(description="Calls it off; needs a reason, which is told.")
    def cancel_neighbor_festival(
        self, info: Info, input: inputs.NeighborFestivalInput
    ) -> NeighborFestivalAnswer:
        return _move(info, input, "cancel")

    @strawberry.mutation(description="One more stall.")
    def add_stall(self, info: Info, input: inputs.AddStallInput) -> StallAnswer:
        return STALLS.made(info, input, "addStall", lambda by: _stall(input, info, by))

    @strawberry.mutation(description="Changes a stall.")
    def update_stall(self, info: Info, input: inputs.UpdateStallInput) -> StallAnswer:
        def change(row: models.Stall, by: Actor) -> None:
            names = ("name", "number", "planned_helpers", "absent")
            actions.save_stalls([put(row, input, names)], by=by)

        return STALLS.on(info, input.stall_id, change)

    @strawberry.mutation(description="Takes a stall out of the plan; who was to run it is told.")
    def drop_stall(self, info: Info, input: inputs.StallInput) -> StallAnswer:
        return STALLS.on(info, input.stall_id, lambda row, by: actions.drop_stall(row, by=by))

    @strawberry.mutation(description="Something more that is needed.")
    def add_festival_supply(
        self, info: Info, input: inputs.AddFestivalSupplyInput
    ) -> FestivalSupplyAnswer:
        def make(by: Actor) -> models.FestivalSupply:
            festival = chosen(models.NeighborFestival, input.festival_id, info)
            row = models.FestivalSupply(
                community_id=festival.community_id,
                festival=festival,
                name=input.name,
                unit=input.unit,
                planned=input.planned,
                bringer=_maybe(Organization, input.bringer_id, info),
            )
            return gate.save(row, by=by)

        return SUPPLIES.made(info, input, "addFestivalSupply", make)

    @strawberry.mutation(description="What was brought, and what was used of it.")
    def update_festival_supply(
        self, info: Info, input: inputs.UpdateFestivalSupplyInput
    ) -> FestivalSupplyAnswer:
        return changed(SUPPLIES, info, input.supply_id, input, ("planned", "brought", "used"))

    @strawberry.mutation(
        description="How many came: by stall, or of the whole; heads_counted_twice refuses both."
    )
    def record_festival_heads(
        self, info: Info, input: inputs.RecordFestivalHeadsInput
    ) -> FestivalHeadsAnswer:
        def make(by: Actor) -> models.FestivalHeads:
            festival = chosen(models.NeighborFestival, input.festival_id, info)
            row = models.FestivalHeads(
                community_id=festival.community_id,
                festival=festival,
                stall=_maybe(models.Stall, input.stall_id, info),
                count=input.count,
                method=input.method,
                evidence=input.evidence,
            )
            return gate.save(row, by=by)

        return HEADS.made(info, input, "recordFestivalHeads", make)

    @strawberry.mutation(description="Puts a count right; needs a reason.")
    def correct_festival_heads(
        self, info: Info, input: inputs.CorrectFestivalHeadsInput
    ) -> FestivalHeadsAnswer:
        def change(row: models.FestivalHeads, by: Actor) -> None:
            row.count, row.correction = input.count, input.reason
            gate.save(row, by=by, reason=input.reason)

        return HEADS.on(info, input.heads_id, change)


def _move(info: Info, given: inputs.NeighborFestivalInput, verb: str) -> NeighborFestivalAnswer:
    return FESTIVALS.move(info, given.festival_id, actions.FESTIVAL_VERBS[verb], given.reason)


def _stall(given: inputs.AddStallInput, info: Info, by: Actor) -> models.Stall:
    festival = chosen(models.NeighborFestival, given.festival_id, info)
    row = models.Stall(
        community_id=festival.community_id,
        festival=festival,
        name=given.name,
        item=_maybe(ServiceItem, given.item_id, info),
        category=_maybe(ServiceCategory, given.category_id, info),
        provider=_maybe(Organization, given.provider_id, info),
        planned_helpers=given.planned_helpers,
    )
    if given.number is not None:
        row.number = given.number
    return actions.save_stalls([row], by=by)[0]


def _maybe(model: Any, given: relay.GlobalID | None, info: Info) -> Any:
    return chosen(model, given, info) if given is not None else None
