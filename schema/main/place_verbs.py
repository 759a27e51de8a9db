"""Places and the calendar in the main API: what is asked, and what is done."""

from typing import Any

import strawberry
import strawberry_django
from strawberry.types import Info

from backend.core import gate
from backend.core.access import Actor
from backend.people.queries import community_of
from backend.places import models
from schema.main import place_inputs as inputs
from schema.main.base import Connection, InputError, chosen
from schema.main.place_types import (
    Building,
    Estate,
    Grid,
    HolidayOverride,
    ResidentGroup,
    Subdistrict,
)
from schema.main.places import Community
from schema.main.verb_shapes import changed, removed
from schema.main.verbs import Verbs


@strawberry.type
class PlaceListsQuery:
    subdistricts: Connection[Subdistrict] = strawberry_django.connection(
        description="The subdistricts of the caller's communities."
    )
    estates: Connection[Estate] = strawberry_django.connection(
        description="Estates of the caller's communities."
    )
    buildings: Connection[Building] = strawberry_django.connection(
        description="Buildings, by estate unless ordered."
    )
    grids: Connection[Grid] = strawberry_django.connection(
        description="Grids of the caller's communities."
    )
    resident_groups: Connection[ResidentGroup] = strawberry_django.connection(
        description="Chat groups of residents; those that are no more, too."
    )
    holiday_overrides: Connection[HolidayOverride] = strawberry_django.connection(
        description="Days on which the calendar differs, the latest first unless ordered."
    )


@strawberry.type
class SubdistrictAnswer:
    """The subdistrict as it now stands (null once removed), or what was wrong."""

    errors: list[InputError]
    subdistrict: Subdistrict | None = None


@strawberry.type
class CommunityAnswer:
    """The community as it now stands, or what was wrong."""

    errors: list[InputError]
    community: Community | None = None


@strawberry.type
class EstateAnswer:
    """The estate as it now stands (null once removed), or what was wrong."""

    errors: list[InputError]
    estate: Estate | None = None


@strawberry.type
class BuildingAnswer:
    """The building as it now stands (null once removed), or what was wrong."""

    errors: list[InputError]
    building: Building | None = None


@strawberry.type
class GridAnswer:
    """The grid as it now stands (null once removed), or what was wrong."""

    errors: list[InputError]
    grid: Grid | None = None


@strawberry.type
class ResidentGroupAnswer:
    """The group as it now stands (null once removed), or what was wrong."""

    errors: list[InputError]
    group: ResidentGroup | None = None


@strawberry.type
class HolidayOverrideAnswer:
    """The day as it now stands (null once removed), or what was wrong."""

    errors: list[InputError]
    override: HolidayOverride | None = None


SUBDISTRICTS = Verbs(models.Subdistrict, SubdistrictAnswer, "subdistrict")
COMMUNITIES = Verbs(models.Community, CommunityAnswer, "community")
ESTATES = Verbs(models.Estate, EstateAnswer, "estate")
BUILDINGS = Verbs(models.Building, BuildingAnswer, "building")
GRIDS = Verbs(models.Grid, GridAnswer, "grid")
GROUPS = Verbs(models.ResidentGroup, ResidentGroupAnswer, "group")
OVERRIDES = Verbs(models.HolidayOverride, HolidayOverrideAnswer, "override")


