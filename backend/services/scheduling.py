"""From rules to slots: makes those that are due, calls off those that an exception or a closure hits."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor, require
from backend.core.edits import edited_by
from backend.places.queries import day_overrides
from backend.services import repeating
from backend.services.actions import cancel_slot, hit_by
from backend.services.choices import ExceptionKind, SlotStatus
from backend.services.models import ServiceItem, Slot
from backend.services.rule_models import Closure, SlotException, SlotRule

# Beyond the item's furthest day, so that staff who take calls see what comes.
MARGIN = timedelta(days=14)
SKIPPED = "这一次停"


@dataclass
class Made:
    """What came of applying a rule: slots made, called off, and booked ones that no longer fit."""

    made: list[Slot] = field(default_factory=list)
    called_off: list[Slot] = field(default_factory=list)
    left: list[Slot] = field(default_factory=list)
    # Slot -> how many bookings stood in it: their people are told of a slot that is called off.
    booked: dict[int, int] = field(default_factory=dict)


def save_rule(rule: SlotRule, *, by: Actor) -> Made:
    """Writes a rule and applies it. Raises: nth_missing; nth_invalid; term_reversed; not_allowed."""
    with _changes("save", rule, by) as changes:
        gate.save(rule, by=by, within=changes)
        return apply_rule(rule, by=by)


edited_by(SlotRule, save_rule)


def except_day(exception: SlotException, *, by: Actor) -> Made:
    """Writes an exception, new or changed: an occurrence that does not take place, or a day more.
    Its slot is called off or made.

    Raises: exception_taken; not_allowed.
    """
    with _changes("except", exception, by) as changes:
        gate.save(exception, by=by, within=changes)
        return apply_rule(exception.rule, by=by)


edited_by(SlotException, except_day)


def take_back_exception(exception: SlotException, *, by: Actor) -> Made:
    """Takes an exception away: the day is what the rule says. A slot that was called off stays so.

    Raises: not_allowed.
    """
    with _changes("take back", exception, by) as changes:
        gate.delete_many([exception], by=by, within=changes)
        return apply_rule(exception.rule, by=by)


def close(closure: Closure, *, by: Actor) -> Made:
    """Writes a closure, new or changed, and calls off what falls into it.

    Raises: term_reversed; not_allowed.
    """
    made = Made()
    with _changes("close", closure, by) as changes:
        gate.save(closure, by=by, within=changes)
        first = timezone.make_aware(datetime.combine(closure.first_day, datetime.min.time()))
        last = timezone.make_aware(
            datetime.combine(closure.last_day + timedelta(days=1), datetime.min.time())
        )
        rows = Slot.objects.filter(
            community=closure.community_id,
            status=SlotStatus.OPEN,
            starts_at__gte=max(first, timezone.now()),
            starts_at__lt=last,
        )
        if closure.item_id is not None:
            rows = rows.filter(item=closure.item_id)
        for slot in rows.order_by("pk"):
            made.booked[slot.pk] = hit_by(slot).count()
            made.called_off.append(cancel_slot(slot, by=by.vouched_for(), reason=closure.reason))
    return made


edited_by(Closure, close)


def apply_rule(rule: SlotRule, *, by: Actor, today: date | None = None) -> Made:
    """Makes the slots that are due, and calls off those that do not take place any more.

    Under the rule's lock: two workers make each slot once. A slot that was called off stays so. One
    that no longer fits a changed rule is called off while nobody has booked it; else it is left, and
    said. An exception or a closure calls it off whoever has booked, and tells them.
    Raises: not_allowed.
    """
    require(by, SlotRule.action("edit"), rule.community_id)
    today = today or timezone.localdate()
    with _changes("apply", rule, by) as changes:
        rule = gate.hold(rule)
        item = ServiceItem.objects.get(pk=rule.item_id)
        last = today + timedelta(days=item.days_ahead) + MARGIN
        wanted, why_not = _wanted(rule, item, today, last)
        known: dict[date, Slot] = {
            slot.rule_day: slot
            for slot in Slot.objects.filter(rule=rule, rule_day__gte=today).order_by("pk")
            if slot.rule_day is not None
        }
        made = Made()
        fresh = [_slot(rule, item, day, on) for day, on in wanted.items() if day not in known]
        # Of a day that has begun only what is still to come.
        fresh = [slot for slot in fresh if slot.starts_at > timezone.now()]
        if fresh:
            gate.save_many(fresh, by=by.vouched_for(), within=changes)
            made.made = fresh
        for day, slot in known.items():
            if day in wanted or slot.status != SlotStatus.OPEN:
                continue
            _drop(slot, why_not.get(day), made, by)
    return made


def _wanted(
    rule: SlotRule, item: ServiceItem, first: date, last: date
) -> tuple[dict[date, date], dict[date, str]]:
    """The occurrences that take place, and of those that do not what people are told."""
    exceptions = list(SlotException.objects.filter(rule=rule, day__gte=first, day__lte=last))
    closures = list(Closure.objects.filter(Closure.of_item(item), last_day__gte=first))
    skipped = {e.day: e.reason for e in exceptions if e.kind == ExceptionKind.SKIP}
    days = repeating.days_of(
        rule.repeats,
        first,
        last,
        overrides=day_overrides(rule.community_id),
        skipped=skipped,
        added=[e.day for e in exceptions if e.kind == ExceptionKind.EXTRA],
        closed=[(c.first_day, c.last_day) for c in closures],
    )
    why_not = {
        day: closure.reason for closure in closures for day in _days(closure, first, last)
    } | {day: reason or SKIPPED for day, reason in skipped.items()}
    return days, why_not


def _days(closure: Closure, first: date, last: date) -> Iterable[date]:
    day = max(closure.first_day, first)
    while day <= min(closure.last_day, last):
        yield day
        day += timedelta(days=1)


def _slot(rule: SlotRule, item: ServiceItem, day: date, on: date) -> Slot:
    return Slot(
        community_id=rule.community_id,
        item=item,
        rule=rule,
        rule_day=day,
        starts_at=timezone.make_aware(datetime.combine(on, rule.starts)),
        ends_at=timezone.make_aware(datetime.combine(on, rule.ends)),
        capacity=rule.capacity,
        place=rule.place,
        helper=rule.helper,
    )


def _drop(slot: Slot, why: str | None, made: Made, by: Actor) -> None:
    booked = made.booked[slot.pk] = hit_by(slot).count()
    if why is None and booked:
        made.left.append(slot)
        return
    made.called_off.append(cancel_slot(slot, by=by.vouched_for(), reason=why or "排班规则改了"))


def _changes(verb: str, record: Any, by: Actor) -> Any:
    return gate.change_set(f"{verb} {record._meta.label}", by=by, community_id=record.community_id)
