"""Services and bookings in the main API."""

from collections.abc import Callable, Iterable
from typing import Any

import strawberry
import strawberry_django
from django.db.models import Q
from strawberry.types import Info

from backend.core.access import may_within
from backend.people.models import Resident
from backend.services import models, queries
from backend.services.actions import ITEM_VERBS, SLOT_VERBS, save_slot
from backend.services.afterwards import rate_booking, serve_the_rest
from backend.services.booking import BOOKING_VERBS, change_booking, join_line, place_booking
from backend.services.serving import slots_served_by
from schema.main.base import (
    Connection,
    InputError,
    actor,
    answer,
    chosen,
    one_row,
    reread,
    viewer,
    visible,
)
from schema.main.idempotency import once
from schema.main.service_inputs import (
    BookServiceInput,
    CreateSlotInput,
    MarkRestServedInput,
    RateServiceInput,
    ServiceBookingInput,
    ServiceItemInput,
    SlotInput,
    UpdateServiceBookingInput,
    UpdateSlotInput,
)
from schema.main.service_types import ServiceBooking, ServiceItem, Slot
from schema.main.verb_shapes import changed
from schema.main.verbs import Verbs


def _single(model: Any, info: Info, **key: Any) -> Any:
    return visible(model, info).filter(**key)


@strawberry.type
class ServicesQuery:
    service_items: Connection[ServiceItem] = strawberry_django.connection(
        description="What neighbours can book, by category unless ordered."
    )
    slots: Connection[Slot] = strawberry_django.connection(
        description="When it is offered, earliest first unless ordered: what can I book this week."
    )
    service_bookings: Connection[ServiceBooking] = strawberry_django.connection(
        description="Bookings that the caller may see: staff those of others, everybody the own."
    )

    @strawberry_django.connection(
        Connection[ServiceBooking], description="The caller's own bookings, latest slot first."
    )
    def my_bookings(self, info: Info) -> Iterable[ServiceBooking]:
        mine: Any = models.ServiceBooking.objects.filter(queries.is_ones_own(viewer(info)))
        return mine  # type: ignore[no-any-return]

    @strawberry_django.field(description="One item by its code; null if it is not the caller's.")
    @one_row(is_single=True)
    def service_item(self, info: Info, code: str) -> ServiceItem | None:
        return _single(models.ServiceItem, info, code=code)  # type: ignore[no-any-return]

    @strawberry_django.field(description="One slot by its code; null if it is not the caller's.")
    @one_row(is_single=True)
    def slot(self, info: Info, code: str) -> Slot | None:
        return _single(models.Slot, info, code=code)  # type: ignore[no-any-return]

    @strawberry_django.field(description="One booking by its code; null if it is not the caller's.")
    @one_row(is_single=True)
    def service_booking(self, info: Info, code: str) -> ServiceBooking | None:
        return _single(models.ServiceBooking, info, code=code)  # type: ignore[no-any-return]


@strawberry.type
class BookingAnswer:
    """The booking as it now stands, or what was wrong."""

    errors: list[InputError]
    service_booking: ServiceBooking | None = None


@strawberry.type
class SlotAnswer:
    """The slot as it now stands, or what was wrong."""

    errors: list[InputError]
    slot: Slot | None = None


@strawberry.type
class RestServedAnswer:
    """The slot as it now stands and how many were marked as served, or what was wrong."""

    errors: list[InputError]
    slot: Slot | None = None
    served: int | None = strawberry.field(default=None, description="Bookings marked now.")


@strawberry.type
class ServiceItemAnswer:
    """The item as it now stands, or what was wrong."""

    errors: list[InputError]
    service_item: ServiceItem | None = None


SLOTS = Verbs(models.Slot, SlotAnswer, "slot")
BOOKINGS = Verbs(models.ServiceBooking, BookingAnswer, "service_booking")
_DETAILS = ("name", "phone", "address", "proxy_name", "proxy_phone", "note")


