"""身份证号, on a page of its own: recorded, and shown in full with a reason."""

from typing import Any

from cryptography.fernet import InvalidToken
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext

from backend.core.access import may
from backend.core.admin import actor
from backend.core.errors import RuleViolation
from backend.people.models import Resident
from backend.privacy.identity import record_identity_number, reveal_identity_number
from backend.privacy.models import CommunityPrivacy, IdentityNumber


def identity_url(resident: Resident) -> str:
    """The page of a resident's identity number."""
    return reverse("admin:privacy_identity_number", args=[resident.pk])


class IdentityPages:
    """Mixed into a ModelAdmin of this app: the page, beside its own."""

    admin_site: Any
    model: Any

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.identity_view)
        own = [path("number/<int:resident_pk>/", view, name="privacy_identity_number")]
        return own + super().get_urls()  # type: ignore[misc]

    def identity_view(self, request: HttpRequest, resident_pk: int) -> HttpResponse:
        """The number masked; a form to record it; with a reason, the number in full, this once."""
        resident = Resident.objects.visible_to(request.user).filter(pk=resident_pk).first()
        by = actor(request)
        if resident is None or not may(by, "identity.see", resident.community_id):
            raise PermissionDenied
        error, number = "", ""
        if request.method == "POST":
            try:
                if "reveal" in request.POST:
                    number = reveal_identity_number(
                        resident, by=by, reason=request.POST.get("reason", "")
                    )
                else:
                    record_identity_number(resident, request.POST.get("number", ""), by=by)
                    return HttpResponseRedirect(identity_url(resident))
            except RuleViolation as violation:
                error = violation.message
            except InvalidToken:
                error = "这个号码是用另一个密钥加密的，现在打不开。请联系系统管理员检查 LINLI_FIELD_KEYS。"
        context = self.admin_site.each_context(request) | {
            "title": gettext("身份证号"),
            "opts": CommunityPrivacy._meta,
            "resident": resident,
            "on": CommunityPrivacy.identity_numbers_are_on(resident.community_id),
            "record": IdentityNumber.objects.filter(resident=resident).exclude(sealed="").first(),
            "number": number,
            "error": error,
            "may_reveal": may(by, "identity.reveal", resident.community_id),
            "back": reverse("admin:people_resident_change", args=[resident.pk]),
        }
        response = render(request, "privacy/identity.html", context)
        response["Cache-Control"] = "no-store"
        return response
