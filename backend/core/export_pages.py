"""Exports from the admin: what a list shows, as it is filtered and ordered, by the columns chosen.

Personal columns are masked unless asked for in full, with a reason; every export is logged. Large ones
are handed to whoever makes files in the background.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from import_export.admin import ExportActionMixin

from backend.core.access import Actor, scope
from backend.core.door import actor
from backend.core.errors import RuleViolation
from backend.core.export_forms import ExportForm
from backend.core.exporting.columns import sheet_of
from backend.core.exporting.orders import ExportOrder, file_name, may_leave, write_export
from backend.core.exporting.periods import period_of_list
from backend.core.list_bar import export_parts_of
from backend.core.models import Kept
from backend.core.numbers import whole_number
from backend.core.reveals import reveal_scope

# Parameters of a list that filter nothing.
_NO_FILTERS = ("o", "p", "e", "all", "view", "cols", "saved", "_changelist_filters")
# Takes the model, the list's query string, the order and who wants it; answers the page that shows it.
Later = Callable[[type[Kept], str, ExportOrder, Actor], str]
_LATER: list[tuple[Callable[[], int], Later]] = []


def when_large(limit: Callable[[], int], later: Later) -> None:
    """Registers who makes the file of an export with more rows than `limit`, in the background."""
    _LATER[:] = [(limit, later)]


# The names of the columns that somebody chose last in a list, none for the usual ones; and how they
# are kept.
Recall = Callable[[Any, type[Kept]], Sequence[str]]
Keep = Callable[[Any, type[Kept], Sequence[str]], None]
_MEMORY: list[tuple[Recall, Keep]] = []


def with_memory(recall: Recall, keep: Keep) -> None:
    """Registers who remembers which columns somebody chose."""
    _MEMORY[:] = [(recall, keep)]


@dataclass(frozen=True)
class Prefilled:
    """What a saved export asks for: the page comes filled in, and is sent off as any other."""

    form: str
    columns: Sequence[str]
    whole: bool = False


# Takes the request and the model; answers the saved export that its address names.
Prefill = Callable[[HttpRequest, type[Kept]], Prefilled | None]
_PREFILL: list[Prefill] = []


def prefilled_by(prefill: Prefill) -> Prefill:
    """Registers who knows saved exports."""
    _PREFILL[:] = [prefill]
    return prefill


class ExportPages(ExportActionMixin):
    """A register's exports: of the whole list as filtered, or of the rows selected."""

    # The library's page would lose the register's own.
    change_form_template: Any = None
    show_change_form_export = False
    register_model: type[Kept]

    # --- the rows -------------------------------------------------------------------------------

    def rows_of_list(self, user: Any, query: str) -> QuerySet[Any]:
        """The rows of the list that `user` sees under a query string, in the list's order.

        Raises: PermissionDenied; what Django raises for a filter that is not offered.
        """
        request = HttpRequest()
        request.method = "GET"
        request.user = user
        request.GET = QueryDict(query)  # type: ignore[assignment]
        if not self.has_export_permission(request):
            raise PermissionDenied
        try:
            found: QuerySet[Any] = self.get_export_queryset(request)
        except IncorrectLookupParameters:
            raise PermissionDenied from None
        return found

    def _export_rows(self, request: HttpRequest) -> QuerySet[Any]:
        rows = self.rows_of_list(request.user, request.GET.urlencode())
        items = request.POST.getlist("export_items")
        if items:
            wanted = [pk for text in items if (pk := whole_number(text)) is not None]
            rows = rows.filter(pk__in=wanted)
        return rows

    # --- the page -------------------------------------------------------------------------------

    def export_action(self, request: HttpRequest) -> HttpResponseBase:
        """The page, and what it sends off."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        form = self._export_form(request, request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                answer = self._leave(request, form.order(self._export_details(request, form)))
                self._keep_columns(request, form)
                return answer
            except RuleViolation as violation:
                form.add_error(None, violation.message)
        return self._export_page(request, form, request.POST.getlist("export_items"))

    def export_admin_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        """The same page for the rows selected; all that the filter finds are the list itself."""
        if request.POST.get("select_across") == "1":
            return HttpResponseRedirect(self._export_url(request))
        items = [str(pk) for pk in queryset.order_by().values_list("pk", flat=True)]
        return self._export_page(request, self._export_form(request, None), items)

    def get_actions(self, request: HttpRequest) -> Any:
        found = super().get_actions(request)
        if "export_admin_action" in found:
            method, name, _label = found["export_admin_action"]
            found["export_admin_action"] = (method, name, _("导出所选记录"))
        return found

    def _export_form(self, request: HttpRequest, data: Any) -> ExportForm:
        where = reveal_scope(request.user, self.register_model.area)
        user: Any = request.user
        saved = _PREFILL[0](request, self.register_model) if _PREFILL else None
        initial = {"maker": user.get_full_name()}
        if saved is not None:
            initial |= {"form": saved.form, "whole": saved.whole}
            remembered = saved.columns
        else:
            remembered = _MEMORY[0][0](user, self.register_model) if _MEMORY else ()
        return ExportForm(
            data,
            model=self.register_model,
            may_be_whole=where.anywhere,
            of_list=period_of_list(sheet_of(self.register_model).period, request.GET.dict()),
            initial=initial,
            remembered=remembered,
            several=sees_several(user, self.register_model),
        )

    def _keep_columns(self, request: HttpRequest, form: ExportForm) -> None:
        """Remembers the columns for the next export, where they are other than the usual ones."""
        names = [column.name for column in form.wanted]
        if "saved" in request.GET:
            # What was saved is taken as it is, and changes nobody's own last choice.
            return
        if _MEMORY and request.POST.getlist("columns"):
            _MEMORY[0][1](request.user, self.register_model, () if names == form.usual else names)

    def _export_url(self, request: HttpRequest, name: str = "export") -> str:
        opts = self.register_model._meta
        query = request.GET.urlencode()
        address = reverse(f"admin:{opts.app_label}_{opts.model_name}_{name}")
        return f"{address}?{query}" if query else address

    def _export_page(
        self, request: HttpRequest, form: ExportForm, items: list[str]
    ) -> HttpResponse:
        model = self.register_model
        rows = self.rows_of_list(request.user, request.GET.urlencode())
        if items:
            rows = rows.filter(pk__in=[whole_number(item) for item in items])
        limit = _limit()
        count = may_leave(rows, ExportOrder(), actor(request)).order_by()[: limit + 1].count()
        context = self.admin_site.each_context(request) | {  # type: ignore[attr-defined]
            "title": gettext("导出%(list)s") % {"list": model._meta.verbose_name},
            "opts": model._meta,
            "form": form,
            "items": items,
            "count": count,
            "is_large": count > limit,
            "limit": limit,
            "filtered": self._is_filtered(request),
            "export_url": self._export_url(request),
            "parts": export_parts_of(request, self),
            "back": self._export_url(request, "changelist"),
        }
        return render(request, "linli/export.html", context)

    @staticmethod
    def _is_filtered(request: HttpRequest) -> bool:
        return any(value and name not in _NO_FILTERS for name, value in request.GET.items())

    # --- the file -------------------------------------------------------------------------------

    def _leave(self, request: HttpRequest, order: ExportOrder) -> HttpResponseBase:
        by, model = actor(request), self.register_model
        rows = self._export_rows(request)
        if _LATER and not request.POST.getlist("export_items"):
            limit, later = _LATER[0]
            most = limit()
            if may_leave(rows, order, by).order_by()[: most + 1].count() > most:
                messages.info(request, gettext("记录较多，正在后台生成文件，请稍候。"))
                query = request.GET.urlencode()
                return HttpResponseRedirect(later(model, query, order, by))
        # A file without a name: gone with the answer, whatever happens.
        file = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it
        try:
            leaving = write_export(rows, order, by=by, target=file)
            leaving.log(order, by)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        name = file_name(model, order.form, timezone.localdate())
        answer = FileResponse(
            file, as_attachment=True, filename=name, content_type=order.form.content_type
        )
        answer["Cache-Control"] = "private, no-store"
        return answer

    def _export_details(self, request: HttpRequest, form: ExportForm) -> str:
        """The form and the filters; what was searched for may be a name, and is not told."""
        parts = [form.cleaned_data["form"]]
        if request.POST.getlist("export_items"):
            parts.append("所选记录")
        for name, value in sorted(request.GET.items()):
            if name == "q":
                parts.append("搜索")
            elif name not in _NO_FILTERS:
                parts.append(f"{name}={value}")
        return " · ".join(parts)


def sees_several(user: Any, model: type[Kept]) -> bool:
    """Whether somebody may export rows of more than one community."""
    where = scope(user, model.action("export"))
    return where.everywhere or len(where.communities) > 1


def _limit() -> int:
    return _LATER[0][0]() if _LATER else 1_000_000
