"""Verbs of bookings: book, join the line, confirm, cancel, and who gets a place next.

All of them hold the slot's row first: places are counted and given under one lock, on both
databases. Whoever is counted against a quota is held before the slot. A place that falls free is
given, or held for the next in line, in the same transaction.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor, may_within
from backend.core.asking import asked_by
from backend.core.edits import edited_by
from backend.core.errors import RuleViolation, not_allowed, not_found
from backend.core.models import ChangeSet
from backend.people.models import Resident
from backend.services import rules
from backend.services.afterwards import mark_no_show, mark_served
from backend.services.booking_rights import changes_of, is_own, oneself_or_staff, staff_of
from backend.services.choices import COUNTED, BookingSource, BookingStatus
from backend.services.models import ServiceBooking, ServiceItem, Slot
from backend.services.seats import Seats, seats_of
from backend.services.telling import tell_booker

IN_TURN = "有名额空出，按先后递补"
BY_THEMSELVES = "本人取消"
TIME_IS_UP = "保留时间已过，本人没有确认"


def place_booking(slot: Slot, *, by: Actor, **who: Any) -> ServiceBooking:
    """The booking, confirmed, or BOOKED where the item wants approval.

    `who` is `resident` or `name` and `phone`, and `address`, `note`, `source`, `proxy_name`,
    `proxy_phone`. Whoever is no staff books for themselves, and so does whoever names nobody.
    Raises: slot_full; slot_cancelled; slot_over; slot_too_far; service_paused; booking_taken;
        quota_reached; booker_missing; proxy_incomplete; not_allowed; not_found.
    """
    return _enter(slot, by, who, in_line=False)


def join_line(slot: Slot, *, by: Actor, **who: Any) -> ServiceBooking:
    """The booking, waitlisted at the end of the line; `who` as in `place_booking`.

    Raises: places_free; waitlist_off; what `place_booking` raises, slot_full apart.
    """
    return _enter(slot, by, who, in_line=True)


def cancel_booking(booking: ServiceBooking, *, by: Actor, reason: str = "") -> ServiceBooking:
    """The booking, cancelled by its person or by staff; its place goes to those who wait.

    Staff give a reason. Raises: cancel_too_late; wrong_state; reason_required; not_allowed.
    """
    own = is_own(booking, by)
    if own and may_within(by, "bookings.book", booking.community_id):
        by, reason = by.vouched_for(), reason or BY_THEMSELVES
    else:
        by, own = staff_of(booking, by), False

    def may_go(fresh: ServiceBooking) -> None:
        slot = Slot.objects.select_related("item").get(pk=fresh.slot_id)
        waits = fresh.status in (BookingStatus.WAITLISTED, BookingStatus.OFFERED)
        rules.may_still_cancel(
            slot.starts_at, slot.item.cancel_hours, timezone.now(), own and not waits
        )

    return _give_up(booking, "cancel", by, reason, may_go)


def decline_booking(booking: ServiceBooking, *, by: Actor, reason: str) -> ServiceBooking:
    """The booking, declined; its place goes to those who wait.

    Raises: wrong_state; reason_required; not_allowed.
    """
    return _give_up(booking, "decline", staff_of(booking, by), reason)


def confirm_booking(booking: ServiceBooking, *, by: Actor) -> ServiceBooking:
    """The booking, confirmed; its person is told. Raises: wrong_state; not_allowed."""
    by = staff_of(booking, by)
    with changes_of("confirm", booking, by) as changes:
        moved = gate.move(booking, "confirm", by=by, within=changes)
        tell_booker(moved, "service_booked", "confirmed")
    return moved


def promote_booking(booking: ServiceBooking, *, by: Actor, reason: str) -> ServiceBooking:
    """The booking, confirmed ahead of its turn: staff's decision, with a reason.

    Raises: slot_full; wrong_state; reason_required; not_allowed.
    """
    by = staff_of(booking, by)

    def fits(fresh: ServiceBooking) -> None:
        slot = Slot.objects.get(pk=fresh.slot_id)
        rules.slot_takes_bookings(slot.status, slot.ends_at, timezone.now())
        rules.there_is_room(_seats(slot).free(slot.capacity), 0)

    with changes_of("promote", booking, by, reason) as changes:
        moved = gate.move(booking, "promote", by=by, reason=reason, guard=fits, within=changes)
        tell_booker(moved, "service_promoted", "promoted")
    return moved


def accept_offer(booking: ServiceBooking, *, by: Actor) -> ServiceBooking:
    """The place that was held for somebody is theirs: they say yes, or staff do by phone.

    Raises: offer_lapsed; wrong_state; not_allowed.
    """
    by = oneself_or_staff(booking, by)

    def stands(fresh: ServiceBooking) -> None:
        rules.offer_stands(fresh.held_until, timezone.now())

    with changes_of("accept", booking, by) as changes:
        moved = gate.move(booking, "accept", by=by, guard=stands, within=changes)
        tell_booker(moved, "service_booked", "accepted")
    return moved


def take_back_offer(booking: ServiceBooking, *, by: Actor = SYSTEM) -> ServiceBooking | None:
    """An offer whose time is up lapses, and the next in line gets it; None if it was taken first."""
    with changes_of("lapse", booking, by, TIME_IS_UP) as changes:
        _held(booking.slot_id)
        fresh = ServiceBooking.objects.get(pk=booking.pk)
        over = fresh.held_until is not None and timezone.now() >= fresh.held_until
        if fresh.status != BookingStatus.OFFERED or not over:
            return None
        moved = gate.move(fresh, "lapse", by=by, reason=TIME_IS_UP, within=changes)
        tell_booker(moved, "service_offer_lapsed", "lapsed")
        give_places(moved.slot_id, by=by, within=changes)
    return moved


def change_booking(booking: ServiceBooking, *, by: Actor) -> ServiceBooking:
    """Writes a booking's details. Raises: not_allowed; what the gate raises."""
    by = staff_of(booking, by, "edit")
    return gate.save(booking, by=by)


