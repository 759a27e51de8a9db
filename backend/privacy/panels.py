"""On a resident's page: what they asked of their data, and what they may ask."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from backend.core.access import may
from backend.core.admin import actor
from backend.core.models import Kept
from backend.core.panels import Panel, panel
from backend.people.models import Resident
from backend.privacy.choices import RequestKind
from backend.privacy.identity_pages import identity_url
from backend.privacy.models import CommunityPrivacy, SubjectRequest, is_nobody


@panel
def rights_of_the_person(request: HttpRequest, record: Kept) -> Panel | None:
    """The requests of this resident, and a button for each thing that they may ask."""
    if not isinstance(record, Resident):
        return None
    by, community_id = actor(request), record.community_id
    if not may(by, "requests.edit", community_id):
        return None
    add = reverse("admin:privacy_subjectrequest_add")
    asked = [
        {
            "text": f"{row.asked_on:%Y-%m-%d} {row.get_kind_display()}",
            "status": row.get_status_display(),
            "url": reverse("admin:privacy_subjectrequest_change", args=[row.pk]),
        }
        for row in SubjectRequest.objects.filter(resident=record.pk).order_by("-pk")[:10]
    ]
    buttons = [
        {
            "label": kind.label,
            "url": f"{add}?"
            + urlencode({"kind": kind, "resident": record.pk, "community": community_id}),
        }
        for kind in RequestKind
    ]
    number = (
        identity_url(record)
        if may(by, "identity.see", community_id)
        and CommunityPrivacy.identity_numbers_are_on(community_id)
        else ""
    )
    # Asked of the table: the page's own record has its values masked.
    erased = is_nobody(Resident._base_manager.get(pk=record.pk))
    return Panel(
        "privacy/resident_panel.html",
        {"asked": asked, "buttons": [] if erased else buttons, "number": number, "erased": erased},
    )
