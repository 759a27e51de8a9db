"""The choices that services and bookings share with the main API."""

import strawberry

from backend.services.choices import BookingSource, BookingStatus, ItemStatus, SlotStatus

__all__ = ["BookingSource", "BookingStatus", "ItemStatus", "SlotStatus"]

strawberry.enum(ItemStatus, name="ServiceItemStatus", description="Whether an item can be booked.")
strawberry.enum(SlotStatus, description="Whether a slot is on.")
strawberry.enum(BookingStatus, name="ServiceBookingStatus", description="The states of a booking.")
strawberry.enum(BookingSource, name="ServiceBookingSource", description="How a booking came in.")
