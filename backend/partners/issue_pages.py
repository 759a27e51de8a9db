"""Passing an issue on: the page that asks where to, and by what number it is known there."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext

from backend.core.admin import actor
from backend.core.errors import RuleViolation
from backend.partners import actions
from backend.partners.choices import Escalation, IssueStatus
from backend.partners.models import IncipientIssue


class IssuePages:
    """Adds the page of escalation to the issue's admin."""

    admin_site: Any

    def get_urls(self) -> list[Any]:
        own = path(
            "<int:pk>/escalate/",
            self.admin_site.admin_view(self.escalate_view),
            name="partners_incipientissue_escalate",
        )
        return [own, *super().get_urls()]  # type: ignore[misc]

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        """The button to it, while the issue is open."""
        if record.status != IssueStatus.FOUND or not self._may_on(request, "move", record):  # type: ignore[attr-defined]
            return []
        url = reverse("admin:partners_incipientissue_escalate", args=[record.pk])
        return [{"label": gettext("转办"), "url": url}]

    def escalate_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks where the issue goes on, then passes it on."""
        issue = IncipientIssue.objects.visible_to(request.user).filter(pk=pk).first()
        if issue is None or not self._may_on(request, "move", issue):  # type: ignore[attr-defined]
            raise PermissionDenied
        back = reverse("admin:partners_incipientissue_change", args=[issue.pk])
        register, code = request.POST.get("register", ""), request.POST.get("code", "")[:40]
        error = ""
        if request.method == "POST":
            try:
                actions.escalate(issue, register=register, code=code, by=actor(request))
            except RuleViolation as refused:
                error = refused.message
            else:
                messages.success(request, gettext("已转办。"))
                return HttpResponseRedirect(back)
        context = self.admin_site.each_context(request) | {
            "title": gettext("转办"),
            "opts": IncipientIssue._meta,
            "record": issue,
            "registers": Escalation.choices,
            "register": register,
            "code": code,
            "error": error,
            "back": back,
        }
        return render(request, "partners/escalate.html", context)
