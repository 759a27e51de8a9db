"""What the verbs take that set registers up, and change what staff have drafted."""

from datetime import date, datetime, time

import strawberry
from strawberry import relay

from backend.education.choices import VenueKind
from backend.stations.choices import OnHoliday
from schema.main.changes import SEEN
from schema.main.meeting_choices import ItemKind
from schema.main.partner_enums import IssueKind

KEY = "The same key twice: the first result."
COMMUNITY = "Code of the community."
strawberry.enum(OnHoliday, name="OnHoliday", description="Whether a station is open on holidays.")


@strawberry.input
class CreateCoolStationInput:
    """A new station; its hours and stocks are added to it."""

    community: str = strawberry.field(description=COMMUNITY)
    name: str
    place: str
    season_from: date
    season_to: date
    idempotency_key: str = strawberry.field(description=KEY)
    organization_id: relay.GlobalID | None = strawberry.field(
        default=None, description="Who runs it; left out: the community."
    )
    on_holiday: OnHoliday = OnHoliday.KEEP
    refill_days: int = strawberry.field(default=2, description="Days for a refill.")
    summary: str = ""


@strawberry.input
class UpdateCoolStationInput:
    """What changes of a station; a field left out stays."""

    station_id: relay.GlobalID
    name: str | None = strawberry.UNSET
    place: str | None = strawberry.UNSET
    organization_id: relay.GlobalID | None = strawberry.UNSET
    season_from: date | None = strawberry.UNSET
    season_to: date | None = strawberry.UNSET
    on_holiday: OnHoliday | None = strawberry.UNSET
    refill_days: int | None = strawberry.UNSET
    summary: str | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class AddOpeningHoursInput:
    """When a station is open on one day of the week."""

    station_id: relay.GlobalID
    weekday: int = strawberry.field(description="0 is Monday.")
    opens: time
    closes: time
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input
class RemoveOpeningHoursInput:
    """Hours that hold no longer."""

    hours_id: relay.GlobalID


@strawberry.input
class AddStationStockInput:
    """A station keeps a supply from now on; there is none of it yet."""

    station_id: relay.GlobalID
    supply: str = strawberry.field(description="Code of the supply, one of the community's.")
    idempotency_key: str = strawberry.field(description=KEY)
    refill_at: int | None = strawberry.field(default=None, description="Left out: the supply's.")


@strawberry.input
class UpdateStationStockInput:
    """At how many a refill is raised; null: as for the supply."""

    stock_id: relay.GlobalID
    refill_at: int | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class CreateServiceItemInput:
    """A new item that can be booked."""

    community: str = strawberry.field(description=COMMUNITY)
    category_id: relay.GlobalID
    title: str
    idempotency_key: str = strawberry.field(description=KEY)
    summary: str = ""
    prerequisites: str = ""
    place: str = ""
    provider_id: relay.GlobalID | None = None
    capacity: int = 10
    days_ahead: int = 14
    cancel_hours: int = 2
    quota: int | None = strawberry.field(
        default=2, description="Of one person a month; null: none."
    )
    needs_approval: bool = False
    waitlist_on: bool = True
    hold_hours: int = 12


@strawberry.input
class UpdateServiceItemInput:
    """What changes of an item; a field left out stays."""

    item_id: relay.GlobalID
    category_id: relay.GlobalID | None = strawberry.UNSET
    title: str | None = strawberry.UNSET
    summary: str | None = strawberry.UNSET
    prerequisites: str | None = strawberry.UNSET
    place: str | None = strawberry.UNSET
    provider_id: relay.GlobalID | None = strawberry.UNSET
    capacity: int | None = strawberry.UNSET
    days_ahead: int | None = strawberry.UNSET
    cancel_hours: int | None = strawberry.UNSET
    quota: int | None = strawberry.UNSET
    needs_approval: bool | None = strawberry.UNSET
    waitlist_on: bool | None = strawberry.UNSET
    hold_hours: int | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class CreateVenueInput:
    """A new venue."""

    community: str = strawberry.field(description=COMMUNITY)
    name: str
    kind: VenueKind
    idempotency_key: str = strawberry.field(description=KEY)
    place: str = ""


@strawberry.input
class UpdateJointMeetingInput:
    """What changes of a meeting that nobody has been called to; a field left out stays."""

    meeting_id: relay.GlobalID
    title: str | None = strawberry.UNSET
    starts_at: datetime | None = strawberry.UNSET
    place: str | None = strawberry.UNSET
    chair: str | None = strawberry.UNSET
    remark: str | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class UpdateAgendaItemInput:
    """What changes of an item of the agenda; a field left out stays."""

    item_id: relay.GlobalID
    title: str | None = strawberry.UNSET
    kind: ItemKind | None = strawberry.UNSET
    presenter: str | None = strawberry.UNSET
    background: str | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class UpdateCoBuildingAgreementInput:
    """What changes of a draft; a field left out stays."""

    agreement_id: relay.GlobalID
    title: str | None = strawberry.UNSET
    signed_on: date | None = strawberry.UNSET
    starts_on: date | None = strawberry.UNSET
    ends_on: date | None = strawberry.UNSET
    remind_days: int | None = strawberry.UNSET
    remark: str | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class UpdateVanguardPostInput:
    """What changes of a post; a field left out stays."""

    post_id: relay.GlobalID
    name: str | None = strawberry.UNSET
    place: str | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class UpdateIncipientIssueInput:
    """What changes of an open issue; a field left out stays."""

    issue_id: relay.GlobalID
    place: str | None = strawberry.UNSET
    kind: IssueKind | None = strawberry.UNSET
    description: str | None = strawberry.UNSET
    found_on: date | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)
