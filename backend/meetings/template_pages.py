"""The page on which staff replace the Word template of the minutes."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext, gettext_lazy

from backend.core.access import may
from backend.core.admin import actor
from backend.core.errors import RuleViolation
from backend.meetings import templating
from backend.meetings.models import MeetingSettings, MinutesTemplate
from backend.meetings.word_later import word

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class TemplatePages:
    """Adds the template's page to the settings of a community."""

    admin_site: Any

    def get_urls(self) -> list[Any]:
        own = [
            path(
                "<int:pk>/template/",
                self.admin_site.admin_view(self.template_page),
                name="meetings_template",
            ),
            path(
                "<int:pk>/template.docx",
                self.admin_site.admin_view(self.template_file),
                name="meetings_template_file",
            ),
        ]
        return own + super().get_urls()  # type: ignore[misc,no-any-return]

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        url = reverse("admin:meetings_template", args=[record.pk])
        return [{"label": str(gettext_lazy("纪要 Word 模板")), "url": url, "icon": "description"}]

    def template_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What is used now, and a field for another one."""
        settings = _settings(request, pk)
        by = actor(request)
        writes = may(by, "meeting_rules.edit", settings.community_id)
        error = ""
        if request.method == "POST":
            if not writes:
                raise PermissionDenied
            try:
                said = _carry_out(request, settings)
            except RuleViolation as violation:
                error = violation.message
            else:
                messages.success(request, said)
                return HttpResponseRedirect(request.path)
        return render(
            request,
            "meetings/template.html",
            self.admin_site.each_context(request)
            | {
                "title": gettext("纪要 Word 模板"),
                "settings": settings,
                "template": MinutesTemplate.objects.filter(community=settings.community_id)
                .defer("content")
                .first(),
                "writes": writes,
                "error": error,
            },
        )

    def template_file(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The template in use, to begin a new one from."""
        settings = _settings(request, pk)
        own = MinutesTemplate.objects.filter(community=settings.community_id).first()
        content = bytes(own.content) if own is not None else word().DEFAULT.read_bytes()
        response = HttpResponse(content, content_type=WORD)
        response["Content-Disposition"] = 'attachment; filename="minutes-template.docx"'
        return response


def _settings(request: HttpRequest, pk: int) -> MeetingSettings:
    found = MeetingSettings.objects.visible_to(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    kept: MeetingSettings = found
    return kept


def _carry_out(request: HttpRequest, settings: MeetingSettings) -> str:
    by = actor(request)
    if request.POST.get("do") == "default":
        templating.drop_template(settings.community_id, by=by)
        return gettext("已恢复默认模板。")
    upload = request.FILES.get("template")
    if upload is None:
        raise RuleViolation("required", "请选择一个 .docx 文件。", field="template")
    # No more is read than is looked at.
    content = upload.read(1_000_001)
    templating.replace_template(settings.community_id, str(upload.name), content, by=by)
    return gettext("已换上新的模板。")
