"""What the verbs on organizations, their representatives and their seats take."""

from datetime import date

import strawberry
from strawberry import relay

from backend.meetings.choices import SeatHolder
from backend.people.choices import OrganizationKind
from schema.main.changes import SEEN
from schema.main.meeting_choices import SeatTier
from schema.main.place_inputs import CODE
from schema.main.setting_up_inputs import COMMUNITY, KEY

strawberry.enum(SeatHolder, description="Who holds a seat: a body, or a person of their own right.")


@strawberry.input
class CreateOrganizationInput:
    """A new body."""

    community: str = strawberry.field(description=COMMUNITY)
    name: str
    kind: OrganizationKind
    idempotency_key: str = strawberry.field(description=KEY)
    code: str = strawberry.field(default="", description=CODE)
    short_name: str = strawberry.field(default="", description="As lists and minutes call it.")
    active_from: date | None = None
    active_until: date | None = None


@strawberry.input
class UpdateOrganizationInput:
    """What changes of a body; a field left out stays. Dissolved: `activeUntil`."""

    organization_id: relay.GlobalID
    name: str | None = strawberry.UNSET
    short_name: str | None = strawberry.UNSET
    kind: OrganizationKind | None = strawberry.UNSET
    active_from: date | None = strawberry.UNSET
    active_until: date | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class RemoveOrganizationInput:
    """A body that was entered by mistake."""

    organization_id: relay.GlobalID


@strawberry.input
class AddRepresentativeInput:
    """Who speaks for a body, from a day on. The account that signs in for it is tied by staff."""

    organization_id: relay.GlobalID
    valid_from: date
    idempotency_key: str = strawberry.field(description=KEY)
    name: str = strawberry.field(default="", description="Left out: the resident's.")
    title: str = ""
    phone: str = ""
    resident_id: relay.GlobalID | None = strawberry.field(
        default=None, description="Who is on the roster."
    )
    valid_to: date | None = None


@strawberry.input
class UpdateRepresentativeInput:
    """What changes of a representative; a field left out stays. Out of office: `validTo`."""

    representative_id: relay.GlobalID
    name: str | None = strawberry.UNSET
    title: str | None = strawberry.UNSET
    phone: str | None = strawberry.UNSET
    valid_from: date | None = strawberry.UNSET
    valid_to: date | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class RemoveRepresentativeInput:
    """A representative who was entered by mistake."""

    representative_id: relay.GlobalID


@strawberry.input
class AddSeatInput:
    """A dated mandate in the joint meeting: of a body, or of a person."""

    community: str = strawberry.field(description=COMMUNITY)
    tier: SeatTier
    valid_from: date
    idempotency_key: str = strawberry.field(description=KEY)
    holder: SeatHolder = SeatHolder.ORGANIZATION
    code: str = strawberry.field(default="", description=CODE)
    organization_id: relay.GlobalID | None = None
    representative_id: relay.GlobalID | None = strawberry.field(
        default=None, description="Who usually sits there; the roll says who came."
    )
    resident_id: relay.GlobalID | None = None
    person_name: str = strawberry.field(default="", description="Left out: the resident's.")
    valid_to: date | None = None


@strawberry.input
class UpdateSeatInput:
    """The term, and who usually sits there; a field left out stays. Another holder: another seat."""

    seat_id: relay.GlobalID
    representative_id: relay.GlobalID | None = strawberry.UNSET
    valid_from: date | None = strawberry.UNSET
    valid_to: date | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class RemoveSeatInput:
    """A seat that was entered by mistake."""

    seat_id: relay.GlobalID
