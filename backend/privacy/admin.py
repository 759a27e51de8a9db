"""本人请求, 保存期限, 到期处理记录, 个人信息设置: pages of what people may ask and what goes by itself."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from backend.core.access import may, scope
from backend.core.admin import RegisterAdmin, actor, allowed
from backend.core.boards import Board
from backend.core.errors import RuleViolation
from backend.core.forms import RegisterForm
from backend.core.lookups import OfferedLookups
from backend.core.personal import masked
from backend.places.models import Community
from backend.privacy.actions import REQUEST_VERBS, carry_out_erasure, print_held
from backend.privacy.choices import STATUS_COLOURS, Identified, RequestKind, RequestStatus
from backend.privacy.identity_pages import IdentityPages
from backend.privacy.models import CommunityPrivacy, RetentionRule, RetentionRun, SubjectRequest
from backend.privacy.queries import erasure_preview, places_left, retention_overview


class SubjectRequestForm(RegisterForm):
    """The desk says how it made sure of the person: nothing is ticked for it beforehand."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "identified" not in self.fields:
            return
        field: Any = self.fields["identified"]
        # Only who is signed in themselves proves it by that.
        own = self.instance.identified
        known = [c for c in Identified.choices if c[0] == own or c[0] != Identified.ACCOUNT]
        field.choices = [("", _("请选择")), *known] if self.instance.pk is None else known


@admin.register(SubjectRequest)
class SubjectRequestAdmin(RegisterAdmin):
    """本人请求: taken down at the desk; shown on paper, corrected, or erased by the secretary."""

    form = SubjectRequestForm
    verbs = REQUEST_VERBS
    state_colours = STATUS_COLOURS
    board = Board(title=masked("name", "resident__name"), about=F("code"))
    autocomplete_fields = ("resident",)
    list_before_template = "privacy/requests.html"
    change_form_before_template = "privacy/request_result.html"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # What was asked stays as it was taken down once it is settled.
        open_ = obj is None or obj.status == RequestStatus.RECEIVED
        return open_ and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = list(super().get_readonly_fields(request, obj))
        return [*names, "kind"] if obj is not None else names

    def get_urls(self) -> list[Any]:
        def at(name: str, view: Any) -> Any:
            return path(
                f"<path:object_id>/{name}/",
                self.admin_site.admin_view(view),
                name=f"privacy_subjectrequest_{name}",
            )

        return [at("held", self.held_view), at("erase", self.erase_view)] + super().get_urls()

    def may_move(self, request: HttpRequest, record: Any, verb: str) -> bool:
        # Done by erasing, not by a tick.
        return not (verb == "finish" and record.kind == RequestKind.ERASE)

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        if record.status != RequestStatus.RECEIVED:
            return []
        links = []
        by, community_id = actor(request), record.community_id
        if may(by, "requests.edit", community_id):
            links.append(
                {
                    "label": gettext("打印所持信息"),
                    "url": self._url("held", record.pk),
                    "primary": "1" if record.kind == RequestKind.SHOW else "",
                }
            )
        if record.kind == RequestKind.CORRECT and may(by, "people.edit", community_id):
            links.append(
                {
                    "label": gettext("打开居民资料去更正"),
                    "url": reverse("admin:people_resident_change", args=[record.resident_id]),
                    "primary": "1",
                }
            )
        if record.kind == RequestKind.ERASE and may(by, "privacy.erase", community_id):
            links.append(
                {
                    "label": gettext("删除个人信息…"),
                    "url": self._url("erase", record.pk),
                    "primary": "1",
                }
            )
        return links

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        record = self.get_object(request, object_id)
        context = dict(extra_context or {})
        if record is not None and record.status == RequestStatus.DONE:
            context["erased_counts"] = record.counts
            context["places_left"] = places_left(record)
        return super().change_view(request, object_id, form_url, context)

    def _open_request(self, request: HttpRequest, object_id: str, action: str) -> SubjectRequest:
        record: Any = self.get_object(request, object_id)
        if record is None or not may(actor(request), action, record.community_id):
            raise PermissionDenied
        return record

    def held_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """One A4 page of everything held about the person, written down as a disclosure."""
        record = self._open_request(request, object_id, "requests.edit")
        try:
            tables = print_held(record, by=actor(request))
        except RuleViolation as violation:
            messages.error(request, violation.message)
            return HttpResponseRedirect(self._url("change", record.pk))
        context = {"record": record, "tables": tables, "back": self._url("change", record.pk)}
        response = render(request, "privacy/held.html", context)
        response["Cache-Control"] = "no-store"
        return response

    def erase_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Says what will happen and what stays; then, confirmed, erases."""
        record = self._open_request(request, object_id, "privacy.erase")
        back = self._url("change", record.pk)
        if record.kind != RequestKind.ERASE or record.status != RequestStatus.RECEIVED:
            messages.error(request, "这条请求不是待办的删除请求。")
            return HttpResponseRedirect(back)
        error = ""
        if request.method == "POST":
            if request.POST.get("sure") != "1":
                error = "请先勾选确认，再删除。"
            else:
                try:
                    erased = carry_out_erasure(
                        record, by=actor(request), reason=request.POST.get("reason", "").strip()
                    )
                except RuleViolation as violation:
                    error = violation.message
                else:
                    _say(request, len(erased.left))
                    return HttpResponseRedirect(back)
        context = self.admin_site.each_context(request) | {
            "title": gettext("删除个人信息"),
            "opts": self.model._meta,
            "record": record,
            "preview": erasure_preview(record.resident),
            "error": error,
            "back": back,
        }
        return render(request, "privacy/erase.html", context)


def _say(request: HttpRequest, left: int) -> None:
    if left:
        messages.warning(
            request, f"已删除。还有 {left} 处文字可能提到这个人，系统分不清，请按下面的清单核对。"
        )
    else:
        messages.success(request, "已删除。系统里已查不到这个人的姓名和电话，各项人次没有变。")


@admin.register(RetentionRule)
class RetentionRuleAdmin(RegisterAdmin):
    """保存期限: the terms that hold, and the community's own."""

    list_before_template = "privacy/retention.html"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = list(super().get_readonly_fields(request, obj))
        return [*names, "holding"] if obj is not None else names

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        where = scope(request.user, "privacy.see")
        rows = (
            Community.objects.all()
            if where.everywhere
            else Community.objects.filter(pk__in=where.communities)
        )
        overview = retention_overview(list(rows.values_list("pk", flat=True)))
        context = {"overview": overview} | (extra_context or {})
        return super().changelist_view(request, context)


@admin.register(RetentionRun)
class RetentionRunAdmin(OfferedLookups, ModelAdmin):
    """到期处理记录: read only."""

    list_display = ("ran_at", "kind", "rows", "community")
    list_filter = ("holding",)
    list_select_related = ("community",)
    show_full_result_count = False

    @display(description=_("记录种类"), ordering="holding")
    def kind(self, run: RetentionRun) -> str:
        return str(run.get_holding_display())

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        where = scope(request.user, "privacy.see")
        rows: QuerySet[Any] = super().get_queryset(request).filter(where.rows())
        if where.communities:
            rows |= super().get_queryset(request).filter(community=None)
        return rows

    def has_module_permission(self, request: HttpRequest) -> bool:
        return allowed(request, "privacy.see")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return allowed(request, "privacy.see")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(CommunityPrivacy)
class CommunityPrivacyAdmin(IdentityPages, RegisterAdmin):
    """个人信息设置: which sensitive columns a community keeps."""