@strawberry.type
class PlacesMutation:
    @strawberry.mutation(description="A new subdistrict; the administrator's alone.")
    def create_subdistrict(
        self, info: Info, input: inputs.CreateSubdistrictInput
    ) -> SubdistrictAnswer:
        def make(by: Actor) -> models.Subdistrict:
            return gate.save(models.Subdistrict(code=input.code, name=input.name), by=by)

        return SUBDISTRICTS.made(info, input, "createSubdistrict", make)

    @strawberry.mutation(description="Changes a subdistrict's name; the administrator's alone.")
    def update_subdistrict(
        self, info: Info, input: inputs.UpdateSubdistrictInput
    ) -> SubdistrictAnswer:
        return changed(SUBDISTRICTS, info, input.subdistrict_id, input, ("name",))

    @strawberry.mutation(description="Takes away a subdistrict that has no communities.")
    def remove_subdistrict(
        self, info: Info, input: inputs.RemoveSubdistrictInput
    ) -> SubdistrictAnswer:
        return removed(SUBDISTRICTS, info, input.subdistrict_id)

    @strawberry.mutation(description="A new, empty community; the administrator's alone.")
    def create_community(self, info: Info, input: inputs.CreateCommunityInput) -> CommunityAnswer:
        def make(by: Actor) -> models.Community:
            row = models.Community(
                subdistrict=chosen(models.Subdistrict, input.subdistrict_id, info),
                code=input.code,
                name=input.name,
            )
            return gate.save(row, by=by)

        return COMMUNITIES.made(info, input, "createCommunity", make)

    @strawberry.mutation(description="Changes a community: its name and subdistrict.")
    def update_community(self, info: Info, input: inputs.UpdateCommunityInput) -> CommunityAnswer:
        links: Any = {"subdistrict_id": models.Subdistrict}

        return changed(COMMUNITIES, info, input.community_id, input, ("name",), links)

    @strawberry.mutation(description="A new estate.")
    def create_estate(self, info: Info, input: inputs.CreateEstateInput) -> EstateAnswer:
        def make(by: Actor) -> models.Estate:
            community = community_of(by.user, input.community)
            row = models.Estate(community=community, code=input.code, name=input.name)
            return gate.save(row, by=by)

        return ESTATES.made(info, input, "createEstate", make)

    @strawberry.mutation(description="Changes an estate's name.")
    def update_estate(self, info: Info, input: inputs.UpdateEstateInput) -> EstateAnswer:
        return changed(ESTATES, info, input.estate_id, input, ("name",))

    @strawberry.mutation(description="Takes away an estate that nothing hangs on.")
    def remove_estate(self, info: Info, input: inputs.RemoveEstateInput) -> EstateAnswer:
        return removed(ESTATES, info, input.estate_id)

    @strawberry.mutation(description="A new building of an estate.")
    def create_building(self, info: Info, input: inputs.CreateBuildingInput) -> BuildingAnswer:
        def make(by: Actor) -> models.Building:
            estate = chosen(models.Estate, input.estate_id, info)
            row = models.Building(community_id=estate.community_id, estate=estate, name=input.name)
            return gate.save(row, by=by)

        return BUILDINGS.made(info, input, "createBuilding", make)

    @strawberry.mutation(description="Changes a building: its number and its estate.")
    def update_building(self, info: Info, input: inputs.UpdateBuildingInput) -> BuildingAnswer:
        links: Any = {"estate_id": models.Estate}

        return changed(BUILDINGS, info, input.building_id, input, ("name",), links)

    @strawberry.mutation(description="Takes away a building that nothing hangs on.")
    def remove_building(self, info: Info, input: inputs.RemoveBuildingInput) -> BuildingAnswer:
        return removed(BUILDINGS, info, input.building_id)

    @strawberry.mutation(description="A new grid.")
    def create_grid(self, info: Info, input: inputs.CreateGridInput) -> GridAnswer:
        def make(by: Actor) -> models.Grid:
            community = community_of(by.user, input.community)
            row = models.Grid(community=community, code=input.code, name=input.name)
            if input.estate_id is not None:
                row.estate = chosen(models.Estate, input.estate_id, info)
            return gate.save(row, by=by)

        return GRIDS.made(info, input, "createGrid", make)

    @strawberry.mutation(description="Changes a grid: its name and its estate.")
    def update_grid(self, info: Info, input: inputs.UpdateGridInput) -> GridAnswer:
        links: Any = {"estate_id": models.Estate}

        return changed(GRIDS, info, input.grid_id, input, ("name",), links)

    @strawberry.mutation(description="Takes away a grid that nothing hangs on.")
    def remove_grid(self, info: Info, input: inputs.RemoveGridInput) -> GridAnswer:
        return removed(GRIDS, info, input.grid_id)

    @strawberry.mutation(description="A new chat group of residents.")
    def create_resident_group(
        self, info: Info, input: inputs.CreateResidentGroupInput
    ) -> ResidentGroupAnswer:
        def make(by: Actor) -> models.ResidentGroup:
            row = models.ResidentGroup(
                community=community_of(by.user, input.community),
                code=input.code,
                name=input.name,
                started_on=input.started_on,
                ended_on=input.ended_on,
            )
            if input.estate_id is not None:
                row.estate = chosen(models.Estate, input.estate_id, info)
            if input.grid_id is not None:
                row.grid = chosen(models.Grid, input.grid_id, info)
            return gate.save(row, by=by)

        return GROUPS.made(info, input, "createResidentGroup", make)

    @strawberry.mutation(description="Changes a chat group; `endedOn` dissolves it.")
    def update_resident_group(
        self, info: Info, input: inputs.UpdateResidentGroupInput
    ) -> ResidentGroupAnswer:
        names = ("name", "started_on", "ended_on")
        links: Any = {"estate_id": models.Estate, "grid_id": models.Grid}

        return changed(GROUPS, info, input.group_id, input, names, links)

    @strawberry.mutation(description="Takes away a group that was entered by mistake.")
    def remove_resident_group(
        self, info: Info, input: inputs.RemoveResidentGroupInput
    ) -> ResidentGroupAnswer:
        return removed(GROUPS, info, input.group_id)

    @strawberry.mutation(
        description="A day that is worked, or not, otherwise than the national table says; deadlines "
        "follow. For all communities it is the administrator's alone."
    )
    def create_holiday_override(
        self, info: Info, input: inputs.CreateHolidayOverrideInput
    ) -> HolidayOverrideAnswer:
        def make(by: Actor) -> models.HolidayOverride:
            row = models.HolidayOverride(day=input.day, works=input.works, note=input.note)
            if input.community is not None:
                row.community = community_of(by.user, input.community)
            return gate.save(row, by=by)

        return OVERRIDES.made(info, input, "createHolidayOverride", make)

    @strawberry.mutation(description="Changes such a day.")
    def update_holiday_override(
        self, info: Info, input: inputs.UpdateHolidayOverrideInput
    ) -> HolidayOverrideAnswer:
        names = ("day", "works", "note")
        return changed(OVERRIDES, info, input.override_id, input, names)

    @strawberry.mutation(description="The national table holds on this day again.")
    def remove_holiday_override(
        self, info: Info, input: inputs.RemoveHolidayOverrideInput
    ) -> HolidayOverrideAnswer:
        return removed(OVERRIDES, info, input.override_id)
