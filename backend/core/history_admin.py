"""历史 of a record and 变更记录, from the gate's own history: who, when, how, what; read only."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from backend.core.bringing_back import (
    bring_back,
    change_sets_of,
    left_in_words,
    may_bring_back,
)
from backend.core.door import actor, allowed
from backend.core.errors import RuleViolation
from backend.core.lookups import OfferedLookups
from backend.core.models import ChangeSet
from backend.core.numbers import whole_number
from backend.core.record_history import Row, history_of, rows_of, tables_of
from backend.core.restore_pages import RestorePages
from backend.core.telling import DOORS, door_in_words, in_words, who


class HistoryPages(RestorePages):
    """A register's 历史: Django's own knows only its forms, and compares masks with what is stored."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """What happened to one record, newest first."""
        record = self.get_object(request, object_id)  # type: ignore[attr-defined]
        opts = self.model._meta  # type: ignore[attr-defined]
        if record is None:
            return HttpResponseRedirect(reverse("admin:index"))
        if not self.has_view_permission(request, record):  # type: ignore[attr-defined]
            raise PermissionDenied
        before = request.GET.get("before", "")
        page = history_of(record, request.user, whole_number(before))
        context = self.admin_site.each_context(request) | {  # type: ignore[attr-defined]
            "title": gettext("历史：%(name)s") % {"name": record},
            "opts": opts,
            "object": record,
            "history": page,
            "restorable": self.restorable_lines(request, record, page, not before),
            "older_ones": before,
            "sees_change_sets": allowed(request, "history.see"),
            "back": reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[record.pk]),
        }
        return render(request, "linli/history.html", context)


class DoorFilter(admin.SimpleListFilter):
    """By the entrance, in words."""

    title = _("入口")
    parameter_name = "door"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(DOORS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(door=self.value()) if self.value() else queryset


@admin.register(ChangeSet)
class ChangeSetAdmin(OfferedLookups, ModelAdmin):
    """变更记录: read only."""

    list_display = ("recorded_at", "person", "entrance", "act", "reason", "community")
    list_filter = (DoorFilter, ("community", admin.RelatedOnlyFieldListFilter))
    list_filter_submit = True
    search_fields = ("actor_name", "reason")
    list_select_related = ("community", "actor")
    show_full_result_count = False
    fields = ("recorded_at", "person", "entrance", "act", "reason", "community", "undo_of")
    readonly_fields = ("person", "entrance", "act")
    change_form_outer_after_template = "linli/change_set.html"

    @display(description=_("操作人"), ordering="actor_name")
    def person(self, made: ChangeSet) -> str:
        return who(made.actor, made.actor_name)

    @display(description=_("入口"), ordering="door")
    def entrance(self, made: ChangeSet) -> str:
        return door_in_words(made.door)

    @display(description=_("动作"), ordering="verb")
    def act(self, made: ChangeSet) -> str:
        return in_words(made.verb)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(change_sets_of(request.user))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        made = self.get_object(request, object_id)
        context = dict(extra_context or {})
        if made is not None and self.has_view_permission(request, made):
            rows = rows_of(made, request.user)
            tables = tables_of(made)
            context |= {
                "tables": tables,
                "rows": [(row, _address(row)) for row in rows],
                "more": sum(table.rows for table in tables) - len(rows),
                "bring_back_url": (
                    reverse("admin:core_changeset_bring_back", args=[made.pk])
                    if may_bring_back(made, actor(request))
                    else ""
                ),
                "undone_by": ChangeSet.objects.filter(undo_of=made.pk).first(),
            }
        return super().change_view(request, object_id, form_url, context)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.bring_back_view)
        own = path("<int:object_id>/bring-back/", view, name="core_changeset_bring_back")
        return [own, *super().get_urls()]

    def bring_back_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Asks why, and brings back what the change set deleted."""
        made = self.get_object(request, str(object_id))
        by = actor(request)
        if made is None or not may_bring_back(made, by):
            raise PermissionDenied
        error, reason = "", request.POST.get("reason", "")
        if request.method == "POST":
            try:
                done = bring_back(made, by=by, reason=reason)
            except RuleViolation as violation:
                error = violation.message
            else:
                told = gettext("已恢复 %(count)s 条记录。") % {"count": done.restored}
                messages.success(request, told)
                for _label, _pk, code in done.left:
                    messages.warning(request, left_in_words(code))
                return HttpResponseRedirect(
                    reverse("admin:core_changeset_change", args=[done.change_set.pk])
                )
        context = self.admin_site.each_context(request) | {
            "title": gettext("恢复已删除的记录"),
            "opts": self.model._meta,
            "made": made,
            "act": self.act(made),
            "who": self.person(made),
            "tables": tables_of(made),
            "reason": reason,
            "error": error,
            "back": reverse("admin:core_changeset_change", args=[made.pk]),
        }
        return render(request, "linli/bring_back.html", context)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return allowed(request, "history.see")

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return allowed(request, "history.see")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def _address(row: Row) -> str:
    if row.address is None:
        return ""
    name, pk = row.address
    try:
        return reverse(f"admin:{name}_change", args=[pk])
    except NoReverseMatch:
        # Its table has no pages of its own.
        return ""
