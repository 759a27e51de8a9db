"""视图: the buttons of a list's bar, and the page on which one sees to one's views."""

from collections.abc import Callable
from copy import copy
from itertools import groupby
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from unfold.admin import ModelAdmin

from backend.core.door import actor
from backend.core.errors import ManyViolations, RuleViolation
from backend.core.export_forms import FORMS
from backend.core.exporting.orders import Form
from backend.core.history_admin import HistoryPages
from backend.core.list_pages import COLUMNS, VIEW
from backend.core.list_queries import address_of, changelist_of, read_list
from backend.core.lookups import OfferedLookups
from backend.core.numbers import whole_number
from backend.core.roles import Role
from backend.core.telling import table_in_words, who
from backend.places.models import Community
from backend.saved_views import actions
from backend.saved_views.bar import (
    ALL,
    export_address,
    list_address,
    register_of,
    shelf_of,
)
from backend.saved_views.choices import SHARED_WITH, ViewKind
from backend.saved_views.models import SavedView
from backend.saved_views.queries import all_views, may_change, may_share_in

_LONGEST_QUERY = 4_000


@admin.register(SavedView)
class SavedViewAdmin(HistoryPages, OfferedLookups, ModelAdmin):
    """Everybody sees their own views and those shared with them; every button is a POST."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_authenticated)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        return all_views(request.user)

    def get_urls(self) -> list[Any]:
        def own(route: str, view: Callable[..., Any], name: str) -> Any:
            return path(
                route, self.admin_site.admin_view(view), name=f"saved_views_savedview_{name}"
            )

        return [
            own("columns/", self.columns_view, "columns"),
            own("keep/", self.keep_view, "keep"),
            own("keep-export/", self.keep_export_view, "keep_export"),
            own("plain/", self.plain_view, "plain"),
            own("<int:pk>/replace/", self.replace_view, "replace"),
            own("<int:pk>/rename/", self.rename_view, "rename"),
            own("<int:pk>/share/", self.share_view, "share"),
            own("<int:pk>/open/", self.open_view, "open"),
            own("<int:pk>/remove/", self.remove_view, "remove"),
            own("<int:pk>/run/", self.run_view, "run"),
            own("back/<int:change_set>/", self.back_view, "back"),
            *super().get_urls(),
        ]

    # --- the page -------------------------------------------------------------------------------

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """One's views and exports, list by list."""
        user, places = request.user, may_share_in(request.user)
        tables = []
        for label, some in groupby(self.get_queryset(request), key=lambda view: view.model):
            register = register_of(request, label)
            if register is None:
                # A register that this reader may no longer open keeps its views to itself.
                continue
            habit = shelf_of(request, label).habit
            lines = [
                {
                    "view": view,
                    "url": f"{list_address(register.model)}?{VIEW}={view.pk}",
                    "is_export": view.kind == ViewKind.EXPORT,
                    "form": _FORMS.get(view.form, ""),
                    "own": view.owner_id == user.pk,
                    "owner": who(view.owner, view.owner.get_username()),
                    "may_change": may_change(user, view),
                    "opens": habit.opens_with == view.pk,
                    "told": _told(view),
                }
                for view in some
            ]
            tables.append({"title": table_in_words(label), "lines": lines})
        communities = Community.objects.filter(pk__in=places).order_by("name")
        context = self.admin_site.each_context(request) | {
            "title": gettext("视图与保存的导出"),
            "opts": self.opts,
            "tables": tables,
            "communities": list(communities.values_list("pk", "name")),
            "roles": [(role.value, role.label) for role in SHARED_WITH],
            "gone": whole_number(request.GET.get("gone", "")),
        }
        return render(request, "saved_views/page.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A view is seen to on the page of all of them."""
        if not object_id.isdecimal() or self.get_object(request, object_id) is None:
            raise PermissionDenied
        return HttpResponseRedirect(_page())

    # --- the list -------------------------------------------------------------------------------

    def columns_view(self, request: HttpRequest) -> HttpResponse:
        """The columns of a list: kept for oneself, or shown in its view until they are kept there."""
        register, query = self._asked(request)
        columns = [] if "usual" in request.POST else request.POST.getlist("columns")
        label = register.model._meta.label
        asked = QueryDict(query)
        filters, order = read_list(request, register, query)
        besides = [(name, asked[name]) for name in (VIEW, SEARCH_VAR) if name in asked]
        in_view = asked.get(VIEW, ALL) != ALL
        if in_view:
            usual = [one.key for one in changelist_of(request, register, QueryDict()).usual]
            besides.append((COLUMNS, ",".join(columns or usual)))
        else:
            if not besides:
                # Not into the view with which the list opens.
                besides.append((VIEW, ALL))
            refused = _refused(
                request, lambda: actions.keep_columns(label, columns, by=actor(request))
            )
            if refused:
                return HttpResponseRedirect(f"{list_address(register.model)}?{query}")
        address, _dropped = address_of(request, register, filters, order, besides)
        return HttpResponseRedirect(f"{list_address(register.model)}?{address}")

    def keep_view(self, request: HttpRequest) -> HttpResponse:
        """What the list shows, as a view of one's own."""
        register, query = self._asked(request)
        wanted, label = self._wanted(request, register, query), register.model._meta.label
        made: list[SavedView] = []
        name = request.POST.get("name", "")
        if _refused(
            request,
            lambda: made.append(actions.keep_view(label, name, wanted, by=actor(request))),
        ):
            return HttpResponseRedirect(f"{list_address(register.model)}?{query}")
        messages.success(request, gettext("已保存为视图“%(name)s”。") % {"name": made[0].name})
        return HttpResponseRedirect(f"{list_address(register.model)}?{VIEW}={made[0].pk}")

    def replace_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The view keeps what the list shows now."""
        register, query = self._asked(request)
        wanted = self._wanted(request, register, query)
        if _refused(request, lambda: actions.replace_view(pk, wanted, by=actor(request))):
            return HttpResponseRedirect(f"{list_address(register.model)}?{query}")
        messages.success(request, gettext("视图已更新。"))
        return HttpResponseRedirect(f"{list_address(register.model)}?{VIEW}={pk}")

    def open_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The list opens with this view from now on, for oneself."""
        view = self._view(request, pk)
        _refused(request, lambda: actions.open_with(view.model, pk, by=actor(request)))
        return self._back(request, f"{VIEW}={pk}", view)

    def plain_view(self, request: HttpRequest) -> HttpResponse:
        """The list opens with all rows again."""
        register, _query = self._asked(request)
        label = register.model._meta.label
        _refused(request, lambda: actions.open_with(label, None, by=actor(request)))
        if "page" in request.POST:
            return HttpResponseRedirect(_page())
        return HttpResponseRedirect(f"{list_address(register.model)}?{VIEW}={ALL}")

    # --- one view -------------------------------------------------------------------------------

    def rename_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Another name."""
        self._view(request, pk)
        name = request.POST.get("name", "")
        if not _refused(request, lambda: actions.rename_view(pk, name, by=actor(request))):
            messages.success(request, gettext("已改名。"))
        return HttpResponseRedirect(_page())

    def share_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Shared with a role of a community, or with nobody any more."""
        self._view(request, pk)
        role = request.POST.get("role", "")
        place = whole_number(request.POST.get("community", ""))
        if not _refused(request, lambda: actions.share_view(pk, place, role, by=actor(request))):
            told = gettext("已共享给%(role)s。") % {"role": Role(role).label} if role else ""
            messages.success(request, told or gettext("不再共享，只有保存人自己看得到。"))
        return HttpResponseRedirect(_page())

    def remove_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Gone; the next page offers to take it back."""
        view = self._view(request, pk)
        made: list[Any] = []
        if _refused(request, lambda: made.append(actions.delete_view(pk, by=actor(request)))):
            return HttpResponseRedirect(_page())
        messages.success(request, gettext("已删除“%(name)s”。") % {"name": view.name})
        return HttpResponseRedirect(f"{_page()}?gone={made[0].pk}")

    def back_view(self, request: HttpRequest, change_set: int) -> HttpResponse:
        """Takes a deletion back."""
        if request.method != "POST":
            raise PermissionDenied
        if not _refused(request, lambda: actions.bring_back(change_set, by=actor(request))):
            messages.success(request, gettext("已撤销删除。"))
        return HttpResponseRedirect(_page())

    # --- exports --------------------------------------------------------------------------------

    def keep_export_view(self, request: HttpRequest) -> HttpResponse:
        """What the export's page says, under a name; or in place of one that was saved."""
        register, query = self._asked(request)
        if not register.has_export_permission(request):
            raise PermissionDenied
        filters, order = read_list(request, register, query)
        form = request.POST.get("form", "")
        wanted = actions.Wanted(
            filters,
            request.POST.getlist("columns"),
            order,
            form=form if form in _FORMS else str(Form.XLSX),
            whole="whole" in request.POST,
            kind=ViewKind.EXPORT,
        )
        label, name = register.model._meta.label, request.POST.get("name", "")
        replaced = whole_number(request.POST.get("replace", ""))
        made: list[SavedView] = []

        def keep() -> None:
            if replaced:
                made.append(actions.replace_view(replaced, wanted, by=actor(request)))
            else:
                made.append(actions.keep_view(label, name, wanted, by=actor(request)))

        if _refused(request, keep):
            return HttpResponseRedirect(f"{list_address(register.model, 'export')}?{query}")
        messages.success(request, gettext("已保存导出“%(name)s”。") % {"name": made[0].name})
        address, _dropped = export_address(request, register, made[0])
        return HttpResponseRedirect(f"{list_address(register.model, 'export')}?{address}")

    def run_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The file of a saved export at once; where it asks for a reason, its page filled in."""
        view = self._view(request, pk)
        register = register_of(request, view.model)
        if register is None or view.kind != ViewKind.EXPORT:
            raise PermissionDenied
        query, dropped = export_address(request, register, view)
        if dropped:
            words = {"filters": "、".join(dropped)}
            warning = gettext("保存的筛选里有已经不能用的，没有套用：%(filters)s。请核对后再导出。")
            messages.warning(request, warning % words)
        if view.whole or dropped:
            # A reason is asked for each time; and nobody takes out more than was meant.
            return HttpResponseRedirect(f"{list_address(register.model, 'export')}?{query}")
        other = copy(request)
        other.GET = QueryDict(query)  # type: ignore[assignment]
        told = QueryDict(mutable=True)
        told["form"] = view.form
        told.setlist("columns", view.columns)
        other.POST = told  # type: ignore[assignment]
        answer: HttpResponseBase = register.export_action(other)
        return answer

    # --- what they share ------------------------------------------------------------------------

    def _asked(self, request: HttpRequest) -> tuple[Any, str]:
        """The register that a button names, and the query string of the list it stood above."""
        register = register_of(request, request.POST.get("model", ""))
        query = request.POST.get("query", "")
        if request.method != "POST" or register is None or len(query) > _LONGEST_QUERY:
            raise PermissionDenied
        return register, query

    def _view(self, request: HttpRequest, pk: int) -> SavedView:
        view: SavedView | None = self.get_queryset(request).filter(pk=pk).first()
        if request.method != "POST" or view is None:
            # Another's and none at all are one thing.
            raise PermissionDenied
        return view

    def _wanted(self, request: HttpRequest, register: Any, query: str) -> actions.Wanted:
        filters, order = read_list(request, register, query)
        asked = QueryDict(mutable=True)
        for name in (VIEW, COLUMNS):
            if name in QueryDict(query):
                asked[name] = QueryDict(query)[name]
        shown = changelist_of(request, register, asked)
        columns = [] if shown.is_usual else [column.key for column in shown.columns]
        return actions.Wanted(filters, columns, order)

    def _back(self, request: HttpRequest, query: str, view: SavedView) -> HttpResponse:
        register = register_of(request, view.model)
        if "page" in request.POST or register is None:
            return HttpResponseRedirect(_page())
        return HttpResponseRedirect(f"{list_address(register.model)}?{query}")


_FORMS = {str(form): label for form, label, _hint in FORMS}


def _page() -> str:
    return reverse("admin:saved_views_savedview_changelist")


def _told(view: SavedView) -> str:
    """What a view keeps, in a few words."""
    parts = []
    if view.filters:
        parts.append(gettext("%(count)s 个筛选") % {"count": len(view.filters)})
    if view.columns:
        parts.append(gettext("%(count)s 列") % {"count": len(view.columns)})
    if view.order:
        parts.append(gettext("按 %(count)s 列排序") % {"count": len(view.order)})
    return " · ".join(parts) or gettext("全部记录，常用列")


def _refused(request: HttpRequest, act: Callable[[], Any]) -> bool:
    """Does it; a rule that forbids it is said, and True is answered."""
    try:
        act()
    except RuleViolation as violation:
        messages.error(request, violation.message)
        return True
    except ManyViolations as refused:
        messages.error(request, "；".join({v.message for v in refused.by_index.values()}))
        return True
    return False
