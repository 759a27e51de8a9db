"""Services, slots and bookings as the main API shows them."""

from datetime import datetime
from typing import Any

import strawberry
import strawberry_django
from django.db.models import BooleanField, Case, F, Q, Value, When
from strawberry import relay
from strawberry.types import Info

from backend.core.access import Actor, may_within
from backend.core.personal import masked
from backend.services import booking as verbs
from backend.services import choices, models, queries, seats
from backend.services.bookings import position
from schema.main.base import (
    DOOR,
    AvailableAction,
    Connection,
    Seen,
    may_as_contact,
    moves_of,
    of_organization,
    offered,
    viewer,
)
from schema.main.filters import (
    code_of,
    of_community,
    one_of,
    starts_before,
    starts_from,
    updated_since,
)
from schema.main.labels import in_words, state_in_words
from schema.main.nested import nested
from schema.main.people import Resident
from schema.main.personal import in_full
from schema.main.places import Community
from schema.main.service_enums import BookingSource, BookingStatus, ItemStatus, SlotStatus


@strawberry_django.filter_type(models.ServiceCategory)
class ServiceCategoryFilter:
    """Filters of categories."""

    community = of_community()
    updated_since = updated_since()


@strawberry_django.order_type(models.ServiceCategory)
class ServiceCategoryOrder:
    """Orders of categories."""

    position: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.ServiceCategory,
    filters=ServiceCategoryFilter,
    ordering=ServiceCategoryOrder,
    description="九助: a kind of help.",
)
class ServiceCategory(Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    revision: int
    name: str
    position: int = strawberry_django.field(description="The lowest stands first.")
    summary: str
    updated_at: datetime
    community: Community


@strawberry_django.filter_type(models.ServiceItem)
class ServiceItemFilter:
    """Filters of items."""

    status = one_of(ItemStatus, "status", "In one of these states.")
    community = of_community()
    category = code_of("category", "Of the category with this code.")

    @strawberry_django.filter_field(description="Title or content contains this text.")
    def search(self, value: str, prefix: str) -> Q:
        return Q(**{f"{prefix}title__icontains": value}) | Q(
            **{f"{prefix}summary__icontains": value}
        )

    updated_since = updated_since()


@strawberry_django.order_type(models.ServiceItem)
class ServiceItemOrder:
    """Orders of items."""

    title: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.filter_type(models.Slot)
class SlotFilter:
    """Filters of slots: what can be booked, where and when."""

    status = one_of(SlotStatus, "status", "In one of these states.")
    community = of_community()
    item = code_of("item", "Of the item with this code.")
    category = code_of("item__category", "Of the category with this code.")
    starts_from = starts_from()
    starts_before = starts_before()

    @strawberry_django.filter_field(
        description="With a place that is free, or (false) without one."
    )
    def has_places(self, queryset: Any, value: bool, prefix: str) -> tuple[Any, Q]:
        free = queryset.alias(_free=seats.places_left(models.ServiceBooking.objects))
        return free, Q(_free__gt=0) if value else Q(_free=0)

    updated_since = updated_since()


@strawberry_django.order_type(models.Slot)
class SlotOrder:
    """Orders of slots."""

    starts_at: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


def _mine(info: Info) -> Case:
    return Case(
        When(queries.is_ones_own(viewer(info)), then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )


@strawberry.type(description="The caller's own booking of a slot.")
class MyBooking:
    id: relay.GlobalID = strawberry.field(description="Of the ServiceBooking, for the mutations.")
    code: str
    status: BookingStatus
    position: int | None = strawberry.field(
        description="The place in line; null unless WAITLISTED."
    )
    held_until: datetime | None = strawberry.field(
        description="While OFFERED: until when the place is held."
    )
    row: strawberry.Private[Any]

    status_label = state_in_words(choices.BookingStatus)

    @strawberry.field(description="What the caller may do with it now.")
    def available_actions(self, info: Info) -> list[AvailableAction]:
        return _actions(self.row, info)


@strawberry_django.type(
    models.Slot,
    filters=SlotFilter,
    ordering=SlotOrder,
    description="时段: when an item is offered, [startsAt, endsAt), to how many.",
)
class Slot(Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    status: SlotStatus
    revision: int
    updated_at: datetime
    community: Community
    item: "ServiceItem"
    place: str = strawberry_django.field(description="Empty: the item's own.")
    places_left: int = strawberry_django.field(
        annotate=seats.places_left(models.ServiceBooking.objects),
        description="Places still free, never below 0; 0 in a slot that is off.",
    )
    waitlist_count: int = strawberry_django.field(
        annotate=seats.waitlist_count(models.ServiceBooking.objects),
        description="Bookings that wait.",
    )

    status_label = in_words(choices.SlotStatus, "status", "The state in words.")

    @strawberry_django.field(
        prefetch_related=[lambda info: queries.own_bookings(viewer(info), "mine")],
        description="The caller's own active booking, null if there is none.",
    )
    def my_booking(self, info: Info) -> MyBooking | None:
        mine = getattr(self, "mine", [])
        return _my_booking(mine[0]) if mine else None

    @strawberry_django.field(
        only=["status", "community_id"],
        description="What the caller may do with the slot now.",
    )
    def available_actions(self, info: Info) -> list[AvailableAction]:
        return moves_of(self, info)  # type: ignore[no-any-return]


def _my_booking(row: Any) -> MyBooking:
    row.is_mine = True
    return MyBooking(
        id=relay.GlobalID("ServiceBooking", str(row.pk)),
        code=row.code,
        status=BookingStatus(row.status),
        position=row.position,
        held_until=row.held_until,
        row=row,
    )


@strawberry_django.type(
    models.ServiceItem,
    filters=ServiceItemFilter,
    ordering=ServiceItemOrder,
    description="服务项目: one thing that neighbours can book, and on what terms.",
)
class ServiceItem(Seen, relay.Node):
    id: relay.NodeID[int]
    revision: int
    code: str
    title: str
    summary: str
    prerequisites: str
    place: str
    capacity: int = strawberry_django.field(description="People a slot, unless it says otherwise.")
    days_ahead: int = strawberry_django.field(
        description="The furthest day that one books, in days."
    )
    cancel_hours: int = strawberry_django.field(
        description="Hours before the slot until which one cancels by oneself."
    )
    quota: int | None = strawberry_django.field(
        description="Bookings a person and calendar month; null for no limit."
    )
    needs_approval: bool
    waitlist_on: bool
    hold_hours: int = strawberry_django.field(
        description="Hours for which a freed place is held for the next in line; 0: given outright."
    )
    status: ItemStatus
    updated_at: datetime
    community: Community
    category: ServiceCategory
    slots: Connection[Slot] = nested(description="When it is offered.")

    status_label = in_words(choices.ItemStatus, "status", "The state in words.")

    @strawberry_django.field(
        only=["status", "community_id"],
        description="What the caller may do with the item now.",
    )
    def available_actions(self, info: Info) -> list[AvailableAction]:
        return moves_of(self, info)  # type: ignore[no-any-return]


@strawberry_django.filter_type(models.ServiceBooking)
class ServiceBookingFilter:
    """Filters of bookings; nothing personal can be asked for."""

    slot = code_of("slot", "Of the slot with this code.")
    item = code_of("slot__item", "Of the item with this code.")
    status = one_of(BookingStatus, "status", "In one of these states.")
    updated_since = updated_since()


@strawberry_django.order_type(models.ServiceBooking)
class ServiceBookingOrder:
    """Orders of bookings."""

    booked_at: strawberry.auto
    queue_number: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.ServiceBooking,
    filters=ServiceBookingFilter,
    ordering=ServiceBookingOrder,
    description="服务预约: one person, one place in one slot; personal fields are masked.",
)
class ServiceBooking(Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    revision: int
    source: BookingSource
    status: BookingStatus
    booked_at: datetime
    held_until: datetime | None = strawberry_django.field(
        description="While OFFERED: until when the place is held."
    )
    rating: int | None
    updated_at: datetime
    resident: Resident | None
    slot: Slot
    item_title: str = strawberry_django.field(annotate=F("slot__item__title"))
    slot_starts_at: datetime = strawberry_django.field(annotate=F("slot__starts_at"))
    position: int | None = strawberry_django.field(
        annotate=position(), description="The place in line, 1 is next; null unless WAITLISTED."
    )

    @strawberry_django.field(
        annotate={"masked_name": masked("name", "name")}, description="Masked: 张*"
    )
    def name(self) -> str:
        return self.masked_name  # type: ignore[attr-defined,no-any-return]

    @strawberry_django.field(
        annotate={"masked_phone": masked("phone", "phone")},
        description="Masked: 138****5678; empty if unknown.",
    )
    def phone(self) -> str:
        return self.masked_phone  # type: ignore[attr-defined,no-any-return]

    name_in_full = in_full(models.ServiceBooking, "name")
    phone_in_full = in_full(models.ServiceBooking, "phone")
    address_in_full = in_full(models.ServiceBooking, "address")

    status_label = in_words(choices.BookingStatus, "status", "The state in words.")

    @strawberry_django.field(
        only=["status", "community_id", "slot_id", "held_until"],
        annotate={"is_mine": _mine, **of_organization(models.ServiceBooking)},
        description="What the caller may do with the booking now.",
    )
    def available_actions(self, info: Info) -> list[AvailableAction]:
        return _actions(self, info)


def _actions(row: Any, info: Info) -> list[AvailableAction]:
    user = viewer(info)
    if not user.is_authenticated:
        return []
    by = Actor.of(user, DOOR)
    oneself = row.is_mine and may_within(by, "bookings.book", row.community_id)
    found = []
    for move in models.ServiceBooking.machine.available(row.status):
        by_staff = move.name in verbs.BOOKING_VERBS and (
            may_within(by, f"bookings.{move.right}", row.community_id)
            or may_as_contact(row, move.right, user)
        )
        if not by_staff and not (oneself and move.name in verbs.OWN_VERBS):
            continue
        found.append(offered(row, move, by))
    return found