edited_by(ServiceBooking, change_booking)


def give_places(
    slot_id: int, *, by: Actor = SYSTEM, within: ChangeSet | None = None
) -> list[ServiceBooking]:
    """Gives a slot's free places to those who wait, first come first; answers who got one.

    Where the item holds places, each is offered until its time is up; else it is given outright.
    """
    with transaction.atomic():
        slot, now = _held(slot_id), timezone.now()
        item = ServiceItem.objects.get(pk=slot.item_id)
        if not rules.places_are_given(slot.status, item.status, slot.starts_at, now):
            return []
        found = _seats(slot)
        free = found.free(slot.capacity)
        if free < 1 or not found.waiting:
            return []
        rows = list(ServiceBooking.objects.filter(slot=slot).in_line()[:free])
        until = rules.held_for(now, item.hold_hours, slot.starts_at)
        by = by.vouched_for()
        verb = "promote" if until is None else "offer"
        moved = gate.move_many(rows, verb, by=by, reason=IN_TURN, within=within)
        for row in moved:
            row.held_until = until
        if until is not None:
            gate.save_many(moved, by=by, within=within)
        for row in moved:
            if until is None:
                tell_booker(row, "service_promoted", "promoted")
            else:
                when = f"{timezone.localtime(until):%m-%d %H:%M}"
                tell_booker(row, "service_offered", "offered", until=when)
    return moved


def why_booking_cannot(booking: ServiceBooking, verb: str, now: datetime) -> str | None:
    """What a counting rule has against a move that the diagram allows; None for nothing."""
    slot = Slot.objects.get(pk=booking.slot_id)
    try:
        if verb == "promote":
            rules.there_is_room(_seats(slot).free(slot.capacity), 0)
        elif verb in ("serve", "miss"):
            rules.slot_has_begun(slot.starts_at, now)
        elif verb == "accept":
            rules.offer_stands(booking.held_until, now)
    except RuleViolation as violation:
        return violation.message
    return None


asked_by(ServiceBooking, lambda row, verb, by: why_booking_cannot(row, verb, timezone.now()))
# What a booking's person may do themselves.
OWN_VERBS = ("cancel", "accept", "rate")
# The machine's verbs that staff have, by name: what buttons and mutations call.
BOOKING_VERBS = {
    "confirm": lambda row, *, by, reason: confirm_booking(row, by=by),
    "promote": lambda row, *, by, reason: promote_booking(row, by=by, reason=reason),
    "accept": lambda row, *, by, reason: accept_offer(row, by=by),
    "serve": lambda row, *, by, reason: mark_served(row, by=by),
    "miss": lambda row, *, by, reason: mark_no_show(row, by=by),
    "cancel": lambda row, *, by, reason: cancel_booking(row, by=by, reason=reason),
    "decline": lambda row, *, by, reason: decline_booking(row, by=by, reason=reason),
}


# --- the steps -----------------------------------------------------------------------------------


