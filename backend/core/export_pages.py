"""Exports from the admin: personal columns masked unless asked for in full, with a reason; logged."""

from typing import Any

from django import forms
from django.db.models import BooleanField, Case, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from import_export.admin import ExportActionMixin
from unfold.contrib.import_export.forms import ExportForm
from unfold.widgets import UnfoldAdminTextInputWidget, UnfoldBooleanWidget

from backend.core.access import scope
from backend.core.disclosures import log_export
from backend.core.door import actor
from backend.core.errors import RuleViolation
from backend.core.export_formats import ChineseCsv, ChineseXlsx
from backend.core.models import Kept
from backend.core.numbers import whole_number
from backend.core.resources import export_resource, exports_personal
from backend.core.reveals import reveal_scope
from backend.core.rules import LONGEST_REASON, reason_says_why
from backend.core.words import in_chinese


class RegisterExportForm(ExportForm):
    """The library's form; where the rows are people's, also why they leave, and whether in full."""

    def __init__(self, formats: Any, resources: Any, **kwargs: Any) -> None:
        super().__init__(formats, resources, **kwargs)
        if not resources[0].personal:
            return
        self.fields["reason"] = forms.CharField(
            label=_("导出原因"),
            required=False,
            max_length=LONGEST_REASON,
            help_text=_("会记入查阅记录；导出完整个人信息时必填。请不要写电话或身份证号。"),
            widget=UnfoldAdminTextInputWidget(),
        )
        if resources[0].may_be_whole:
            self.fields["whole"] = forms.BooleanField(
                label=_("导出完整个人信息"),
                required=False,
                help_text=_("不勾选时，姓名、电话和门牌号以星号代替。"),
                widget=UnfoldBooleanWidget(),
            )

    def clean(self) -> dict[str, Any]:
        """Raises: what is wrong with the reason; it is only asked for if somebody needs it."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("whole") or given.get("reason"):
            try:
                reason_says_why(given.get("reason") or "")
            except RuleViolation as violation:
                self.add_error("reason", violation)
        return given


class ExportPages(ExportActionMixin):
    """A register's exports: of the whole list as filtered, or of the rows selected."""

    export_form_class = RegisterExportForm
    formats: list[Any] = [ChineseXlsx, ChineseCsv]
    # The library's page would lose the register's own.
    change_form_template = None
    show_change_form_export = False
    register_model: type[Kept]

    def get_export_resource_classes(self, request: HttpRequest) -> list[Any]:
        where = reveal_scope(request.user, self.register_model.area)
        may = where.everywhere or bool(where.communities or where.estates)
        return [export_resource(self.register_model, may)]

    def get_export_formats(self) -> list[Any]:
        return self.formats

    def get_export_filename(self, request: HttpRequest, queryset: Any, file_format: Any) -> str:
        name = in_chinese(self.register_model._meta.verbose_name)
        file_name = f"{name}-{timezone.localdate():%Y%m%d}.{file_format.get_extension()}"
        request.export_file_name = file_name  # type: ignore[attr-defined]
        return file_name

    def get_valid_export_item_pks(self, request: HttpRequest) -> Any:
        given = map(whole_number, request.POST.getlist("export_items"))
        wanted = [pk for pk in given if pk is not None]
        rows: QuerySet[Any] = self._leaving(self.get_queryset(request), request)  # type: ignore[attr-defined]
        return rows.order_by().filter(pk__in=wanted).values_list("pk", flat=True)

    def export_action(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = super().export_action(request)
        file_name = getattr(request, "export_file_name", None)
        if file_name and response.has_header("Content-Disposition"):
            # The library writes the bare name, which browsers cannot read unless it is ASCII.
            response["Content-Disposition"] = content_disposition_header(True, file_name)
        return response

    def get_export_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_export_resource_kwargs(request, **kwargs)
        return found | {"left": getattr(request, "left_keys", None)}

    def get_data_for_export(self, request: HttpRequest, queryset: Any, **kwargs: Any) -> Any:
        model = self.register_model
        queryset = self._leaving(queryset, request)
        form = kwargs.get("export_form")
        given = form.cleaned_data if form is not None else {}
        whole = bool(given.get("whole"))
        personal = exports_personal(model)
        if personal:
            request.left_keys = {}  # type: ignore[attr-defined]
            queryset = _with_whole(queryset, request, whole)
        dataset = super().get_data_for_export(request, queryset, **kwargs)
        dataset.title = in_chinese(model._meta.verbose_name)
        if personal:
            log_export(
                model,
                request.left_keys or {None: ()},  # type: ignore[attr-defined]
                by=actor(request),
                reason=given.get("reason", ""),
                whole=whole,
                details=self._details(request, given),
            )
        return dataset

    def _leaving(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """Those of the rows that the user may take out: seeing them somewhere is not enough."""
        model = self.register_model
        return rows.filter(model.rows_in(scope(request.user, model.action("export"))))

    def _details(self, request: HttpRequest, given: dict[str, Any]) -> str:
        """The format and the filters; what was searched for may be a name, and is not told."""
        parts = [self.formats[int(given["format"])]().get_extension()] if given else []
        if given.get("export_items"):
            parts.append("所选记录")
        for name, value in sorted(request.GET.items()):
            if name == "q":
                parts.append("搜索")
            elif name not in ("o", "p", "e", "all"):
                parts.append(f"{name}={value}")
        return " · ".join(parts)


def _with_whole(rows: QuerySet[Any], request: HttpRequest, whole: bool) -> QuerySet[Any]:
    """Adds `leaves_whole`: whether the row's personal values leave unmasked."""
    model: Any = rows.model
    where = reveal_scope(request.user, model.area)
    if not whole:
        return rows.annotate(leaves_whole=Value(False, output_field=BooleanField()))
    return rows.annotate(
        leaves_whole=Case(
            When(model.rows_in(where), then=True), default=False, output_field=BooleanField()
        )
    )
