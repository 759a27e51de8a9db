"""What the verbs on places and on the calendar take."""

from datetime import date

import strawberry
from strawberry import relay

from schema.main.changes import SEEN
from schema.main.setting_up_inputs import COMMUNITY, KEY

CODE = "Left out: given by the system; it stays for good."


@strawberry.input
class CreateSubdistrictInput:
    """A new subdistrict; the installation's administrator alone makes one."""

    code: str
    name: str
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input
class UpdateSubdistrictInput:
    """What changes of a subdistrict; a field left out stays."""

    subdistrict_id: relay.GlobalID
    name: str | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class RemoveSubdistrictInput:
    """A subdistrict that has no communities."""

    subdistrict_id: relay.GlobalID


@strawberry.input
class CreateCommunityInput:
    """A new community; the installation's administrator alone makes one."""

    subdistrict_id: relay.GlobalID
    code: str
    name: str
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input
class UpdateCommunityInput:
    """What changes of a community; a field left out stays."""

    community_id: relay.GlobalID
    name: str | None = strawberry.UNSET
    subdistrict_id: relay.GlobalID | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class CreateEstateInput:
    """A new estate."""

    community: str = strawberry.field(description=COMMUNITY)
    name: str
    idempotency_key: str = strawberry.field(description=KEY)
    code: str = strawberry.field(default="", description=CODE)


@strawberry.input
class UpdateEstateInput:
    """What changes of an estate; a field left out stays."""

    estate_id: relay.GlobalID
    name: str | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class RemoveEstateInput:
    """An estate that nothing hangs on."""

    estate_id: relay.GlobalID


@strawberry.input
class CreateBuildingInput:
    """A new building of an estate."""

    estate_id: relay.GlobalID
    name: str = strawberry.field(description="Its number or letter alone: 3, A.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input
class UpdateBuildingInput:
    """What changes of a building; a field left out stays."""

    building_id: relay.GlobalID
    name: str | None = strawberry.UNSET
    estate_id: relay.GlobalID | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class RemoveBuildingInput:
    """A building that nothing hangs on."""

    building_id: relay.GlobalID


@strawberry.input
class CreateGridInput:
    """A new grid."""

    community: str = strawberry.field(description=COMMUNITY)
    name: str
    idempotency_key: str = strawberry.field(description=KEY)
    code: str = strawberry.field(default="", description=CODE)
    estate_id: relay.GlobalID | None = None


@strawberry.input
class UpdateGridInput:
    """What changes of a grid; a field left out stays."""

    grid_id: relay.GlobalID
    name: str | None = strawberry.UNSET
    estate_id: relay.GlobalID | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class RemoveGridInput:
    """A grid that nothing hangs on."""

    grid_id: relay.GlobalID


@strawberry.input
class CreateResidentGroupInput:
    """A new chat group."""

    community: str = strawberry.field(description=COMMUNITY)
    name: str
    started_on: date
    idempotency_key: str = strawberry.field(description=KEY)
    code: str = strawberry.field(default="", description=CODE)
    estate_id: relay.GlobalID | None = None
    grid_id: relay.GlobalID | None = None
    ended_on: date | None = None


@strawberry.input
class UpdateResidentGroupInput:
    """What changes of a group; a field left out stays. Dissolved: `endedOn`."""

    group_id: relay.GlobalID
    name: str | None = strawberry.UNSET
    started_on: date | None = strawberry.UNSET
    ended_on: date | None = strawberry.UNSET
    estate_id: relay.GlobalID | None = strawberry.UNSET
    grid_id: relay.GlobalID | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class RemoveResidentGroupInput:
    """A group that was entered by mistake."""

    group_id: relay.GlobalID


@strawberry.input
class CreateHolidayOverrideInput:
    """A day that is worked, or not, otherwise than the national table says."""

    day: date
    works: bool
    note: str
    idempotency_key: str = strawberry.field(description=KEY)
    community: str | None = strawberry.field(
        default=None, description="Code of the community; left out: all of them."
    )


@strawberry.input
class UpdateHolidayOverrideInput:
    """What changes of such a day; a field left out stays."""

    override_id: relay.GlobalID
    day: date | None = strawberry.UNSET
    works: bool | None = strawberry.UNSET
    note: str | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class RemoveHolidayOverrideInput:
    """A day on which the national table holds again."""

    override_id: relay.GlobalID
