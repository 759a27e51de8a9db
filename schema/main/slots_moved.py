"""What comes of rules, exceptions and closures: slots made, called off, and left."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Self

import strawberry
from strawberry import relay

from backend.services.models import Slot
from backend.services.scheduling import Made


@strawberry.type(description="A slot that a rule or a closure made, called off, or left.")
class SlotMoved:
    slot_id: relay.GlobalID | None = strawberry.field(
        description="Of the Slot; null for one that only a dry run made."
    )
    day: date | None = strawberry.field(
        description="The day that the rule gives it; null for a slot that no rule made."
    )
    starts_at: datetime
    ends_at: datetime
    bookings: int = strawberry.field(
        description="Who had booked or waited: told where it is called off."
    )


@strawberry.type(description="What came of it, or after a dry run would come; earliest first.")
class SlotsMoved:
    made: list[SlotMoved]
    called_off: list[SlotMoved]
    left: list[SlotMoved] = strawberry.field(
        description="Booked slots that no longer fit the rule: they stay until somebody cancels them."
    )

    @classmethod
    def of(cls, made: Made, *, there: bool) -> Self:
        """In the API's terms; `there` is false after a dry run."""

        def told(slots: Iterable[Slot], known: bool = True) -> list[SlotMoved]:
            return [
                SlotMoved(
                    slot_id=relay.GlobalID("Slot", str(slot.pk)) if known else None,
                    day=slot.rule_day,
                    starts_at=slot.starts_at,
                    ends_at=slot.ends_at,
                    bookings=made.booked.get(slot.pk, 0),
                )
                for slot in sorted(slots, key=lambda one: (one.starts_at, one.pk))
            ]

        return cls(
            made=told(made.made, there),
            called_off=told(made.called_off),
            left=told(made.left),
        )