def _enter(slot: Slot, by: Actor, who: dict[str, Any], *, in_line: bool) -> ServiceBooking:
    # Staff who name nobody come themselves.
    named = who.get("resident") is not None or bool(who.get("name"))
    staff = by.system or (named and may_within(by, "bookings.edit", slot.community_id))
    values = _as_staff(who) if staff else _as_oneself(slot, by, who)
    record = ServiceBooking(
        community_id=slot.community_id, slot_id=slot.pk, account=by.user, **values
    )
    by = by.vouched_for()
    with changes_of("wait" if in_line else "book", record, by) as changes:
        _hold_person(record)
        fresh = _held(slot.pk)
        item = ServiceItem.objects.get(pk=fresh.item_id)
        rules.quota_is_left(_booked_this_month(record, fresh), item.quota)
        if in_line:
            record.queue_number = next_number(fresh.pk)
        gate.save(record, by=by, within=changes)
        if in_line:
            record = gate.move(record, "wait", by=by, within=changes)
            # Under the lock the last in line: as many stand there as the place says.
            place = str(_seats(fresh).waiting)
            tell_booker(record, "service_waitlisted", "waitlisted", position=place)
        elif not item.needs_approval or record.source != BookingSource.APP:
            record = gate.move(record, "confirm", by=by, within=changes)
            tell_booker(record, "service_booked", "confirmed")
    return record


def _as_staff(who: dict[str, Any]) -> dict[str, Any]:
    return {"source": BookingSource.STAFF} | who | _known(who.get("resident"), who)


def _known(resident: Resident | None, who: dict[str, Any]) -> dict[str, Any]:
    """What the roster knows, where it is not given: who calls a slot off rings them."""
    if resident is None:
        return {}
    return {name: who.get(name) or getattr(resident, name) for name in ("name", "phone")}


def _as_oneself(slot: Slot, by: Actor, who: dict[str, Any]) -> dict[str, Any]:
    """What somebody may say who books for themselves. Raises: not_allowed; not_found."""
    if not may_within(by, "bookings.book", slot.community_id):
        raise not_allowed()
    if not Slot.objects.visible_to(by.user).filter(pk=slot.pk).exists():
        raise not_found("服务时段")
    own = Resident.objects.filter(user=by.user, community=slot.community_id).first()
    asked = who.get("resident")
    if asked is not None and (own is None or asked.pk != own.pk):
        raise not_found("居民")
    known = _known(own, {}) or {"name": who.get("name") or by.user.get_full_name()}
    return who | known | {"resident": own, "source": BookingSource.APP}


def _hold_person(record: ServiceBooking) -> None:
    """Whoever is counted against a quota is counted by one caller at a time."""
    if record.resident_id is not None:
        gate.hold(Resident(pk=record.resident_id))


def _booked_this_month(record: ServiceBooking, slot: Slot) -> int:
    """How many bookings of the slot's item and month (local time) are this person's."""
    if record.resident_id is not None:
        person = Q(resident=record.resident_id)
    elif record.source == BookingSource.APP:
        person = Q(account=record.account_id, source=BookingSource.APP)
    elif record.phone:
        person = Q(name=record.name, phone=record.phone)
    else:
        return 0
    first, following = _month_of(slot.starts_at)
    rows = ServiceBooking.objects.filter(
        person,
        slot__item=slot.item_id,
        slot__starts_at__gte=first,
        slot__starts_at__lt=following,
        status__in=COUNTED,
    )
    return int(rows.count())


def _month_of(moment: datetime) -> tuple[datetime, datetime]:
    """The local calendar month in which a moment lies: [first, following)."""
    local = timezone.localtime(moment)
    first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return first, (first + timedelta(days=32)).replace(day=1)


def next_number(slot_id: int) -> int:
    """The number of the next to stand in line. Call it under the slot's lock."""
    numbers = ServiceBooking.objects.filter(slot_id=slot_id).order_by()
    return int(numbers.aggregate(last=Max("queue_number"))["last"] or 0) + 1


def _give_up(
    booking: ServiceBooking, verb: str, by: Actor, reason: str, guard: Any = None
) -> ServiceBooking:
    with changes_of(verb, booking, by, reason) as changes:
        moved = gate.move(booking, verb, by=by, reason=reason, guard=guard, within=changes)
        tell_booker(moved, "service_booking_cancelled", verb)
        give_places(moved.slot_id, by=by, within=changes)
    return moved


def _held(slot_id: int) -> Slot:
    # Locked before counting: two people may press the button together.
    return gate.hold(Slot(pk=slot_id))


def _seats(slot: Slot) -> Seats:
    return seats_of(ServiceBooking.objects, [slot.pk])[slot.pk]
