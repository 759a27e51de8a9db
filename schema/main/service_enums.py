"""The choices that services and bookings share with the main API."""

import strawberry

from backend.services.choices import (
    BookingSource,
    BookingStatus,
    ExceptionKind,
    Frequency,
    ItemStatus,
    OnHoliday,
    SlotStatus,
)

__all__ = [
    "BookingSource",
    "BookingStatus",
    "ExceptionKind",
    "Frequency",
    "ItemStatus",
    "OnHoliday",
    "SlotStatus",
]

strawberry.enum(ItemStatus, name="ServiceItemStatus", description="Whether an item can be booked.")
strawberry.enum(SlotStatus, description="Whether a slot is on.")
strawberry.enum(BookingStatus, name="ServiceBookingStatus", description="The states of a booking.")
strawberry.enum(BookingSource, name="ServiceBookingSource", description="How a booking came in.")
strawberry.enum(Frequency, name="SlotFrequency", description="How often a slot repeats.")
strawberry.enum(
    OnHoliday, name="SlotOnHoliday", description="What a repeating slot does on a public holiday."
)
strawberry.enum(
    ExceptionKind, name="SlotExceptionKind", description="One occurrence less, or one more."
)
