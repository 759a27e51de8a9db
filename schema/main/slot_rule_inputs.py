"""What the mutations of repeating slots and of closures take."""

from datetime import date, time

import strawberry
from strawberry import relay

from schema.main.changes import SEEN
from schema.main.service_enums import ExceptionKind, Frequency, OnHoliday

KEY = "The same key twice: the first result."
DRY_RUN = (
    "Nothing is written: `outcome` says what would come of it. Rules and rights are those of the "
    "verb itself."
)
NTH = "Which of the month, for MONTHLY alone: 1 to 4, or -1 for the last."
WEEKDAY = "0 is Monday."
REASON = "Told to those who have booked."


@strawberry.input
class CreateSlotRuleInput:
    """A rule by which an item is offered; its slots are made at once, as far ahead as one books."""

    item_id: relay.GlobalID
    weekday: int = strawberry.field(description=WEEKDAY)
    starts: time
    ends: time
    valid_from: date
    idempotency_key: str = strawberry.field(description=KEY)
    frequency: Frequency = Frequency.WEEKLY
    nth: int | None = strawberry.field(default=None, description=NTH)
    capacity: int | None = strawberry.field(
        default=None, description="People; the item's own if left out."
    )
    place: str = strawberry.field(default="", description="The item's own if left out.")
    helper: str = strawberry.field(default="", description="Who serves; never public.")
    valid_until: date | None = strawberry.field(default=None, description="Left out: for good.")
    on_holiday: OnHoliday = OnHoliday.SKIP
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.input
class UpdateSlotRuleInput:
    """What changes of a rule; a field left out stays. Its slots follow: see `outcome`."""

    rule_id: relay.GlobalID
    frequency: Frequency | None = strawberry.UNSET
    weekday: int | None = strawberry.field(default=strawberry.UNSET, description=WEEKDAY)
    nth: int | None = strawberry.field(default=strawberry.UNSET, description=NTH)
    starts: time | None = strawberry.UNSET
    ends: time | None = strawberry.UNSET
    capacity: int | None = strawberry.UNSET
    place: str | None = strawberry.UNSET
    helper: str | None = strawberry.UNSET
    valid_from: date | None = strawberry.UNSET
    valid_until: date | None = strawberry.UNSET
    on_holiday: OnHoliday | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.input
class ApplySlotRuleInput:
    """A rule whose slots are made as far as they are due; a worker does so every day."""

    rule_id: relay.GlobalID
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.input
class AddSlotExceptionInput:
    """An occurrence of a rule that does not take place, or one day more."""

    rule_id: relay.GlobalID
    day: date
    idempotency_key: str = strawberry.field(description=KEY)
    kind: ExceptionKind = ExceptionKind.SKIP
    reason: str = strawberry.field(default="", description=REASON)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.input
class UpdateSlotExceptionInput:
    """What changes of an exception; a field left out stays."""

    exception_id: relay.GlobalID
    day: date | None = strawberry.UNSET
    kind: ExceptionKind | None = strawberry.UNSET
    reason: str | None = strawberry.field(default=strawberry.UNSET, description=REASON)
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.input
class RemoveSlotExceptionInput:
    """An exception that holds no longer; what it called off stays off until `reopenSlot`."""

    exception_id: relay.GlobalID
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.input
class CreateClosureInput:
    """Days on which an item is not offered, or (with no `itemId`) nothing is."""

    community: str = strawberry.field(description="Code of the community.")
    first_day: date
    last_day: date
    reason: str = strawberry.field(description=REASON)
    idempotency_key: str = strawberry.field(description=KEY)
    item_id: relay.GlobalID | None = strawberry.field(
        default=None, description="Left out: all services."
    )
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.input
class UpdateClosureInput:
    """What changes of a closure; a field left out stays. What was called off stays off."""

    closure_id: relay.GlobalID
    item_id: relay.GlobalID | None = strawberry.field(
        default=strawberry.UNSET, description="Null: all services."
    )
    first_day: date | None = strawberry.UNSET
    last_day: date | None = strawberry.UNSET
    reason: str | None = strawberry.field(default=strawberry.UNSET, description=REASON)
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.input
class RemoveClosureInput:
    """A closure that holds no longer; what it called off stays off until `reopenSlot`."""

    closure_id: relay.GlobalID
