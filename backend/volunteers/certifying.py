"""Verbs of certificates: issued by another, once for the same hours; void with a reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor, require
from backend.core.asking import asked_by, refusal
from backend.core.errors import RuleViolation, not_found
from backend.core.models import ChangeSet
from backend.core.workflow import labels, needs_reason
from backend.places.models import Community
from backend.volunteers import certificate_rules as rules
from backend.volunteers.certificate_choices import CertificateStatus
from backend.volunteers.certificate_models import (
    CERTIFICATE,
    Certificate,
    CertificateNumbering,
    CertifiedRecord,
)
from backend.volunteers.certificate_states import CERTIFICATE_MACHINE
from backend.volunteers.choices import RecordStatus
from backend.volunteers.models import ServiceRecord, Volunteer
from backend.volunteers.oneself import NOBODY, people_behind


@dataclass
class IssuedMany:
    """What came of issuing for many: the certificates, and who was left out, by code."""

    certificates: list[Certificate] = field(default_factory=list)
    # Volunteers left out: key -> why.
    left_out: dict[int, RuleViolation] = field(default_factory=dict)


def is_by_another(volunteer: Volunteer, by: Actor) -> None:
    """Raises: self_certified."""
    person = people_behind([volunteer.pk]).get(volunteer.pk, NOBODY)
    account = by.user.pk if by.user is not None else None
    name = by.user.get_full_name() if by.user is not None else ""
    rules.is_certified_by_another(account, person.accounts, name, person.name)


def verified_in(starts_on: date, ends_on: date) -> "QuerySet[ServiceRecord]":
    """The verified records that began on these days, both included, in order."""
    return ServiceRecord.objects.filter(
        status=RecordStatus.VERIFIED,
        starts_at__gte=_midnight(starts_on),
        starts_at__lt=_midnight(ends_on + timedelta(days=1)),
    ).order_by("starts_at", "pk")


def issue_certificate(
    volunteer: Volunteer, starts_on: date | None, ends_on: date | None, *, by: Actor
) -> Certificate:
    """The certificate of the hours verified in these days. Asked again while nothing has changed, it
    is the same one.

    Raises: period_missing; period_backwards; period_in_future; self_certified; nothing_to_certify;
        certificate_outdated; not_allowed; not_found.
    """
    rules.period_is_over(starts_on, ends_on, timezone.localdate())
    assert starts_on is not None
    assert ends_on is not None
    with gate.change_set(
        f"issue {Certificate._meta.label}", by=by, community_id=volunteer.community_id
    ) as changes:
        # Locked before its hours are read: a record cannot be verified or taken back meanwhile.
        fresh = _held(volunteer)
        require(by, "certificates.edit", fresh.community_id)
        is_by_another(fresh, by)
        records = list(verified_in(starts_on, ends_on).filter(volunteer=fresh))
        minutes = sum(record.minutes for record in records)
        valid = Certificate.objects.filter(
            volunteer=fresh,
            starts_on=starts_on,
            ends_on=ends_on,
            status=CertificateStatus.ISSUED,
        ).first()
        if valid is not None:
            rules.certificate_is_up_to_date(valid.number, valid.minutes, minutes)
            return valid  # type: ignore[no-any-return]
        rules.there_are_hours(minutes)
        return _write(fresh, starts_on, ends_on, records, by, changes)


def issue_certificates(
    volunteers: Iterable[Volunteer], starts_on: date, ends_on: date, *, by: Actor
) -> IssuedMany:
    """A certificate for each who has verified hours in these days; who may have none is told why.

    Each is issued in a transaction of its own: of a thousand, one that is refused keeps none back.
    Raises: not_allowed; the period's rules.
    """
    rules.period_is_over(starts_on, ends_on, timezone.localdate())
    done = IssuedMany()
    for volunteer in volunteers:
        try:
            done.certificates.append(issue_certificate(volunteer, starts_on, ends_on, by=by))
        except RuleViolation as violation:
            if violation.code == "not_allowed":
                raise
            done.left_out[volunteer.pk] = violation
    return done


def void_certificate(certificate: Certificate, *, by: Actor, reason: str = "") -> Certificate:
    """The certificate, void: its number stays, and says so to whoever checks it.

    Raises: wrong_state; reason_required; self_certified; not_allowed; not_found.
    """
    with gate.change_set(
        f"void {Certificate._meta.label}",
        by=by,
        community_id=certificate.community_id,
        reason=reason,
    ) as changes:
        fresh = _held(Volunteer.objects.get(pk=certificate.volunteer_id))
        require(by, "certificates.move", fresh.community_id)
        is_by_another(fresh, by)
        certificate = Certificate.objects.get(pk=certificate.pk)
        names = labels(Certificate._meta.get_field("status").flatchoices)
        needs_reason(CERTIFICATE_MACHINE.require("void", certificate.status, names), reason)
        moved = gate.move(certificate, "void", by=by, reason=reason, within=changes)
        moved.voided_on = timezone.localdate()
        moved.void_reason = reason.strip()
        # The verb has looked at the right to void: that one need not be a right to issue.
        return gate.save(moved, by=by.vouched_for(), within=changes)


def why_certificate_cannot(certificate: Certificate, verb: str, by: Actor) -> str | None:
    """What a rule has against a move that the diagram allows; None for nothing."""
    if verb != "void":
        return None
    return refusal(lambda: is_by_another(Volunteer.objects.get(pk=certificate.volunteer_id), by))


asked_by(Certificate, why_certificate_cannot)
CERTIFICATE_VERBS: Mapping[str, Any] = {"void": void_certificate}


def certified_numbers(record: ServiceRecord) -> list[str]:
    """The numbers of the valid certificates that count a record."""
    rows = CertifiedRecord.objects.filter(
        record=record, certificate__status=CertificateStatus.ISSUED
    )
    return list(rows.order_by("pk").values_list("certificate__number", flat=True))


def require_uncertified(record: ServiceRecord) -> None:
    """Raises: record_certified. Ask it under the volunteer's lock, before hours are taken back."""
    rules.record_is_not_certified(certified_numbers(record))


def _held(volunteer: Volunteer) -> Volunteer:
    try:
        return gate.hold(volunteer)
    except Volunteer.DoesNotExist:
        raise not_found("志愿者") from None


def _write(
    volunteer: Volunteer,
    starts_on: date,
    ends_on: date,
    records: list[ServiceRecord],
    by: Actor,
    changes: ChangeSet,
) -> Certificate:
    community = Community.objects.get(pk=volunteer.community_id)
    today = timezone.localdate()
    # Taken last: from here on nothing is refused, and who waits for the next one waits shortly.
    sequence = CertificateNumbering.next_number(CERTIFICATE, community.pk, today.year)
    certificate = Certificate(
        community=community,
        volunteer=volunteer,
        number=rules.number_of(community.code, today.year, sequence),
        year=today.year,
        sequence=sequence,
        starts_on=starts_on,
        ends_on=ends_on,
        minutes=sum(record.minutes for record in records),
        services=len(records),
        issuer=community.name,
        issued_on=today,
        issued_by=by.user if by.user is not None and by.user.pk else None,
    )
    gate.save(certificate, by=by, within=changes)
    counted = [
        CertifiedRecord(
            community=community, certificate=certificate, record=record, minutes=record.minutes
        )
        for record in records
    ]
    gate.save_many(counted, by=by, within=changes)
    return certificate


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
