"""What the mutations on people take."""

from datetime import date

import strawberry
from strawberry import relay

from schema.main.changes import SEEN
from schema.main.people_enums import ConsentMeans, ConsentPurpose, Gender, PhoneKind

KEY = "The same key twice: the first result."
DOOR = "As staff write it, 3-2-501 or 3号楼2单元501; fills building, unit and room."


@strawberry.input
class CreateResidentInput:
    """A new person of the roster."""

    community: str = strawberry.field(description="Code of the community.")
    name: str
    idempotency_key: str = strawberry.field(description=KEY)
    gender: Gender | None = None
    birth_month: str = strawberry.field(default="", description="Year and month: 1958-03.")
    phone: str = ""
    door: str = strawberry.field(default="", description=DOOR)
    address: str = strawberry.field(default="", description="Text, where no building fits.")
    remark: str = ""


@strawberry.input
class UpdateResidentInput:
    """What changes; a field left out stays, null clears it. A mask that comes back changes nothing."""

    resident_id: relay.GlobalID
    name: str | None = strawberry.UNSET
    gender: Gender | None = strawberry.UNSET
    birth_month: str | None = strawberry.UNSET
    phone: str | None = strawberry.UNSET
    door: str | None = strawberry.field(default=strawberry.UNSET, description=DOOR)
    address: str | None = strawberry.UNSET
    remark: str | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class CreateHouseholdInput:
    """A door behind which nobody of the roster lives yet; whoever does makes theirs."""

    community: str = strawberry.field(description="Code of the community.")
    door: str = strawberry.field(description=DOOR)
    idempotency_key: str = strawberry.field(description=KEY)
    occupied: bool = strawberry.field(
        default=True, description="False: empty; coverage is measured against the others."
    )
    remark: str = ""


@strawberry.input
class MoveOutInput:
    """Somebody who left the community on a day."""

    resident_id: relay.GlobalID
    on: date
    reason: str = ""


@strawberry.input
class MoveInAgainInput:
    """Somebody who came back on a day."""

    resident_id: relay.GlobalID
    on: date
    reason: str = ""


@strawberry.input
class RecordDeathInput:
    """Somebody who died on a day."""

    resident_id: relay.GlobalID
    on: date
    reason: str = ""


@strawberry.input
class CorrectDeathInput:
    """Somebody who is alive: the entry was wrong."""

    resident_id: relay.GlobalID
    reason: str


@strawberry.input
class MergeResidentsInput:
    """Two rows of one person: which stays, which goes."""

    keep_id: relay.GlobalID
    drop_id: relay.GlobalID
    reason: str


@strawberry.input
class UnmergeResidentsInput:
    """A row of which the latest merge is taken back."""

    keep_id: relay.GlobalID
    reason: str = ""


@strawberry.input
class AddPhoneInput:
    """A further phone of a resident."""

    resident_id: relay.GlobalID
    phone: str
    idempotency_key: str = strawberry.field(description=KEY)
    kind: PhoneKind = PhoneKind.OWN
    remark: str = ""


@strawberry.input
class RemovePhoneInput:
    """A further phone to be taken away."""

    phone_id: relay.GlobalID


@strawberry.input
class SetHouseholdOccupiedInput:
    """Whether somebody lives behind a door."""

    household_id: relay.GlobalID
    occupied: bool


@strawberry.input
class MoveOutHouseholdInput:
    """Everybody who lives behind a door has moved out."""

    household_id: relay.GlobalID
    on: date = strawberry.field(description="Not in the future.")
    reason: str = ""


@strawberry.input
class FormHouseholdsInput:
    """Residents of a community, or of one of its estates, who live behind a door."""

    community: str = strawberry.field(description="Code of the community.")
    estate: str | None = strawberry.field(
        default=None, description="Code of the estate; left out: all of the community."
    )
    dry_run: bool = strawberry.field(
        default=False, description="Nothing is written: the answer says what would come of it."
    )


@strawberry.input
class GiveConsentInput:
    """A consent of today: one's own, or entered by staff for a resident."""

    notice_id: relay.GlobalID
    purpose: ConsentPurpose
    idempotency_key: str = strawberry.field(description=KEY)
    resident_id: relay.GlobalID | None = strawberry.field(
        default=None, description="Left out: the caller's own row of the roster."
    )
    means: ConsentMeans = ConsentMeans.APP
    evidence: str = ""


@strawberry.input
class WithdrawConsentInput:
    """A consent to be withdrawn today."""

    consent_id: relay.GlobalID
    reason: str = ""
