"""What the mutations of demands take."""

from datetime import datetime

import strawberry
from strawberry import relay

from schema.main.changes import SEEN
from schema.main.demand_enums import Channel, DemandKind, Urgency

_KEY = "The same key twice: the first result."


@strawberry.input
class RegisterDemandInput:
    """What somebody brings forward. Residents do so for themselves: community and content are
    enough, and who they are is taken from the roster.
    """

    community: str = strawberry.field(description="The community's code.")
    content: str
    idempotency_key: str = strawberry.field(description=_KEY)
    kind: DemandKind = DemandKind.HELP
    urgency: Urgency = Urgency.ORDINARY
    category_id: relay.GlobalID | None = None
    estate_id: relay.GlobalID | None = None
    building_id: relay.GlobalID | None = None
    unit: str = ""
    room: str = ""
    address: str = strawberry.field(default="", description="Where no building is meant.")
    reporter_hidden: bool = strawberry.field(
        default=False, description="Whoever handles it does not learn who brought it forward."
    )
    resident_id: relay.GlobalID | None = strawberry.field(
        default=None, description="For staff: a resident of the roster."
    )
    reporter_name: str = strawberry.field(
        default="", description="For staff, and for accounts that are tied to no resident."
    )
    reporter_phone: str = strawberry.field(
        default="", description="For staff: finds the resident, where one person alone has it."
    )
    channel: Channel = strawberry.field(
        default=Channel.WINDOW, description="For staff; what a resident brings forward is APP."
    )
    group_id: relay.GlobalID | None = strawberry.field(
        default=None, description="The chat group, where the channel is one."
    )
    grid_id: relay.GlobalID | None = None
    received_at: datetime | None = strawberry.field(
        default=None, description="For staff; now if left out."
    )
    first_contact: str = strawberry.field(
        default="", description="For staff: who took it down first; the caller if left out."
    )
    remark: str = strawberry.field(default="", description="For staff.")


@strawberry.input
class UpdateDemandInput:
    """What changes of a demand; a field left out stays. A mask sent back stays, too."""

    demand_id: relay.GlobalID
    content: str | None = strawberry.UNSET
    kind: DemandKind | None = strawberry.UNSET
    urgency: Urgency | None = strawberry.UNSET
    category_id: relay.GlobalID | None = strawberry.UNSET
    estate_id: relay.GlobalID | None = strawberry.UNSET
    building_id: relay.GlobalID | None = strawberry.UNSET
    grid_id: relay.GlobalID | None = strawberry.UNSET
    unit: str | None = strawberry.UNSET
    room: str | None = strawberry.UNSET
    address: str | None = strawberry.UNSET
    reporter_name: str | None = strawberry.UNSET
    reporter_phone: str | None = strawberry.UNSET
    reporter_hidden: bool | None = strawberry.UNSET
    remark: str | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class DemandInput:
    """A demand, and why, where the verb needs a reason."""

    demand_id: relay.GlobalID
    reason: str = ""


@strawberry.input
class ResolveDemandInput:
    """A demand that is solved."""

    demand_id: relay.GlobalID
    result: str = strawberry.field(description="What was done.")


@strawberry.input
class AssignDemandInput:
    """A demand, and who shall handle it."""

    demand_id: relay.GlobalID
    organization_id: relay.GlobalID
    reason: str = strawberry.field(default="", description="What the handler should know.")


@strawberry.input
class RespondToDemandInput:
    """The first answer to whoever brought it forward."""

    demand_id: relay.GlobalID
    text: str


@strawberry.input
class ConfirmDemandInput:
    """A demand that is solved in the reporter's eyes, too."""

    demand_id: relay.GlobalID
    satisfied: bool | None = strawberry.field(
        default=None, description="Null where nobody has said."
    )


@strawberry.input
class ExtendDemandInput:
    """Some working days more: once, and with a reason."""

    demand_id: relay.GlobalID
    days: int = strawberry.field(description="Working days.")
    reason: str


@strawberry.input
class MarkDemandDuplicateInput:
    """A demand that says what another one says already."""

    demand_id: relay.GlobalID
    original_id: relay.GlobalID
    reason: str


@strawberry.input
class CreateDemandCategoryInput:
    """A new category of demands."""

    community: str = strawberry.field(description="The community's code.")
    name: str
    idempotency_key: str = strawberry.field(description=_KEY)
    code: str = strawberry.field(default="", description="Made if left out.")
    position: int = strawberry.field(default=0, description="The lowest stands first.")


@strawberry.input
class UpdateDemandCategoryInput:
    """What changes of a category; a field left out stays."""

    category_id: relay.GlobalID
    name: str | None = strawberry.UNSET
    position: int | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class RemoveDemandCategoryInput:
    """A category that no demand has."""

    category_id: relay.GlobalID
