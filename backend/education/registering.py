"""Verbs of registrations: register, join the line, approve, withdraw, and who gets a place next.

All of them hold the event's row first: places are counted and given under one lock, on both
databases. A place that falls free is given in the same transaction.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor, may_within
from backend.core.asking import asked_by
from backend.core.edits import edited_by
from backend.core.errors import RuleViolation, not_allowed, not_found
from backend.core.models import ChangeSet
from backend.education import rules
from backend.education.choices import ACTIVE, CheckInKind, RegistrationSource, RegistrationStatus
from backend.education.models import CheckIn, LegalEducationEvent, Registration
from backend.education.seats import Seats, seats_of
from backend.education.telling import tell_all, tell_registrant
from backend.people.models import Resident

IN_TURN = "有名额空出，按先后递补"
BY_THEMSELVES = "本人取消"


def register(event: LegalEducationEvent, *, by: Actor, **who: Any) -> Registration:
    """The registration, confirmed, or pending where the event wants approval.

    `who` is `resident` or `name` and `phone`, and `size`, `note`, `source`. Whoever is no staff
    registers themselves, and so does whoever names nobody.
    Raises: event_full; event_not_open; registration_not_yet; registration_over;
        registration_taken; group_size_invalid; registrant_missing; not_allowed; not_found.
    """
    return _enter(event, by, who, in_line=False)


def join_waitlist(event: LegalEducationEvent, *, by: Actor, **who: Any) -> Registration:
    """The registration, waitlisted at the end of the line; `who` as in `register`.

    Raises: places_free; waitlist_off; what `register` raises, event_full apart.
    """
    return _enter(event, by, who, in_line=True)


def confirm_registration(registration: Registration, *, by: Actor) -> Registration:
    """The registration, confirmed; its person is told. Raises: wrong_state; not_allowed."""
    by = _staff(registration, by)
    with _changes("confirm", registration, by) as changes:
        moved = gate.move(registration, "confirm", by=by, within=changes)
        tell_registrant(moved, "event_registered", "confirmed")
    return moved


def reject_registration(registration: Registration, *, by: Actor, reason: str) -> Registration:
    """The registration, rejected; its places go to those who wait.

    Raises: wrong_state; reason_required; not_allowed.
    """
    return _give_up(registration, "reject", _staff(registration, by), reason)


def withdraw_registration(
    registration: Registration, *, by: Actor, reason: str = ""
) -> Registration:
    """The registration, withdrawn by its person or by staff; its places go to those who wait.

    Staff give a reason. Raises: withdraw_too_late; already_checked_in; wrong_state;
        reason_required; not_allowed.
    """
    own = is_own(registration, by)
    if own and may_within(by, "registrations.register", registration.community_id):
        by, reason = by.vouched_for(), reason or BY_THEMSELVES
    else:
        by, own = _staff(registration, by), False

    def may_go(fresh: Registration) -> None:
        event = LegalEducationEvent.objects.get(pk=fresh.event_id)
        rules.may_still_withdraw(event.status, event.withdraw_until, timezone.now(), own)
        rules.nobody_came_on_it(_came(fresh))

    return _give_up(registration, "withdraw", by, reason, may_go)


def promote_registration(registration: Registration, *, by: Actor, reason: str) -> Registration:
    """The registration, confirmed ahead of its turn: staff's decision, with a reason.

    Raises: event_full; wrong_state; reason_required; not_allowed.
    """
    by = _staff(registration, by)

    def fits(fresh: Registration) -> None:
        event = LegalEducationEvent.objects.get(pk=fresh.event_id)
        rules.event_takes_registrations(event.status)
        rules.there_is_room(fresh.size, _seats(event).free(event.capacity), 0, True)

    with _changes("promote", registration, by, reason) as changes:
        moved = gate.move(registration, "promote", by=by, reason=reason, guard=fits, within=changes)
        tell_registrant(moved, "event_promoted", "promoted")
    return moved


def change_registration(registration: Registration, *, by: Actor) -> Registration:
    """Writes a registration's details; places that a smaller group gives up go to those who wait.

    Raises: event_full; group_size_invalid; not_allowed; what the gate raises.
    """
    by = _staff(registration, by, "edit")
    with _changes("change", registration, by) as changes:
        saved = gate.save(registration, by=by, within=changes)
        give_places(saved.event_id, by=by, within=changes)
    return saved


edited_by(Registration, change_registration)


def give_places(
    event_id: int, *, by: Actor = SYSTEM, within: ChangeSet | None = None
) -> list[Registration]:
    """Gives an event's free places to those who wait, first come first; answers who got one.

    Whoever calls it in a transaction of their own has everything or nothing.
    """
    with transaction.atomic():
        event = _held(event_id)
        today = timezone.localdate()
        if not rules.places_are_given(event.status, timezone.localdate(event.ends_at), today):
            return []
        seats = _seats(event)
        free = seats.free(event.capacity)
        if not seats.waiting or (free is not None and free < 1):
            return []
        waiting = list(Registration.objects.filter(event=event).in_line())
        turns = rules.next_in_line(free, [row.size for row in waiting], event.small_groups_pass)
        if not turns:
            return []
        verb = "advance" if event.needs_approval else "promote"
        moved = gate.move_many(
            [waiting[turn] for turn in turns],
            verb,
            by=by.vouched_for(),
            reason=IN_TURN,
            within=within,
        )
        for row in moved:
            # A place that must be approved first is told of when it is.
            if row.status == RegistrationStatus.CONFIRMED:
                tell_registrant(row, "event_promoted", "promoted")
    return moved


def cancelled(event: LegalEducationEvent) -> None:
    """Tells everybody who wanted to come that the event is cancelled."""
    rows = Registration.objects.filter(event=event, status__in=ACTIVE)
    tell_all(event, rows, "event_cancelled", f"event {event.pk} cancelled")


def is_own(registration: Registration, by: Actor) -> bool:
    """Whether the actor is the person registered, or registered them in the app."""
    if by.user is None:
        return False
    if registration.source == RegistrationSource.APP and registration.account_id == by.user.pk:
        return True
    person = registration.resident
    return person is not None and person.user_id == by.user.pk


# --- the steps -----------------------------------------------------------------------------------


def _enter(
    event: LegalEducationEvent, by: Actor, who: dict[str, Any], *, in_line: bool
) -> Registration:
    # Staff who name nobody come themselves.
    named = who.get("resident") is not None or bool(who.get("name"))
    staff = by.system or (named and may_within(by, "registrations.edit", event.community_id))
    values = _as_staff(who) if staff else _as_oneself(event, by, who)
    record = Registration(
        community_id=event.community_id,
        event_id=event.pk,
        account=by.user,
        **values,
    )
    by = by.vouched_for()
    with _changes("wait" if in_line else "register", record, by) as changes:
        fresh = _held(event.pk)
        if in_line:
            record.queue_number = next_number(fresh.pk)
        gate.save(record, by=by, within=changes)
        if in_line:
            record = gate.move(record, "wait", by=by, within=changes)
            # Under the lock the last in line: as many stand there as the place says.
            place = _seats(fresh).waiting
            tell_registrant(record, "event_waitlisted", "waitlisted", position=str(place))
        elif not fresh.needs_approval or record.source != RegistrationSource.APP:
            record = gate.move(record, "confirm", by=by, within=changes)
            tell_registrant(record, "event_registered", "confirmed")
    return record


def _as_staff(who: dict[str, Any]) -> dict[str, Any]:
    resident = who.get("resident")
    return {"source": RegistrationSource.STAFF} | who | _known(resident, who)


def _known(resident: Resident | None, who: dict[str, Any]) -> dict[str, Any]:
    """Name and phone from the roster, where they are not given: who calls off an event rings them."""
    if resident is None:
        return {}
    return {name: who.get(name) or getattr(resident, name) for name in ("name", "phone")}


def _as_oneself(event: LegalEducationEvent, by: Actor, who: dict[str, Any]) -> dict[str, Any]:
    """What somebody may say who registers themselves. Raises: not_allowed; not_found."""
    if not may_within(by, "registrations.register", event.community_id):
        raise not_allowed()
    if not LegalEducationEvent.objects.visible_to(by.user).filter(pk=event.pk).exists():
        raise not_found("普法活动")
    own = Resident.objects.filter(user=by.user, community=event.community_id).first()
    asked = who.get("resident")
    if asked is not None and (own is None or asked.pk != own.pk):
        raise not_found("居民")
    known = _known(own, {}) or {"name": who.get("name") or by.user.get_full_name()}
    return who | known | {"resident": own, "source": RegistrationSource.APP}


def next_number(event_id: int) -> int:
    """The number of the next to stand in line. Call it under the event's lock."""
    numbers = Registration.objects.filter(event_id=event_id).order_by()
    return int(numbers.aggregate(last=Max("queue_number"))["last"] or 0) + 1


