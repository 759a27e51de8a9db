"""导出文件: one's own exports that are made in the background, how far they are, the download."""

from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from unfold.admin import ModelAdmin

from backend.core.admin import actor
from backend.core.errors import RuleViolation
from backend.core.exporting.orders import file_name
from backend.core.lookups import OfferedLookups
from backend.core.telling import table_in_words
from backend.exports.actions import fetch, job_of, page_of
from backend.exports.models import ExportFile
from backend.exports.orders import from_row
from backend.jobs.admin import shown


@admin.register(ExportFile)
class ExportFileAdmin(OfferedLookups, ModelAdmin):
    """Exports are asked for on the lists; here they are watched and fetched, by who asked."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Everybody may see their own, and nobody another's.
        return bool(request.user.is_authenticated)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        return ExportFile.objects.visible_to(request.user)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.download_view)
        own = path("<int:pk>/file/", view, name="exports_exportfile_file")
        return [own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """One's own, youngest first; they are few, for they go after a day."""
        items = [self._told(request, export) for export in self.get_queryset(request)]
        context = self.admin_site.each_context(request) | {
            "title": self.opts.verbose_name_plural,
            "opts": self.opts,
            "items": items,
        }
        return render(request, "exports/list.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One export: its progress, then its file."""
        told = self._told(request, self._own(request, object_id))
        context = self.admin_site.each_context(request) | {
            "title": gettext("导出%(list)s") % {"list": told["table"]},
            "opts": self.opts,
            "here": told["page"],
            "list": reverse("admin:exports_exportfile_changelist"),
            **told,
        }
        return render(request, "exports/export.html", context)

    def download_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The file."""
        export = self._own(request, str(pk))
        try:
            content = fetch(export, by=actor(request))
        except RuleViolation as violation:
            messages.error(request, violation.message)
            return HttpResponseRedirect(page_of(export))
        form = from_row(export.order).form
        name = file_name(apps.get_model(export.model), form, timezone.localdate(export.made_at))
        answer = FileResponse(
            content, as_attachment=True, filename=name, content_type=form.content_type
        )
        answer["X-Content-Type-Options"] = "nosniff"
        # Rights can be taken away again: nobody keeps a copy for the next reader of the machine.
        answer["Cache-Control"] = "private, no-store"
        return answer

    def _own(self, request: HttpRequest, pk: str) -> ExportFile:
        rows = self.get_queryset(request)
        export: ExportFile | None = rows.filter(pk=pk).first() if pk.isdecimal() else None
        if export is None:
            # Another's, one that has expired, and none at all are one thing.
            raise PermissionDenied
        return export

    def _told(self, request: HttpRequest, export: ExportFile) -> dict[str, Any]:
        job = job_of(export)
        return {
            "export": export,
            "table": table_in_words(export.model),
            "form": from_row(export.order).form,
            "whole": export.order["whole"],
            "page": page_of(export),
            "file": reverse("admin:exports_exportfile_file", args=[export.pk]),
            "ready": bool(export.stored),
            "item": shown(request, [job])[0] if job is not None else None,
            "waiting": job is not None and job.is_open,
        }