@strawberry.type
class ServicesMutation:
    @strawberry.mutation(
        description="Books a slot. Refuses with slot_full where there is no place: joining the "
        "line is joinSlotWaitlist."
    )
    def book_service(self, info: Info, input: BookServiceInput) -> BookingAnswer:
        return _enter(info, input, "bookService", place_booking)

    @strawberry.mutation(description="Joins the end of the line of a full slot.")
    def join_slot_waitlist(self, info: Info, input: BookServiceInput) -> BookingAnswer:
        return _enter(info, input, "joinSlotWaitlist", join_line)

    @strawberry.mutation(
        description="Cancels a booking, one's own or (with a reason) another's; its place goes to "
        "those who wait."
    )
    def cancel_booking(self, info: Info, input: ServiceBookingInput) -> BookingAnswer:
        return _move(info, input, "cancel")

    @strawberry.mutation(
        description="Says yes to a place that is held: one's own, or another's by phone. Refuses "
        "with offer_lapsed once the time is up."
    )
    def accept_booking_offer(self, info: Info, input: ServiceBookingInput) -> BookingAnswer:
        return _move(info, input, "accept")

    @strawberry.mutation(description="Confirms a booking that wants approval.")
    def confirm_booking(self, info: Info, input: ServiceBookingInput) -> BookingAnswer:
        return _move(info, input, "confirm")

    @strawberry.mutation(description="Declines a booking; needs a reason.")
    def decline_booking(self, info: Info, input: ServiceBookingInput) -> BookingAnswer:
        return _move(info, input, "decline")

    @strawberry.mutation(description="Promotes out of turn; needs a reason and a free place.")
    def promote_booking(self, info: Info, input: ServiceBookingInput) -> BookingAnswer:
        return _move(info, input, "promote")

    @strawberry.mutation(description="Marks a booking as served, once its slot has begun.")
    def mark_booking_served(self, info: Info, input: ServiceBookingInput) -> BookingAnswer:
        return _move(info, input, "serve")

    @strawberry.mutation(description="Marks that nobody came, once the slot has begun.")
    def mark_booking_no_show(self, info: Info, input: ServiceBookingInput) -> BookingAnswer:
        return _move(info, input, "miss")

    @strawberry.mutation(
        description="Marks everybody of a slot as served of whom nothing is said yet: of those "
        "whom the caller sees. Who stayed away is marked before, or afterwards."
    )
    def mark_rest_served(self, info: Info, input: MarkRestServedInput) -> RestServedAnswer:
        def do() -> dict[str, object]:
            by = actor(info)
            rows = models.Slot.objects.filter(slots_served_by(by.user))
            slot = chosen(models.Slot, input.slot_id, info, rows)
            served = serve_the_rest(slot, by=by)
            return {"slot": reread(slot, info, "slot", rows=rows), "served": served}

        return answer(RestServedAnswer, do)

    @strawberry.mutation(
        description="Changes the details of a booking: staff, for others and for those who ring."
    )
    def update_service_booking(self, info: Info, input: UpdateServiceBookingInput) -> BookingAnswer:
        return changed(BOOKINGS, info, input.booking_id, input, _DETAILS, save=change_booking)

    @strawberry.mutation(description="What its person thinks of a service: 1 to 5, and a word.")
    def rate_service(self, info: Info, input: RateServiceInput) -> BookingAnswer:
        def do() -> dict[str, object]:
            row = chosen(models.ServiceBooking, input.booking_id, info)
            rated = rate_booking(row, by=actor(info), rating=input.rating, comment=input.comment)
            return _reread_booking(rated, info)

        return answer(BookingAnswer, do)

    @strawberry.mutation(description="A new slot of an item.")
    def create_slot(self, info: Info, input: CreateSlotInput) -> SlotAnswer:
        def do() -> dict[str, object]:
            by = actor(info)
            item = chosen(models.ServiceItem, input.item_id, info)
            made = once(
                "createSlot",
                input.idempotency_key,
                by,
                models.Slot,
                lambda: save_slot(
                    models.Slot(
                        community_id=item.community_id,
                        item=item,
                        starts_at=input.starts_at,
                        ends_at=input.ends_at,
                        capacity=item.capacity if input.capacity is None else input.capacity,
                        place=input.place,
                    ),
                    by=by,
                ),
            )
            return {"slot": reread(made, info, "slot")}

        return answer(SlotAnswer, do)

    @strawberry.mutation(
        description="Changes a slot; who has booked is told of another time or place."
    )
    def update_slot(self, info: Info, input: UpdateSlotInput) -> SlotAnswer:
        names = ("starts_at", "ends_at", "capacity", "place")
        return changed(SLOTS, info, input.slot_id, input, names, save=save_slot)

    @strawberry.mutation(
        description="Calls a slot off: its bookings are cancelled with it, and everybody is told."
    )
    def cancel_slot(self, info: Info, input: SlotInput) -> SlotAnswer:
        return _move_slot(info, input, "cancel")

    @strawberry.mutation(description="A slot that was called off is on again.")
    def reopen_slot(self, info: Info, input: SlotInput) -> SlotAnswer:
        return _move_slot(info, input, "reopen")

    @strawberry.mutation(description="Nobody can book an item for the time being; needs a reason.")
    def pause_service(self, info: Info, input: ServiceItemInput) -> ServiceItemAnswer:
        return _move_item(info, input, "pause")

    @strawberry.mutation(description="An item can be booked again.")
    def resume_service(self, info: Info, input: ServiceItemInput) -> ServiceItemAnswer:
        return _move_item(info, input, "resume")


