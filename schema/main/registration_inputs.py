"""What the mutations of registration and check-in take."""

from datetime import datetime

import strawberry
from strawberry import relay

from schema.main.changes import SEEN
from schema.main.registration_choices import CheckInKind, CheckInSource, RegistrationSource


@strawberry.input
class RegisterForEventInput:
    """Somebody who wants to come. Residents register themselves: event, size and note are enough."""

    event_id: relay.GlobalID
    idempotency_key: str = strawberry.field(description="The same key twice: the first result.")
    size: int = strawberry.field(default=1, description="People, the registered one included.")
    note: str = ""
    resident_id: relay.GlobalID | None = strawberry.field(
        default=None, description="For staff: a resident of the roster."
    )
    name: str = strawberry.field(
        default="", description="For staff, and for accounts that are tied to no resident."
    )
    phone: str = ""
    source: RegistrationSource = strawberry.field(
        default=RegistrationSource.STAFF,
        description="For staff: at the window or by phone. Self-registration is always APP.",
    )


@strawberry.input
class RegistrationInput:
    """A registration, and why; those who withdraw their own need no reason."""

    registration_id: relay.GlobalID
    reason: str = ""


@strawberry.input
class UpdateRegistrationInput:
    """What changes of a registration; a field left out stays. A mask sent back stays, too."""

    registration_id: relay.GlobalID
    name: str | None = strawberry.UNSET
    phone: str | None = strawberry.UNSET
    size: int | None = strawberry.field(
        default=strawberry.UNSET, description="People, the registered one included."
    )
    note: str | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class CheckInEntryInput:
    """One scan. Whom: a ticket, a registration, a resident or a bare name; nobody: oneself."""

    idempotency_key: str = strawberry.field(
        description="The same key of the same device twice: the first result."
    )
    ticket: str = strawberry.field(
        default="", description="What the code on a ticket holds: the token, or its whole address."
    )
    registration_id: relay.GlobalID | None = None
    resident_id: relay.GlobalID | None = None
    name: str = ""
    companions: int | None = strawberry.field(
        default=None,
        description="People beside the named one; by default those of the registration.",
    )
    kind: CheckInKind = CheckInKind.IN
    source: CheckInSource = CheckInSource.MANUAL
    occurred_at: datetime | None = strawberry.field(
        default=None, description="When it happened, by the phone's clock; now if left out."
    )
    forced: bool = strawberry.field(
        default=False, description="Let in without a confirmed registration; needs a reason."
    )
    reason: str = ""


@strawberry.input
class CheckInInput:
    """One scan, or many that a phone kept while it was offline (`entries`, at most 200)."""

    event_id: relay.GlobalID
    device: str = strawberry.field(default="", description="A name that the phone keeps.")
    entry: CheckInEntryInput | None = None
    entries: list[CheckInEntryInput] = strawberry.field(default_factory=list)
    idempotency_key: str | None = strawberry.field(
        default=None, description="With neither entry nor entries: the caller arrives."
    )
