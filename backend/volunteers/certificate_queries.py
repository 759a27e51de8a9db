"""Named reads of certificates and honours."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from backend.imports.cells.raw import half_width
from backend.volunteers.certificate_choices import CertificateStatus, HonourStatus
from backend.volunteers.certificate_models import Certificate, CertificateTemplate, CertifiedRecord
from backend.volunteers.certifying import verified_in
from backend.volunteers.choices import VolunteerStatus
from backend.volunteers.honour_models import Honour, HonourLevel
from backend.volunteers.models import ServiceRecord, Volunteer, verified_minutes
from backend.volunteers.printed import Line, Printed

_SPACE = re.compile(r"\s+")
LONGEST_NUMBER = 64
# Who may be honoured: also somebody who rests just now.
SERVING = (VolunteerStatus.ACTIVE, VolunteerStatus.PAUSED)


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


def hours_in(rows: "QuerySet[Any]", starts_on: date, ends_on: date) -> "QuerySet[Any]":
    """Adds `period_minutes`: what is verified of these days, as an expression over volunteers."""
    records = verified_in(starts_on, ends_on).filter(volunteer=OuterRef("pk"))
    summed = records.order_by().values("volunteer").annotate(n=Sum("minutes")).values("n")
    return rows.annotate(period_minutes=Coalesce(Subquery(summed, output_field=IntegerField()), 0))


def with_hours_in(community_ids: Any, starts_on: date, ends_on: date) -> "QuerySet[Any]":
    """The volunteers who have verified hours of these days, with them, the most hours first."""
    named: QuerySet[Any] = Volunteer.objects.filter(resident__isnull=False)
    rows: QuerySet[Any] = hours_in(named, starts_on, ends_on)
    rows = rows.filter(community__in=community_ids, period_minutes__gt=0)
    return rows.select_related("resident").order_by("-period_minutes", "pk")


def certified_for(volunteers: Any, starts_on: date, ends_on: date) -> dict[int, Certificate]:
    """The valid certificates of exactly these days, by volunteer."""
    rows = Certificate.objects.filter(
        volunteer__in=volunteers,
        starts_on=starts_on,
        ends_on=ends_on,
        status=CertificateStatus.ISSUED,
    )
    return {row.volunteer_id: row for row in rows}


def due_for_honour(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Of volunteers those who have reached a level above all that they hold; the key of the highest
    one reached is `due_level`, their verified time `verified_minutes`.
    """
    reached = HonourLevel.objects.filter(
        community=OuterRef("community"), active=True, minutes__lte=OuterRef("verified_minutes")
    ).order_by("-minutes")
    held = Honour.objects.filter(volunteer=OuterRef("pk"), status=HonourStatus.GRANTED).order_by(
        "-level__minutes"
    )
    whole = IntegerField()
    return (
        rows.filter(resident__isnull=False, status__in=SERVING)
        .annotate(verified_minutes=verified_minutes())
        .annotate(
            due_level=Subquery(reached.values("pk")[:1]),
            reached_minutes=Subquery(reached.values("minutes")[:1], output_field=whole),
            held_minutes=Coalesce(
                Subquery(held.values("level__minutes")[:1], output_field=whole), 0
            ),
        )
        .filter(reached_minutes__gt=F("held_minutes"))
        .order_by("-verified_minutes", "pk")
    )


def _day(record: ServiceRecord) -> date:
    return timezone.localtime(record.starts_at).date()


def _what(record: ServiceRecord) -> str:
    """What was done: in the record's own words, else what it was for."""
    return record.content or str(record.event or record.item or "志愿服务")