def _give_up(
    registration: Registration, verb: str, by: Actor, reason: str, guard: Any = None
) -> Registration:
    with _changes(verb, registration, by, reason) as changes:
        moved = gate.move(registration, verb, by=by, reason=reason, guard=guard, within=changes)
        tell_registrant(moved, "registration_withdrawn", verb)
        give_places(moved.event_id, by=by, within=changes)
    return moved


def _staff(registration: Registration, by: Actor, verb: str = "move") -> Actor:
    """The actor, who may do this to others' registrations. Raises: not_allowed; not_found."""
    if not may_within(by, f"registrations.{verb}", registration.community_id):
        raise not_allowed()
    rows = Registration.objects.filter(pk=registration.pk)
    if not by.system and not rows.visible_to(by.user).exists():
        raise not_found("活动报名")
    return by.vouched_for()


def _changes(verb: str, registration: Registration, by: Actor, reason: str = "") -> Any:
    return gate.change_set(
        f"{verb} {Registration._meta.label}",
        by=by,
        community_id=registration.community_id,
        reason=reason,
    )


def _held(event_id: int) -> LegalEducationEvent:
    # Locked before counting: two people may press the button together.
    return gate.hold(LegalEducationEvent(pk=event_id))


def _came(registration: Registration) -> bool:
    """Whether somebody stands checked in on it."""
    lines = CheckIn.objects.filter(registration=registration.pk, success=True)
    last = lines.order_by("-occurred_at").values_list("kind", flat=True).first()
    return bool(last == CheckInKind.IN)


