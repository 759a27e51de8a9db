"""Verbs of the door: who is scanned, in or out, now or hours ago, and what comes of it.

Every scan is written down, refused ones too. Only what is wrong with the request itself (no right
to stand at this door, a key missing) is refused without a line in the ledger.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor, may_within
from backend.core.errors import RuleViolation, not_allowed, not_found
from backend.core.models import ChangeSet
from backend.education import rules
from backend.education.choices import ACTIVE, CheckInKind, CheckInSource
from backend.education.models import Attendance, CheckIn, LegalEducationEvent, Registration
from backend.education.queries import of_the_same
from backend.education.registering import is_own
from backend.education.tickets import registration_of_ticket
from backend.people.models import Resident

MAX_KEY, MAX_NAME, MAX_DEVICE = 80, 30, 60


@dataclass(frozen=True)
class Scan:
    """One scan, as a phone reports it: whom (one of the four), what, when and by which phone."""

    key: str
    ticket: str = ""
    registration: Registration | None = None
    resident: Resident | None = None
    name: str = ""
    companions: int | None = None
    kind: str = CheckInKind.IN
    source: str = CheckInSource.MANUAL
    device: str = ""
    occurred_at: datetime | None = None
    forced: bool = False
    reason: str = ""


def check_in(event: LegalEducationEvent, scan: Scan, *, by: Actor) -> CheckIn:
    """The line in the ledger, let in or not; the same key of the same device gives the first one.

    A successful entry makes the attendance, once a person and event. Without a ticket, a
    registration, a resident or a name it is the actor who arrives.
    Raises: idempotency_key_invalid; reason_required; check_in_missing; check_in_closed;
        companions_invalid; not_allowed; not_found.
    """
    _is_complete(scan)
    staff = may_within(by, "checkins.edit", event.community_id)
    if not staff and not may_within(by, "registrations.register", event.community_id):
        raise not_allowed()
    with transaction.atomic():
        # Locked before looking: two phones may scan one ticket together, or send one scan twice.
        event = gate.hold(event)
        earlier = CheckIn.objects.filter(
            event=event, device=scan.device, idempotency_key=scan.key
        ).first()
        if earlier is not None:
            # Who may scan here now hears again of the own scan, whoever's ticket it was.
            own = by.system or (by.user is not None and earlier.account_id == by.user.pk)
            if not own and not CheckIn.objects.visible_to(by.user).filter(pk=earlier.pk).exists():
                raise not_allowed()
            return earlier
        line = _line(event, scan, by, staff)
        with gate.change_set(
            f"{scan.kind} {CheckIn._meta.label}",
            by=by.vouched_for(),
            community_id=event.community_id,
        ) as changes:
            _judge(line, event, scan, by.vouched_for(), changes)
            return gate.save(line, by=by.vouched_for(), within=changes)


# --- whom ----------------------------------------------------------------------------------------


def _is_complete(scan: Scan) -> None:
    if not scan.key or len(scan.key) > MAX_KEY:
        raise RuleViolation(
            "idempotency_key_invalid",
            f"请给出 1 到 {MAX_KEY} 个字符的 idempotencyKey。",
            field="idempotency_key",
        )
    if len(scan.device) > MAX_DEVICE or len(scan.name) > MAX_NAME:
        raise RuleViolation("too_long", "设备名或姓名太长，请缩短。")
    rules.forced_has_reason(scan.forced, scan.reason)
    rules.companions_are_credible(scan.companions)


def _line(event: LegalEducationEvent, scan: Scan, by: Actor, staff: bool) -> CheckIn:
    """The unsaved line: whom the scan means, as far as anybody can say."""
    registration = _registration(event, scan)
    resident, name = scan.resident, scan.name.strip()
    unasked = not (scan.ticket or scan.registration or resident or name)
    if not staff:
        registration, resident = _oneself(event, registration, by, scan, unasked)
    elif unasked:
        raise RuleViolation(
            "check_in_missing",
            "请扫报名码，或选择报名、居民，或填写姓名。",
            field="registration_id",
        )
    if registration is not None:
        resident = registration.resident
        name = registration.name
    elif resident is not None:
        name = resident.name
        rows = Registration.objects.filter(event=event, resident=resident, status__in=ACTIVE)
        registration = rows.first()
    companions = scan.companions
    if companions is None:
        companions = registration.size - 1 if registration is not None else 0
    return CheckIn(
        community_id=event.community_id,
        event=event,
        registration=registration,
        resident=resident,
        name=name,
        companions=companions,
        kind=scan.kind,
        source=scan.source,
        device=scan.device,
        idempotency_key=scan.key,
        forced=scan.forced and staff,
        reason=scan.reason,
        account=by.user,
        success=False,
    )


def _registration(event: LegalEducationEvent, scan: Scan) -> Registration | None:
    """The registration that is meant, as it stands now; None for one of another event."""
    named = registration_of_ticket(scan.ticket) if scan.ticket else scan.registration
    if named is None:
        return None
    rows = Registration.objects.select_related("resident")
    return rows.filter(pk=named.pk, event=event).first()


def _oneself(
    event: LegalEducationEvent,
    registration: Registration | None,
    by: Actor,
    scan: Scan,
    unasked: bool,
) -> tuple[Registration | None, Resident | None]:
    """Whoever is no staff checks in themselves, on the spot. Raises: not_found; check_in_closed."""
    if not LegalEducationEvent.objects.visible_to(by.user).filter(pk=event.pk).exists():
        raise not_found("普法活动")
    about_others = bool(scan.name or scan.resident) or scan.companions is not None
    if about_others or scan.forced or scan.kind != CheckInKind.IN:
        raise not_allowed()
    rules.may_check_oneself_in(event.starts_at, event.ends_at, timezone.now())
    own = Resident.objects.filter(user=by.user, community=event.community_id).first()
    if registration is None and unasked:
        mine = Registration.objects.filter(event=event, status__in=ACTIVE)
        registration = mine.filter(Q(account=by.user, source="app") | Q(resident=own)).first()
        if registration is None and own is None:
            raise not_found("报名")
        return registration, own
    if registration is None or not is_own(registration, by):
        raise not_found("报名")
    return registration, own


# --- what comes of it ----------------------------------------------------------------------------


def _judge(
    line: CheckIn, event: LegalEducationEvent, scan: Scan, by: Actor, changes: ChangeSet
) -> None:
    """Says on the line whether it succeeded, and if so does what follows."""
    now = timezone.now()
    line.occurred_at = scan.occurred_at or now
    try:
        rules.ticket_is_known(bool(line.name))
        rules.event_takes_attendance(event.status)
        rules.moment_is_credible(line.occurred_at, event.starts_at, now)
        # A phone's clock may be a little ahead: nothing is written of the future.
        line.occurred_at = min(line.occurred_at, now)
        rules.is_no_repeat(line.kind, *_beside(line))
        if line.kind == CheckInKind.IN:
            if line.registration is not None and not line.forced:
                rules.registration_lets_in(line.registration.status)
            line.made_attendance = _attend(line, by, changes)
        elif line.kind == CheckInKind.VOID:
            _unattend(line, by, changes)
    except RuleViolation as violation:
        line.refusal = violation.code
        line.made_attendance = False
    else:
        line.success = True


def _beside(line: CheckIn) -> tuple[str | None, str | None]:
    """The kinds of the successful lines of this person just before and just after this one."""
    kinds = CheckIn.objects.filter(of_the_same(line)).values_list("kind", flat=True)
    before = kinds.filter(occurred_at__lte=line.occurred_at).order_by("-occurred_at", "-pk")
    after = kinds.filter(occurred_at__gt=line.occurred_at).order_by("occurred_at", "pk")
    return before.first(), after.first()


def _attendance(line: CheckIn) -> Attendance | None:
    rows = Attendance.objects.filter(event=line.event_id)
    if line.resident_id is not None:
        return rows.filter(resident=line.resident_id).first()
    return rows.filter(resident__isnull=True, name=_listed_name(line)).first()


def _listed_name(line: CheckIn) -> str:
    """Namesakes whom nobody could identify are told apart by their registration."""
    if line.registration is None:
        return line.name
    return f"{line.name[:14]}（{line.registration.code}）"


def _attend(line: CheckIn, by: Actor, changes: ChangeSet) -> bool:
    """Whether it made the attendance: who stands on a paper list already is not counted again."""
    if _attendance(line) is not None:
        return False
    gate.save(
        Attendance(
            community_id=line.community_id,
            event_id=line.event_id,
            resident_id=line.resident_id,
            name=line.name if line.resident_id is not None else _listed_name(line),
            signed_in_at=line.occurred_at,
            companions=line.companions,
        ),
        by=by,
        within=changes,
    )
    return True


def _unattend(line: CheckIn, by: Actor, changes: ChangeSet) -> None:
    """Takes back the attendance, if it was an entry at the door that made it."""
    made = CheckIn.objects.filter(of_the_same(line), made_attendance=True).exists()
    attendance = _attendance(line)
    if made and attendance is not None:
        gate.delete_many([attendance], by=by, within=changes)
