"""Named reads of certificates and honours."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from backend.imports.cells.raw import half_width
from backend.volunteers.certificate_choices import CertificateStatus, HonourStatus
from backend.volunteers.certificate_models import Certificate, CertificateTemplate, CertifiedRecord
from backend.volunteers.certifying import verified_in
from backend.volunteers.choices import RecordStatus, VolunteerStatus
from backend.volunteers.honour_models import Honour, HonourLevel
from backend.volunteers.models import ServiceRecord, Volunteer, verified_minutes
from backend.volunteers.printed import Line, Printed

_SPACE = re.compile(r"\s+")
LONGEST_NUMBER = 64


@dataclass(frozen=True)
class Checked:
    """What everybody is told of a number: nothing that is about a person."""

    number: str
    issuer: str
    issued_on: date
    minutes: int
    valid: bool
    voided_on: date | None


def checked(number: str) -> Checked | None:
    """What is known of a number, as people type it; None for one that was never issued."""
    plain = _SPACE.sub("", half_width(number[: 2 * LONGEST_NUMBER])).upper()
    if not plain or len(plain) > LONGEST_NUMBER:
        return None
    found = Certificate.objects.filter(number=plain).first()
    if found is None:
        return None
    return Checked(
        found.number, found.issuer, found.issued_on, found.minutes, found.valid, found.voided_on
    )


def printed(certificate: Certificate, address: str) -> Printed | None:
    """What stands on the paper; None for somebody who has been erased."""
    resident: Any = certificate.volunteer.resident
    if resident is None:
        return None
    rows = CertifiedRecord.objects.filter(certificate=certificate).select_related(
        "record__event", "record__item"
    )
    return Printed(
        community=certificate.issuer,
        number=certificate.number,
        name=resident.name,
        starts_on=certificate.starts_on,
        ends_on=certificate.ends_on,
        issued_on=certificate.issued_on,
        minutes=certificate.minutes,
        address=address,
        lines=[
            Line(_day(row.record), _what(row.record), row.minutes)
            for row in rows.order_by("record__starts_at", "pk")
        ],
    )


def template_of(community_id: int) -> bytes | None:
    """A community's own Word template, None while it uses the default one."""
    own = CertificateTemplate.objects.filter(community=community_id).first()
    return bytes(own.content) if own is not None else None


def hours_in(rows: "QuerySet[Volunteer]", starts_on: date, ends_on: date) -> "QuerySet[Volunteer]":
    """Adds `period_minutes`: what is verified of these days, as an expression over volunteers."""
    records = verified_in_days(starts_on, ends_on).filter(volunteer=OuterRef("pk"))
    summed = records.order_by().values("volunteer").annotate(n=Sum("minutes")).values("n")
    return rows.annotate(
        period_minutes=Coalesce(Subquery(summed, output_field=IntegerField()), 0)
    )