def _seats(event: LegalEducationEvent) -> Seats:
    return seats_of(Registration.objects, [event.pk])[event.pk]


def why_registration_cannot(registration: Registration, verb: str, now: datetime) -> str | None:
    """What a counting rule has against a move that the diagram allows; None for nothing."""
    event = LegalEducationEvent.objects.get(pk=registration.event_id)
    try:
        if verb == "promote":
            rules.event_takes_registrations(event.status)
            rules.there_is_room(registration.size, _seats(event).free(event.capacity), 0, True)
        elif verb == "withdraw":
            rules.may_still_withdraw(event.status, None, now, False)
            rules.nobody_came_on_it(_came(registration))
    except RuleViolation as violation:
        return violation.message
    return None


asked_by(Registration, lambda row, verb, by: why_registration_cannot(row, verb, timezone.now()))
# The machine's verbs, by name: what buttons and mutations call.
REGISTRATION_VERBS = {
    "confirm": lambda row, *, by, reason: confirm_registration(row, by=by),
    "promote": lambda row, *, by, reason: promote_registration(row, by=by, reason=reason),
    "reject": lambda row, *, by, reason: reject_registration(row, by=by, reason=reason),
    "withdraw": lambda row, *, by, reason: withdraw_registration(row, by=by, reason=reason),
}
