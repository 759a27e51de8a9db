"""One page to import any table: staff say the register, or leave it to the file's own headings."""

import os
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext

from backend.core.access import scope
from backend.core.admin import actor, allowed
from backend.core.errors import RuleViolation
from backend.imports import rules
from backend.imports.actions import Upload, plan_batch, receive
from backend.imports.mapping import should_be_looked_at
from backend.imports.mapping_pages import mapping_url
from backend.imports.pages import batch_url, import_url
from backend.imports.proposing import proposed_register
from backend.imports.reading import UnreadableFile
from backend.imports.sheet import Sheet, registers
from backend.imports.tasks import plan_in_background
from backend.places.models import Community


class LandingPage:
    """Adds the page 导入表格 to the batches' admin."""

    admin_site: AdminSite
    model: Any

    def landing_view(self, request: HttpRequest) -> HttpResponse:
        """A file goes on to its batch; nothing is written before it is confirmed there."""
        sheets = [sheet for sheet in registers() if allowed(request, sheet.action)]
        if not sheets or not allowed(request, "imports.edit"):
            raise PermissionDenied
        where = scope(request.user, "imports.edit").rows(community="pk")
        communities = list(Community.objects.filter(where).order_by("pk"))
        asked, fault = False, ""
        if request.method == "POST":
            file = request.FILES.get("import_file")
            chosen = next(
                (s for s in communities if str(s.pk) == request.POST.get("community")), None
            )
            community = chosen or (communities[0] if len(communities) == 1 else None)
            try:
                if file is None:
                    fault = gettext("请先选择要导入的文件。")
                elif community is None:
                    fault = gettext("请选择社区。")
                else:
                    rules.file_fits(file.size or 0, settings.IMPORT_MAX_BYTES)
                    sheet = _named(sheets, request.POST.get("register")) or _proposed(file, sheets)
                    if sheet is not None:
                        return self._take(request, file, sheet, community)
                    asked = True
            except (RuleViolation, UnreadableFile) as refusal:
                fault = refusal.message
        context = self.admin_site.each_context(request) | {
            "title": gettext("导入表格"),
            "opts": self.model._meta,
            "sheets": [(s.register, gettext(s.title), import_url(s.main_model)) for s in sheets],
            "communities": communities if len(communities) > 1 else [],
            "asked": asked,
            "fault": fault,
            "max_megabytes": settings.IMPORT_MAX_BYTES // 1024 // 1024,
        }
        return render(request, "imports/landing.html", context)

    def _take(
        self, request: HttpRequest, file: Any, sheet: Sheet, community: Community
    ) -> HttpResponse:
        by = actor(request)
        batch = receive(Upload(file, file.name, file.size), sheet, community=community, by=by)
        messages.info(request, gettext("按“%(sheet)s”读取。") % {"sheet": gettext(sheet.title)})
        if file.size > settings.IMPORT_IN_BACKGROUND_BYTES:
            plan_in_background(batch, by=by)
            return HttpResponseRedirect(batch_url(batch))
        plan_batch(batch, by=by)
        batch.refresh_from_db()
        return HttpResponseRedirect(
            mapping_url(batch) if should_be_looked_at(batch) else batch_url(batch)
        )


def _named(sheets: list[Sheet], register: str | None) -> Sheet | None:
    return next((sheet for sheet in sheets if sheet.register == register), None)


def _proposed(file: Any, sheets: list[Sheet]) -> Sheet | None:
    """The register that the file's own headings say. The reader wants a file with a path."""
    handle, name = tempfile.mkstemp(prefix="linli-")
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as copy:
            for piece in file.chunks():
                copy.write(piece)
        return proposed_register(path, Path(file.name).stem, sheets)
    finally:
        path.unlink(missing_ok=True)
        file.seek(0)
