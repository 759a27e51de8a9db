"""开通小区 in the admin: template, upload, preview, confirm, undo, and the slips for the first sign-in."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from backend.accounts.first_sign_in import DAYS, link_for
from backend.core.access import scope, subdistricts
from backend.core.admin import RegisterAdmin, actor
from backend.core.errors import RuleViolation
from backend.core.qr import svg
from backend.founding import actions
from backend.founding.choices import FOUNDING_COLOURS, FoundingStatus
from backend.founding.models import Founding
from backend.founding.workbook import NAME, workbook_for
from backend.imports.actions import Upload
from backend.imports.templates_out.views import as_download
from backend.places.models import Subdistrict


@admin.register(Founding)
class FoundingAdmin(RegisterAdmin):
    """Openings are made by uploading and moved by their buttons; nobody edits one."""

    state_colours = FOUNDING_COLOURS
    actions_list = ("open_community",)
    # No form is ever shown.
    readonly_fields = tuple(field.name for field in Founding._meta.fields)

    # --- who may: an office has its subdistrict before it has a community -------------------------

    def _may(self, request: HttpRequest, verb: str) -> bool:
        wanted = Founding.action(verb)
        return scope(request.user, wanted).everywhere or bool(subdistricts(request.user, wanted))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_open_community_permission(self, request: HttpRequest) -> bool:
        return self._may(request, "edit")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(Founding.visible(request.user))

    def _subdistricts(self, request: HttpRequest) -> Any:
        wanted = Founding.action("edit")
        if scope(request.user, wanted).everywhere:
            return Subdistrict.objects.all()
        return Subdistrict.objects.filter(pk__in=subdistricts(request.user, wanted))

    # --- pages ------------------------------------------------------------------------------------

    @action(
        description=_("开通一个社区"), url_path="open-community", permissions=["open_community"]
    )
    def open_community(self, request: HttpRequest) -> HttpResponse:
        """The template, and where the workbook is put."""
        return self.upload_view(request)

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [
            path("template/<slug:code>/", wrap(self.template_view), name="founding_template"),
            path("<int:pk>/confirm/", wrap(self.confirm_view), name="founding_confirm"),
            path("<int:pk>/undo/", wrap(self.undo_view), name="founding_undo"),
            path("<int:pk>/discard/", wrap(self.discard_view), name="founding_discard"),
            path("<int:pk>/slips/", wrap(self.slips_view), name="founding_slips"),
        ]
        return own + super().get_urls()

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """Takes a workbook; it goes on to its preview."""
        mine, error = self._subdistricts(request), ""
        if not self._may(request, "edit"):
            raise PermissionDenied
        file = request.FILES.get("file")
        if request.method == "POST":
            subdistrict = mine.filter(code=request.POST.get("subdistrict", "")).first()
            if subdistrict is None:
                error = gettext("请选择街道。")
            elif file is None:
                error = gettext("请选择填好的表格。")
            else:
                upload = Upload(file, file.name or "", file.size or 0)
                try:
                    found = actions.look_at(upload, subdistrict, by=actor(request))
                except RuleViolation as violation:
                    error = violation.message
                else:
                    return HttpResponseRedirect(founding_url(found))
        context = self.admin_site.each_context(request) | {
            "title": gettext("开通一个社区"),
            "opts": self.model._meta,
            "subdistricts": list(mine),
            "error": error,
        }
        return render(request, "founding/upload.html", context)

    def template_view(self, request: HttpRequest, code: str) -> HttpResponse:
        """The workbook to be filled in."""
        subdistrict = get_object_or_404(self._subdistricts(request), code=code)
        return as_download(workbook_for(subdistrict), NAME)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The preview, the result, or what was taken back."""
        founding: Any = self.get_object(request, object_id)
        if founding is None:
            return self._get_obj_does_not_exist_redirect(request, self.model._meta, object_id)
        may_move = actions.may_open(actor(request), founding.subdistrict_id, "move")
        context = self.admin_site.each_context(request) | {
            "title": gettext("开通%(name)s") % {"name": founding.community_name},
            "opts": self.model._meta,
            "founding": founding,
            "may_move": may_move,
            "state": founding.get_status_display(),
            "upload_url": upload_url(),
            "waiting": len(founding.open_accounts),
            "days": DAYS,
            **{str(one): founding.status == one for one in FoundingStatus},
        }
        return render(request, "founding/founding.html", context)

    def confirm_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Makes what the preview showed."""
        return self._do(request, pk, actions.confirm, gettext("已开通。请把登录单交给每个人。"))

    def discard_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Gives the preview up."""
        return self._do(request, pk, actions.discard, gettext("已放弃，什么都没有写入。"))

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks once, then takes everything back."""
        founding = self._one(request, pk)
        step = Founding.machine and Founding.machine.move("undo")
        if request.method == "POST":
            reason = request.POST.get("reason", "").strip()
            try:
                undone = actions.take_back(founding, by=actor(request), reason=reason)
            except RuleViolation as violation:
                messages.error(request, violation.message)
            else:
                told = gettext("已撤销。")
                if undone.left:
                    told = gettext("已撤销；有 %(count)s 条之后又被改动或使用，保留不动。")
                messages.success(request, told % {"count": len(undone.left)})
            return HttpResponseRedirect(founding_url(founding))
        context = self.admin_site.each_context(request) | {
            "title": gettext("撤销开通"),
            "opts": self.model._meta,
            "record": str(founding),
            "told": gettext(
                "写入的 %(rows)s 行会收回，没有用过的账号一并删除；之后又被改动或使用的保留不动。社区本身留着，是空的。"
            )
            % {"rows": founding.create},
            "step": step,
            "back": founding_url(founding),
        }
        return render(request, "imports/undo.html", context)

    def slips_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A slip for each account that waits for its owner; shown on a click, noted in history."""
        founding = self._one(request, pk)
        if request.method != "POST":
            return HttpResponseRedirect(founding_url(founding))
        try:
            waiting = actions.first_sign_ins(founding, by=actor(request))
        except RuleViolation as violation:
            messages.error(request, violation.message)
            return HttpResponseRedirect(founding_url(founding))
        slips = [{"user": user, "link": link_for(request, user)} for user in waiting]
        for slip in slips:
            # Made by us, from an address of ours.
            slip["code"] = mark_safe(svg(slip["link"]))
        context = self.admin_site.each_context(request) | {
            "title": gettext("一次性登录单"),
            "opts": self.model._meta,
            "founding": founding,
            "slips": slips,
            "days": DAYS,
            "back": founding_url(founding),
        }
        response = render(request, "founding/slips.html", context)
        response["Cache-Control"] = "private, no-store"
        return response

    def _one(self, request: HttpRequest, pk: int) -> Founding:
        founding: Founding = get_object_or_404(self.get_queryset(request), pk=pk)
        return founding

    def _do(self, request: HttpRequest, pk: int, verb: Any, told: str) -> HttpResponse:
        founding = self._one(request, pk)
        if request.method != "POST":
            return HttpResponseRedirect(founding_url(founding))
        try:
            verb(founding, by=actor(request))
        except RuleViolation as violation:
            messages.error(request, violation.message)
        else:
            messages.success(request, told)
        return HttpResponseRedirect(founding_url(founding))


def founding_url(founding: Founding) -> str:
    """The address of an opening's page."""
    return reverse("admin:founding_founding_change", args=[founding.pk])


def upload_url() -> str:
    """Where a workbook is put."""
    return reverse("admin:founding_founding_open_community")
