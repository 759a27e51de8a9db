"""The admin's import pages: upload here, then on the batch's own page preview, confirm, undo.

django-import-export's ImportMixin gives the button, the address and the form; reading, planning and
writing are ours (its row loop takes twelve seconds for 5 000 rows, twice).
"""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from import_export.admin import ImportMixin
from import_export.resources import modelresource_factory

from backend.core.access import scope
from backend.core.admin import actor, allowed
from backend.core.errors import RuleViolation
from backend.imports.actions import Upload, plan_batch, receive
from backend.imports.forms import UploadForm
from backend.imports.mapping import should_be_looked_at
from backend.imports.mapping_pages import mapping_url
from backend.imports.models import ImportBatch
from backend.imports.sheet import Sheet, sheet_of
from backend.imports.tasks import plan_in_background
from backend.imports.templates_out.views import template_links
from backend.places.models import Community


def import_url(model: type[Model], target: str = "") -> str:
    """The address of a register's upload page."""
    opts = model._meta
    query = "?" + urlencode({"target": target}) if target else ""
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_import") + query


class ImportPages(ImportMixin):
    """Adds the import button and the upload page to a register's admin."""

    register_name: ClassVar[str]
    import_form_class = UploadForm
    import_template_name = "imports/upload.html"
    import_export_change_list_template = "admin/import_export/change_list_import_export.html"

    @property
    def sheet(self) -> Sheet:
        return sheet_of(self.register_name)

    def has_import_permission(self, request: HttpRequest) -> bool:
        return allowed(request, self.sheet.action) and allowed(request, "imports.edit")

    def _communities(self, request: HttpRequest) -> Any:
        return Community.objects.filter(scope(request.user, self.sheet.action).rows(community="pk"))

    def _targets(self, request: HttpRequest) -> Any:
        return self.sheet.targets(request.user) if self.sheet.target_name else None

    def ways_to_bring(self, request: HttpRequest) -> list[dict[str, str]]:
        """For a register that is still empty: where a table is imported, and its template."""
        if not self.has_import_permission(request):
            return []
        links = template_links(self.sheet, None, self._communities(request)[:1])
        return [
            {"label": gettext("导入表格"), "url": import_url(self.model)},
            *({"label": gettext("下载空模板"), "url": link["url"]} for link in links),
        ]

    def import_action(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The upload page; a file goes on to its batch's page."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        targets, communities = self._targets(request), self._communities(request)
        initial = {}
        if targets is not None and request.GET.get("target"):
            initial["target"] = targets.filter(code=request.GET["target"]).first()
        form = self.import_form_class(
            self.get_import_formats(),
            self.get_import_resource_classes(request),
            data=request.POST or None,
            files=request.FILES or None,
            initial=initial,
            targets=targets,
            communities=communities,
            target_label=self.sheet.target_label,
            target_name=gettext(self.sheet.target_name) if self.sheet.target_name else "",
        )
        if request.method == "POST" and form.is_valid():
            try:
                return self._receive(request, form, communities)
            except RuleViolation as violation:
                form.add_error(None, violation)
        context = self.admin_site.each_context(request) | {
            "title": gettext("导入%(sheet)s") % {"sheet": gettext(self.sheet.title)},
            "opts": self.model._meta,
            "form": form,
            "target_name": gettext(self.sheet.target_name) if self.sheet.target_name else "",
            "columns": [column for column in self.sheet.columns if not column.ignored],
            "has_target": bool(initial.get("target")),
            "templates": template_links(self.sheet, initial.get("target"), communities),
            "max_megabytes": settings.IMPORT_MAX_BYTES // 1024 // 1024,
        }
        return render(request, self.import_template_name, context)

    def get_import_resource_classes(self, request: HttpRequest) -> list[Any]:
        # The library's form wants one; its choice is taken off ours.
        return [modelresource_factory(self.model)]

    def _receive(self, request: HttpRequest, form: Any, communities: Any) -> HttpResponse:
        file = form.cleaned_data["import_file"]
        target = form.cleaned_data.get("target")
        community = (
            target.community
            if target is not None
            else form.cleaned_data.get("community") or communities.first()
        )
        if community is None:
            raise PermissionDenied
        by = actor(request)
        batch = receive(
            Upload(file, file.name, file.size),
            self.sheet,
            community=community,
            by=by,
            target_code=target.code if target else "",
            sheet_name=form.cleaned_data.get("sheet", ""),
        )
        if file.size > settings.IMPORT_IN_BACKGROUND_BYTES:
            plan_in_background(batch, by=by)
            messages.info(request, gettext("文件较大，正在后台读取，请稍候。"))
        else:
            plan_batch(batch, by=by)
        batch.refresh_from_db()
        return HttpResponseRedirect(
            mapping_url(batch) if should_be_looked_at(batch) else batch_url(batch)
        )

    def process_import(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The library's own confirm address: confirming is done on the batch's page."""
        return HttpResponseRedirect(reverse("admin:imports_importbatch_changelist"))


def batch_url(batch: ImportBatch) -> str:
    """The address of a batch's page."""
    return reverse("admin:imports_importbatch_change", args=[batch.pk])
