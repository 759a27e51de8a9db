"""The day sheet (当天服务单): who comes to which slot on a day, for whoever serves them."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Prefetch, Q
from django.utils import timezone

from backend.core.access import Actor, own_organizations, reaches_own, scope
from backend.core.disclosures import log_export
from backend.core.errors import not_allowed
from backend.core.personal import mask, masked
from backend.core.reveals import reveal_scope
from backend.core.rules import reason_says_why
from backend.services import helping, rules
from backend.services.choices import TAKING, SlotStatus
from backend.services.models import ServiceBooking, Slot
from backend.services.states import SERVE

PAPER = "当天服务单"


@dataclass
class Served:
    """One slot of the day: who helps there, and who comes, each with masks beside the columns."""

    slot: Slot
    # In full, for the paper; on a page they are masked.
    helpers: list[str]
    coming: list[Any]
    masked_helpers: list[str] = field(default_factory=list)
    # Whether its time has come, and of how many nothing is said yet: for the page.
    begun: bool = False
    left: int = 0


def sees_days(user: Any) -> bool:
    """Whether somebody has a day sheet: staff, the contact of whoever provides a service, or a
    volunteer who helps.
    """
    return _anywhere(user, "see") or helping.helps_anywhere(user)


def marks(user: Any) -> bool:
    """Whether somebody says who came."""
    return _anywhere(user, SERVE) or helping.helps_anywhere(user)


def _anywhere(user: Any, verb: str) -> bool:
    own = ServiceBooking.own_scope(user, verb)
    return scope(user, ServiceBooking.action(verb)).anywhere or own.anywhere


def slots_served_by(user: Any) -> Q:
    """The slots whose people somebody serves: the community's, those of the own body, and those in
    which they help.
    """
    staff = scope(user, ServiceBooking.action("see"))
    found = staff.rows() | Q(community__in=staff.estate_communities)
    own = ServiceBooking.own_scope(user, "see")
    if own.anywhere:
        found |= own.rows() & Q(item__provider__in=own_organizations(user))
    if reaches_own(user, ServiceBooking.action("see")):
        found |= helping.helped_by(user)
    return found


def day_sheet(user: Any, day: date, *, item: str = "") -> list[Served]:
    """The slots of a day that are on, in order, and who has a place in each; two statements.

    `item` is the code of a service item. A steward sees the people of the own estate.
    """
    starts = timezone.make_aware(datetime.combine(day, time.min))
    rows: Any = Slot.objects.with_places().filter(
        slots_served_by(user),
        status=SlotStatus.OPEN,
        starts_at__gte=starts,
        starts_at__lt=starts + timedelta(days=1),
    )
    if item:
        rows = rows.filter(item__code=item)
    coming = (
        ServiceBooking.objects.visible_to(user)
        .filter(status__in=TAKING)
        .annotate(
            masked_name=masked("name", "name"),
            masked_phone=masked("phone", "phone"),
            masked_proxy=masked("name", "proxy_name"),
        )
        .order_by("booked_at", "pk")
    )
    rows = rows.select_related("item", "item__provider", "community").prefetch_related(
        Prefetch("bookings", coming, to_attr="coming")
    )
    slots = list(rows.order_by("starts_at", "item__title", "pk"))
    helpers = helping.helpers_of([slot.pk for slot in slots])
    found = [Served(slot, helpers_in(slot, helpers), slot.coming) for slot in slots]
    for one in found:
        one.masked_helpers = [mask("name", name) for name in one.helpers]
    return found


def helpers_in(slot: Slot, assigned: dict[int, list[str]]) -> list[str]:
    """Who helps in a slot: whom it names, and who is assigned to it."""
    named = [name for name in (slot.helper.strip(),) if name]
    return list(dict.fromkeys([*named, *assigned.get(slot.pk, [])]))


def may_print_names(slots: list[Served], user: Any) -> bool:
    """Whether the names, phones and addresses of those who come may leave in full on paper."""
    whole = reveal_scope(user, ServiceBooking.area)
    own = ServiceBooking.own_scope(user, SERVE)
    mine = own_organizations(user) if own.anywhere else frozenset()
    return bool(slots) and all(
        whole.covers(one.slot.community_id)
        or one.slot.community_id in whole.estate_communities
        or (own.covers(one.slot.community_id) and one.slot.item.provider_id in mine)
        for one in slots
    )


def names_leave(slots: list[Served], day: date, *, by: Actor, reason: str) -> None:
    """Writes down that a day's names leave on paper.

    Raises: not_allowed; day_too_far; reason_too_short; reason_too_long; text_has_personal_data.
    """
    if not may_print_names(slots, by.user):
        raise not_allowed()
    rules.day_is_near(day, timezone.localdate())
    reason = " ".join(reason.split())
    reason_says_why(reason)
    keys: dict[int | None, list[int]] = {}
    for one in slots:
        found = keys.setdefault(one.slot.community_id, [])
        found.extend(row.pk for row in one.coming)
    log_export(
        ServiceBooking, keys, by=by, reason=reason, whole=True, details=f"{PAPER} · {day:%Y-%m-%d}"
    )
