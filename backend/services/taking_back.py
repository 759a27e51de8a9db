"""Taking a ledger of bookings back: what it made goes, unless somebody has worked on since."""

from dataclasses import dataclass, field
from typing import Any

from backend.core import gate, history
from backend.core.access import Actor
from backend.core.models import ChangeSet
from backend.imports.left import tell_reason
from backend.services.models import ServiceBooking, Slot

Left = list[tuple[str, int, str]]
MOVED = "booking_moved"
tell_reason(MOVED, "预约早已登记，导入只补了完成情况，没有改回")


@dataclass
class _Made:
    """What an import has done to the rows of one table."""

    # Key -> the revision in which the import left it.
    created: dict[int, int] = field(default_factory=dict)
    changed: dict[int, int] = field(default_factory=dict)


def take_back(original: ChangeSet, *, by: Actor, within: ChangeSet) -> Left:
    """Deletes the bookings and slots that an import made; answers what is left, and why."""
    going, left = _judged(original)
    for rows in going:
        if rows:
            gate.delete_many(rows, by=by.vouched_for(), within=within, action="edit")
    return left


def would_leave(original: ChangeSet) -> Left:
    """What `take_back` would leave now."""
    return _judged(original)[1]


def _judged(original: ChangeSet) -> tuple[tuple[list[Any], list[Any]], Left]:
    bookings, left = _standing(original, ServiceBooking)
    slots, left_slots = _standing(original, Slot)
    gone = {booking.pk for booking in bookings}
    kept = ServiceBooking.objects.filter(slot__in=slots).exclude(pk__in=gone)
    used = set(kept.values_list("slot_id", flat=True))
    left_slots += [(Slot._meta.label, pk, "used") for pk in sorted(used)]
    slots = [slot for slot in slots if slot.pk not in used]
    # What points at others goes first.
    return (bookings, slots), left + left_slots


def _standing(original: ChangeSet, model: Any) -> tuple[list[Any], Left]:
    made, label = _made_by(original, model), model._meta.label
    rows = {row.pk: row for row in model.objects.filter(pk__in=made.created)}
    left: Left = [(label, pk, MOVED) for pk in sorted(made.changed)]
    standing = []
    for pk, revision in sorted(made.created.items()):
        row = rows.get(pk)
        if row is None:
            left.append((label, pk, "gone"))
        elif row.revision != revision:
            left.append((label, pk, "changed"))
        else:
            standing.append(row)
    return standing, left


def _made_by(original: ChangeSet, model: Any) -> _Made:
    made = _Made()
    label = model._meta.label
    for part in original.parts.filter(model=label).order_by("pk"):
        for change in history.unpack(part):
            if change.kind == history.CREATE or change.pk in made.created:
                made.created[change.pk] = change.revision
            else:
                made.changed[change.pk] = change.revision
    return made
