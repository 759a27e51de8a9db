"""Taps of a tablet at the door, sent at once or when the network is back: each for itself, in order.

What happened to each is told under its key, so that nothing on the tablet is lost or done twice.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from backend.core.access import Actor
from backend.core.errors import RuleViolation, not_found
from backend.core.numbers import whole_number
from backend.core.personal import mask
from backend.education import tap_rules
from backend.education.arriving import Scan, check_in
from backend.education.choices import CheckInKind, CheckInSource
from backend.education.door_list import account_mark, walk_in
from backend.education.models import CheckIn, LegalEducationEvent, Registration
from backend.education.queries import LIST_DEVICE, entry_of_the_same, known_lines, refusal_in_words
from backend.people.models import Resident

Tap = Mapping[str, Any]


def take_taps(
    event: LegalEducationEvent, taps: Sequence[Tap], told_account: str, *, by: Actor
) -> list[dict[str, Any]]:
    """What came of each tap: written down, refused with the reason, or not to be read.

    Raises: too_many_entries; other_account: nothing is written then.
    """
    tap_rules.taps_are_few(len(taps))
    tap_rules.tapped_by_the_same(told_account, account_mark(by.user))
    return [_taken(event, tap, by) for tap in taps]


def _taken(event: LegalEducationEvent, tap: Tap, by: Actor) -> dict[str, Any]:
    answer: dict[str, Any] = {"key": _text(tap, "key")}
    try:
        line = check_in(event, _scan(event, tap, by), by=by)
    except RuleViolation as violation:
        return answer | {"ok": False, "code": violation.code, "message": violation.message}
    answer |= {
        "ok": line.success,
        "kind": line.kind,
        "at": line.occurred_at.isoformat(),
        "name": mask("name", line.name),
        "registration": line.registration_id,
    }
    if not line.success:
        return answer | {"code": line.refusal, "message": _why_not(line)}
    if line.registration_id is None:
        line.masked_name = answer["name"]  # type: ignore[attr-defined]
        answer["walkIn"] = walk_in(line)
    return answer


def _scan(event: LegalEducationEvent, tap: Tap, by: Actor) -> Scan:
    """The scan that a tap means. Raises: invalid_value; not_found."""
    occurred_at = tap_rules.moment_of(tap.get("at"))
    registrations = Registration.objects.visible_to(by.user).filter(event=event)
    registration = _named(registrations, tap, "registration")
    resident = _named(Resident.objects.visible_to(by.user), tap, "resident")
    before = _line_before(event, tap, by)
    if before is not None:
        registration, resident = before.registration, before.resident
    kind, ticket = _text(tap, "kind"), _text(tap, "ticket")
    return Scan(
        key=_text(tap, "key"),
        ticket=ticket,
        registration=registration,
        resident=resident,
        name=before.name if before is not None else _text(tap, "name"),
        companions=_number(tap, "companions"),
        kind=kind if kind in CheckInKind.values else CheckInKind.IN,
        source=_source(occurred_at, ticket, registration),
        device=LIST_DEVICE,
        occurred_at=occurred_at,
        forced=tap.get("forced") is True,
        reason=_text(tap, "reason"),
    )


def _source(occurred_at: Any, ticket: str, registration: Registration | None) -> str:
    if tap_rules.came_late(occurred_at, timezone.now()):
        return CheckInSource.OFFLINE
    if ticket:
        return CheckInSource.QR
    return CheckInSource.LIST if registration is not None else CheckInSource.MANUAL


def _named(rows: Any, tap: Tap, name: str) -> Any:
    """The row of which the tap gives the key; None if it gives none. Raises: not_found."""
    key = _number(tap, name)
    if key is None:
        return None
    found = rows.filter(pk=key).first()
    if found is None:
        raise not_found(str(rows.model._meta.verbose_name))
    return found


def _line_before(event: LegalEducationEvent, tap: Tap, by: Actor) -> CheckIn | None:
    """The entry of somebody without a registration: by its own key, or by that of its tap.

    Raises: not_found.
    """
    rows = known_lines(by.user).select_related("resident", "registration")
    rows = rows.filter(event=event, success=True)
    if _text(tap, "lineKey"):
        found = rows.filter(device=LIST_DEVICE, idempotency_key=_text(tap, "lineKey")).first()
    elif (number := _number(tap, "line")) is not None:
        found = rows.filter(registration=None, pk=number).first()
    else:
        return None
    if found is None:
        raise not_found("签到")
    return found


def _why_not(line: CheckIn) -> str:
    """The refusal in words, and when whoever it is came in."""
    said = refusal_in_words(line)
    entry = entry_of_the_same(line) if line.refusal == "already_checked_in" else None
    if entry is None:
        return said
    return f"{said}（{timezone.localtime(entry.occurred_at):%H:%M}）"


def _text(tap: Tap, name: str) -> str:
    value = tap.get(name)
    return value if isinstance(value, str) else ""


def _number(tap: Tap, name: str) -> int | None:
    value = tap.get(name)
    return whole_number(str(value)) if isinstance(value, int | str) else None
