"""What stands above a partner's, an agreement's and a post's form: how things are with them."""

from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from backend.core.models import Kept
from backend.core.panels import Panel, panel
from backend.files.queries import attachments_on
from backend.partners import rules
from backend.partners.choices import AGREEMENT_COLOURS, AgreementStatus, IssueStatus
from backend.partners.models import CoBuildingAgreement, IncipientIssue, RedPartner, VanguardPost

# How many issues a page tells of; the list has them all.
LATEST = 5
_BADGES = {"success": "create", "warning": "question", "danger": "error", "info": "note"}


def renewal_of(agreement: CoBuildingAgreement, today: date) -> dict[str, Any] | None:
    """What is said of an agreement's end: how near, whether it is over, whether it is renewed."""
    near = rules.needs_renewal(agreement.status, agreement.ends_on, agreement.remind_days, today)
    if not near:
        return None
    renewed = agreement.renewals.exclude(status=AgreementStatus.TERMINATED).first()
    return {
        "days": (agreement.ends_on - today).days,
        "overdue": rules.is_overdue(agreement.status, agreement.ends_on, today),
        "renewed": renewed,
        "renewed_url": reverse("admin:partners_cobuildingagreement_change", args=[renewed.pk])
        if renewed
        else "",
    }


@panel
def partner_panel(request: HttpRequest, record: Kept) -> Panel | None:
    """A partner's agreements, posts and latest issues."""
    if not isinstance(record, RedPartner):
        return None
    today = timezone.localdate()
    agreements = CoBuildingAgreement.objects.visible_to(request.user).filter(partner=record)
    posts = VanguardPost.objects.visible_to(request.user).filter(agreement__partner=record)
    issues = IncipientIssue.objects.visible_to(request.user).filter(post__agreement__partner=record)
    counted = issues.aggregate(
        **{status.value: Count("pk", filter=Q(status=status)) for status in IssueStatus}
    )
    return Panel(
        "partners/partner_panel.html",
        {
            "agreements": [
                {
                    "row": row,
                    "badge": _badge(row.status),
                    "url": reverse("admin:partners_cobuildingagreement_change", args=[row.pk]),
                    "renewal": renewal_of(row, today),
                }
                for row in agreements.order_by("-starts_on", "-pk")
            ],
            "posts": [
                {
                    "row": row,
                    "url": reverse("admin:partners_vanguardpost_change", args=[row.pk]),
                }
                for row in posts.select_related("estate").order_by("until", "name", "pk")
            ],
            "issues": [
                {
                    "row": row,
                    "url": reverse("admin:partners_incipientissue_change", args=[row.pk]),
                }
                for row in issues.select_related("post").order_by("-found_on", "-pk")[:LATEST]
            ],
            "counted": [(status.label, counted[status.value]) for status in IssueStatus],
            "total": sum(counted.values()),
            "rota_url": reverse("admin:partners_redpartner_rota", args=[record.pk]),
            "gone": record.until is not None and record.until < today,
        },
    )


@panel
def agreement_panel(request: HttpRequest, record: Kept) -> Panel | None:
    """What an agreement still lacks, and how near its end is."""
    if not isinstance(record, CoBuildingAgreement):
        return None
    today = timezone.localdate()
    signed = record.status != AgreementStatus.DRAFT
    scanned = attachments_on(record, request.user).exists()
    return Panel(
        "partners/agreement_panel.html",
        {
            "renewal": renewal_of(record, today),
            "scan_missing": signed and not scanned,
            "posts": [
                {
                    "row": row,
                    "url": reverse("admin:partners_vanguardpost_change", args=[row.pk]),
                }
                for row in VanguardPost.objects.filter(agreement=record).order_by("name")
            ],
            "renews": record.renews,
        },
    )


def _badge(status: str) -> str:
    return _BADGES.get(AGREEMENT_COLOURS[AgreementStatus(status)], "unchanged")
