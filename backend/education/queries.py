"""Named reads of legal education."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from backend.core.asking import asked_by
from backend.core.errors import RuleViolation, not_found
from backend.core.masking import ANONYMOUS
from backend.core.personal import masked
from backend.education import rules
from backend.education.choices import ACTIVE, CheckInKind, EventStatus
from backend.education.models import CheckIn, LegalEducationEvent, Registration
from backend.education.registrations import own_rows
from backend.people.models import Resident
from backend.people.pinyin import initials
from backend.people.searching import sought_by
from backend.places.models import Community

# Fewer digits of a phone would find half the list.
LEAST_DIGITS = 4


def why_event_cannot(event: LegalEducationEvent, verb: str) -> str | None:
    """What a counting rule has against a move that the diagram allows; None for nothing."""
    try:
        if verb == "hold":
            starts_at = LegalEducationEvent.objects.values_list("starts_at", flat=True)
            rules.event_has_begun(starts_at.get(pk=event.pk), timezone.now())
        elif verb == "archive":
            rules.event_has_heads(LegalEducationEvent.objects.heads_of(event.pk))
        elif verb == "cancel":
            rules.event_may_be_cancelled(LegalEducationEvent.objects.heads_of(event.pk))
    except RuleViolation as violation:
        return violation.message
    return None


asked_by(LegalEducationEvent, lambda row, verb, by: why_event_cannot(row, verb))


@dataclass(frozen=True)
class HeldEvent:
    """What a public breakdown counts of one event that took place."""

    topic: str
    format: str
    heads: int


def held_in_year(community_code: str, year: int) -> list[HeldEvent]:
    """The events of a calendar year that took place, with their heads (人次)."""
    rows: Any = LegalEducationEvent.objects.filter(
        community__code=community_code,
        starts_at__year=year,
        status__in=(EventStatus.HELD, EventStatus.ARCHIVED),
    )
    found = rows.with_heads().order_by().values_list("topic", "format", "heads_total")
    return [HeldEvent(*row) for row in found]


def community_by_code(code: str, user: Any) -> Community:
    """The community, if `user` belongs to it. Raises: not_found."""
    community = Community.objects.visible_to(user).filter(code=code).first()
    if community is None:
        raise not_found("社区")
    return community


def events_with_places_to_give() -> list[int]:
    """Keys of open events at which somebody waits and a place is free, in order."""
    rows: Any = LegalEducationEvent.objects
    found = (
        rows.with_places()
        .filter(status=EventStatus.OPEN, waitlist_count__gt=0)
        .filter(Q(capacity__isnull=True) | Q(places_left__gt=0))
        .order_by("pk")
    )
    return list(found.values_list("pk", flat=True))


def is_ones_own(user: Any) -> Q:
    """The registrations that are about a user, not those that they entered for others."""
    return own_rows(user, Registration.area)


def own_registrations(user: Any, to_attr: str) -> Prefetch:
    """A user's active registrations beside each event, with the place in line."""
    rows: Any = Registration.objects.filter(is_ones_own(user), status__in=ACTIVE)
    return Prefetch("registrations", rows.with_position(), to_attr=to_attr)


def expected_at_the_door(
    event: LegalEducationEvent, user: Any, wanted: str = ""
) -> "QuerySet[Registration]":
    """Those who registered, of whom the user may know, with the last thing that the door saw of each.

    `wanted`: the beginning of a name or of its initials, the end of a phone, a door, or a code.
    Masked like every list.
    """
    lines = CheckIn.objects.filter(registration=OuterRef("pk"), success=True)
    last = lines.order_by("-occurred_at", "-pk")
    rows: Any = Registration.objects.visible_to(user).filter(event=event, status__in=ACTIVE)
    if wanted:
        rows = rows.filter(_meant(rows, user, wanted))
    found_rows: QuerySet[Registration] = rows.annotate(
        last_kind=Subquery(last.values("kind")[:1]),
        last_at=Subquery(last.values("occurred_at")[:1]),
        masked_name=masked("name", "name"),
        masked_phone=masked("phone", "phone"),
        masked_resident_phone=masked("phone", "resident__phone"),
    ).order_by("status", "registered_at", "pk")
    return found_rows


def _meant(rows: Any, user: Any, wanted: str) -> Q:
    """Those among an event's registrations whom somebody at the door means."""
    found = Q(name__startswith=wanted) | Q(code=wanted)
    if wanted.isascii() and wanted.isdigit():
        # 501: a door on the list; the roster is asked for building and door.
        found |= Q(resident__room=wanted)
        if len(wanted) >= LEAST_DIGITS:
            found |= Q(phone__endswith=wanted) | Q(resident__phone__endswith=wanted)
    elif wanted.isascii() and wanted.isalpha():
        letters = wanted.lower()
        found |= Q(resident__initials__startswith=letters)
        # Who is on no roster has no initials stored: an event's few are read.
        strangers = rows.filter(resident__isnull=True).values_list("pk", "name")
        found |= Q(pk__in=[pk for pk, name in strangers if initials(name).startswith(letters)])
    people = Resident.objects.visible_to(user).filter(sought_by(user, wanted))
    return found | Q(resident__in=people.order_by().values("pk"))


