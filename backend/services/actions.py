"""Verbs of items and slots: pausing, moving a slot, calling it off, and telling whom it hits."""

from typing import Any

from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor
from backend.core.asking import asked_by, refusal
from backend.core.edits import edited_by
from backend.core.hangers_on import Upset, upset
from backend.services import rules
from backend.services.booking import give_places
from backend.services.choices import ACTIVE
from backend.services.models import ServiceBooking, ServiceItem, Slot
from backend.services.telling import tell_all

SLOT_IS_OFF = "时段取消"


def save_slot(slot: Slot, *, by: Actor, reason: str = "") -> Slot:
    """Writes a slot. Whoever has booked is told of another time or place; places that a larger
    capacity makes go to those who wait.

    Raises: capacity_below_booked; slot_has_bookings; slot_ends_before_start; what the gate raises.
    """
    with _changes("save", slot, by, reason) as changes:
        before = None
        if slot.pk is not None:
            # The item first, as the gate does whenever a slot is moved through its states.
            gate.hold(ServiceItem(pk=slot.item_id))
            before = gate.hold(Slot(pk=slot.pk))
        slot.moves_with_word = True
        saved = gate.save(slot, by=by, within=changes)
        if before is not None:
            moved = (before.starts_at, before.place) != (saved.starts_at, saved.place)
            if moved and saved.ends_at > timezone.now():
                tell_all(
                    saved,
                    hit_by(saved),
                    "service_slot_moved",
                    f"slot {saved.pk} moved {saved.revision}",
                    before=f"{timezone.localtime(before.starts_at):%Y-%m-%d %H:%M}",
                )
            if moved or before.ends_at != saved.ends_at:
                upset(Upset(saved, by, before=before, within=changes))
            give_places(saved.pk, by=by, within=changes)
    return saved


edited_by(Slot, save_slot)


def cancel_slot(slot: Slot, *, by: Actor, reason: str) -> Slot:
    """The slot, called off: its bookings are cancelled with it, and everybody is told.

    Raises: wrong_state; reason_required; not_allowed.
    """
    with _changes("cancel", slot, by, reason) as changes:
        moved = gate.move(slot, "cancel", by=by, reason=reason, within=changes)
        rows = hit_by(moved)
        tell_all(moved, rows, "service_slot_cancelled", f"slot {moved.pk} off {changes.pk}")
        found = list(rows.order_by("pk"))
        if found:
            why = f"{SLOT_IS_OFF}：{reason}"
            gate.move_many(found, "cancel", by=by.vouched_for(), reason=why, within=changes)
        upset(Upset(moved, by, reason=f"{SLOT_IS_OFF}：{reason}", within=changes))
    return moved


def hit_by(slot: Slot) -> Any:
    """Whoever is told when a slot is moved or called off: those who have a place, and who wait."""
    return ServiceBooking.objects.filter(slot=slot, status__in=ACTIVE)


def move_item(item: ServiceItem, verb: str, *, by: Actor, reason: str = "") -> ServiceItem:
    """The item, paused or open again. Raises: wrong_state; reason_required; not_allowed."""
    return gate.move(item, verb, by=by, reason=reason)


def reopen_slot(slot: Slot, *, by: Actor) -> Slot:
    """A slot that was called off is on again; whoever had booked books anew.

    Raises: slot_over; wrong_state; not_allowed.
    """

    return gate.move(slot, "reopen", by=by, guard=_is_to_come)


def _is_to_come(slot: Slot) -> None:
    rules.slot_is_to_come(slot.ends_at, timezone.now())


def why_slot_cannot(slot: Slot, verb: str) -> str | None:
    """What a rule has against a move that the diagram allows; None for nothing."""
    return refusal(lambda: _is_to_come(slot)) if verb == "reopen" else None


asked_by(Slot, lambda row, verb, by: why_slot_cannot(row, verb))


def _changes(verb: str, slot: Slot, by: Actor, reason: str) -> Any:
    return gate.change_set(
        f"{verb} {Slot._meta.label}", by=by, community_id=slot.community_id, reason=reason
    )


# The machines' verbs, by name: what buttons and mutations call.
ITEM_VERBS = {
    "pause": lambda row, *, by, reason: move_item(row, "pause", by=by, reason=reason),
    "resume": lambda row, *, by, reason: move_item(row, "resume", by=by),
}
SLOT_VERBS = {
    "cancel": lambda row, *, by, reason: cancel_slot(row, by=by, reason=reason),
    "reopen": lambda row, *, by, reason: reopen_slot(row, by=by),
}
