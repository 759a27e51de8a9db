"""What stands under a volunteer's form: certificates, honours, and the buttons for both."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from backend.core.access import may
from backend.core.door import actor
from backend.core.models import Kept
from backend.core.panels import Panel, panel
from backend.volunteers.certificate_queries import due_for_honour
from backend.volunteers.models import (
    Certificate,
    CertifiedRecord,
    Honour,
    HonourLevel,
    ServiceRecord,
    Volunteer,
)
from backend.volunteers.words import hours_text


@panel
def certificates_panel(request: HttpRequest, record: Kept) -> Panel | None:
    """On a volunteer's page."""
    if not isinstance(record, Volunteer):
        return None
    by = actor(request)
    rows = Certificate.objects.visible_to(request.user).filter(volunteer=record)
    honours = Honour.objects.visible_to(request.user).filter(volunteer=record)
    due: Any = None
    if may(by, "honours.edit", record.community_id):
        due = due_for_honour(Volunteer.objects.filter(pk=record.pk)).first()
    certifies = record.resident_id is not None and may(by, "certificates.edit", record.community_id)
    return Panel(
        "volunteers/volunteer_panel.html",
        {
            "certificates": [
                {
                    "row": row,
                    "hours": hours_text(row.minutes),
                    "url": reverse("admin:volunteers_certificate_change", args=[row.pk]),
                }
                for row in rows.order_by("-issued_on", "-pk")
            ],
            "honours": honours.select_related("level").order_by("-granted_on", "-pk"),
            "certify_url": reverse("admin:volunteers_certificate_certify", args=[record.pk])
            if certifies
            else "",
            "due": HonourLevel.objects.get(pk=due.due_level) if due is not None else None,
            "due_url": reverse("admin:volunteers_honour_due_page"),
        },
    )


@panel
def counted_panel(request: HttpRequest, record: Kept) -> Panel | None:
    """What a certificate counts, on its page; which certificates count a record, on that one's."""
    if isinstance(record, Certificate):
        rows = CertifiedRecord.objects.filter(certificate=record)
    elif isinstance(record, ServiceRecord):
        rows = CertifiedRecord.objects.filter(record=record)
    else:
        return None
    rows = rows.select_related("record", "certificate").order_by("record__starts_at", "pk")
    lines = [{"row": row, "hours": hours_text(row.minutes)} for row in rows]
    if not lines:
        return None
    return Panel(
        "volunteers/counted_panel.html",
        {"lines": lines, "of_certificate": isinstance(record, Certificate)},
    )