def roster_at_the_door(event: LegalEducationEvent, user: Any, wanted: str) -> "QuerySet[Any]":
    """People of the roster whom a search means and who did not register, masked."""
    registered = Registration.objects.filter(event=event, status__in=ACTIVE)
    rows: Any = Resident.objects.visible_to(user).filter(sought_by(user, wanted))
    rows = rows.present().filter(community=event.community_id)
    found: QuerySet[Any] = (
        rows.exclude(pk__in=registered.filter(resident__isnull=False).values("resident"))
        .annotate(masked_name=masked("name", "name"), masked_phone=masked("phone", "phone"))
        .order_by("pk")
    )
    return found


def arrived_unregistered(event: LegalEducationEvent, user: Any, wanted: str = "") -> list[CheckIn]:
    """Who came without a registration, and has not been taken back: the last line of each.

    Of whom the user may know or whom they wrote down themselves, masked; `wanted` is the beginning
    of a name.
    """
    own_line = known_lines(user).filter(pk=OuterRef("pk"))
    lines = CheckIn.objects.filter(event=event, success=True, registration__isnull=True)
    lines = lines.exclude(resident__isnull=True, name=ANONYMOUS)
    if wanted:
        lines = lines.filter(name__startswith=wanted)
    rows = lines.annotate(seen=Exists(own_line), masked_name=masked("name", "name"))
    last: dict[Any, Any] = {}
    for row in rows.order_by("-occurred_at", "-pk"):
        last.setdefault(row.resident_id or row.name, row)
    return [row for row in last.values() if row.seen and row.kind != CheckInKind.VOID]


def known_lines(user: Any) -> "QuerySet[CheckIn]":
    """The lines that a user may see, and those that are their own scans.

    Who serves one estate sees its people: a passer-by is of none, and known to who let them in.
    """
    rows: QuerySet[CheckIn] = CheckIn.objects.filter(CheckIn.visible(user) | Q(account=user.pk))
    return rows


_REFUSALS = {
    "already_checked_in": "已经签到过了",
    "already_left": "已经登记过离场",
    "not_checked_in": "还没有签到",
    "registration_pending": "报名还没有审核通过",
    "registration_waitlisted": "还在候补",
    "registration_invalid": "报名没有通过或已取消",
    "ticket_unknown": "不认识这个码",
    "event_not_open": "活动现在不能签到",
    "attendance_name_taken": "签到表上已有同名的人",
    "occurred_in_future": "时间在将来",
}


def refusal_in_words(line: CheckIn) -> str:
    """Why somebody was not let in, for people, and from when they can be."""
    if line.refusal == "occurred_too_early":
        starts_at = timezone.localtime(line.event.starts_at)
        day = f"{starts_at.month} 月 {starts_at.day} 日 {starts_at:%H:%M}"
        return f"还太早：开始前一天起才能签到，这场是 {day}"
    return _REFUSALS.get(line.refusal, line.refusal)


def of_the_same(line: CheckIn) -> Q:
    """The successful lines about the same person."""
    if line.resident_id is not None:
        return Q(event=line.event_id, success=True, resident=line.resident_id)
    if line.registration_id is not None:
        return Q(event=line.event_id, success=True, registration=line.registration_id)
    return Q(
        event=line.event_id,
        success=True,
        resident__isnull=True,
        registration__isnull=True,
        name=line.name,
    )


def entry_of_the_same(line: CheckIn) -> CheckIn | None:
    """The latest entry of whoever a line is about."""
    rows = CheckIn.objects.filter(of_the_same(line), kind=CheckInKind.IN)
    return rows.order_by("-occurred_at", "-pk").first()


# What the pages of the house call themselves in the ledger; a phone gives its own name.
LIST_DEVICE, PHONE_DEVICE = "admin-list", "phone-page"
_DEVICES = {LIST_DEVICE: "现场名单", PHONE_DEVICE: "扫码页面"}


def device_in_words(line: CheckIn) -> str:
    """By what somebody was signed in, for people."""
    return _DEVICES.get(line.device, line.device)


def own_active_registration(user: Any, event: LegalEducationEvent) -> Registration | None:
    """The registration that a user has for an event, with the place in line."""
    rows: Any = Registration.objects.filter(is_ones_own(user), event=event, status__in=ACTIVE)
    found: Registration | None = rows.with_position().first()
    return found