def _enter(
    info: Info, given: BookServiceInput, verb: str, do_it: Callable[..., Any]
) -> BookingAnswer:
    def do() -> dict[str, object]:
        by = actor(info)
        slot = chosen(models.Slot, given.slot_id, info)
        who = {
            name: getattr(given, name)
            for name in (
                "note",
                "address",
                "name",
                "phone",
                "proxy_name",
                "proxy_phone",
                "source",
            )
        }
        resident = chosen(Resident, given.resident_id, info) if given.resident_id else None
        allowed = may_within(by, "bookings.book", slot.community_id)
        made = once(
            verb,
            given.idempotency_key,
            by,
            models.ServiceBooking,
            lambda: do_it(slot, by=by, resident=resident, **who),
            # By a key that may not look, or at the desk for no estate of one's own.
            also=Q(slot=slot, account=by.user.pk) if allowed else Q(pk__in=[]),
        )
        return _reread_booking(made, info)

    return answer(BookingAnswer, do)


def _move(info: Info, given: ServiceBookingInput, verb: str) -> BookingAnswer:
    def do() -> dict[str, object]:
        row = chosen(models.ServiceBooking, given.booking_id, info)
        moved = BOOKING_VERBS[verb](row, by=actor(info), reason=given.reason)
        return _reread_booking(moved, info)

    return answer(BookingAnswer, do)


def _reread_booking(row: models.ServiceBooking, info: Info) -> dict[str, object]:
    # Not by what may be seen: whoever may book by a key may not always look.
    rows = models.ServiceBooking.objects.all()
    return {"service_booking": reread(row, info, "serviceBooking", rows=rows)}


def _move_slot(info: Info, given: SlotInput, verb: str) -> SlotAnswer:
    def do() -> dict[str, object]:
        row = chosen(models.Slot, given.slot_id, info)
        moved = SLOT_VERBS[verb](row, by=actor(info), reason=given.reason)
        return {"slot": reread(moved, info, "slot")}

    return answer(SlotAnswer, do)


def _move_item(info: Info, given: ServiceItemInput, verb: str) -> ServiceItemAnswer:
    def do() -> dict[str, object]:
        row = chosen(models.ServiceItem, given.item_id, info)
        moved = ITEM_VERBS[verb](row, by=actor(info), reason=given.reason)
        return {"service_item": reread(moved, info, "serviceItem")}

    return answer(ServiceItemAnswer, do)
