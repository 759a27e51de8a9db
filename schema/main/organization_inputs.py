"""What the verbs on organizations, their representatives and their seats take."""

from datetime import date

import strawberry
from strawberry import relay

from backend.people.choices import OrganizationKind
from schema.main.changes import SEEN
from schema.main.meeting_choices import SeatHolder, SeatTier
from schema.main.place_inputs import CODE
from schema.main.setting_up_inputs import COMMUNITY, KEY


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
    """Who speaks for a body, from a day on. The account: `tieRepresentativeAccount`."""

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
    resident_id: relay.GlobalID | None = strawberry.UNSET
    valid_from: date | None = strawberry.UNSET
    valid_to: date | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class TieRepresentativeAccountInput:
    """Whose account is to speak for the body: of somebody in the community, or of nobody yet."""

    representative_id: relay.GlobalID
    username: str


@strawberry.input
class UntieRepresentativeAccountInput:
    """A representative who is to sign in for the body no longer."""

    representative_id: relay.GlobalID


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
    """What changes of a mandate; a field left out stays. Rolls that were called keep what was theirs."""

    seat_id: relay.GlobalID
    tier: SeatTier | None = strawberry.UNSET
    holder: SeatHolder | None = strawberry.UNSET
    organization_id: relay.GlobalID | None = strawberry.UNSET
    resident_id: relay.GlobalID | None = strawberry.UNSET
    person_name: str | None = strawberry.field(
        default=strawberry.UNSET, description="A masked value sent back stays."
    )
    representative_id: relay.GlobalID | None = strawberry.UNSET
    valid_from: date | None = strawberry.UNSET
    valid_to: date | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class RemoveSeatInput:
    """A seat that was entered by mistake."""

    seat_id: relay.GlobalID
