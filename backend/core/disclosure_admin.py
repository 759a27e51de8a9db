"""查阅记录: who read, exported and imported personal data, for the supervisor; read only."""

import tempfile
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from import_export.admin import ExportMixin
from import_export.formats.base_formats import CSV, XLSX
from import_export.resources import modelresource_factory
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import RangeDateTimeFilter
from unfold.contrib.import_export.forms import ExportForm
from unfold.decorators import display

from backend.core.disclosures import (
    disclosures_visible_to,
    keys_in_words,
    log_export,
    readers_in_words,
    summary_by_person,
)
from backend.core.door import actor, allowed
from backend.core.exporting.columns import ExportColumn, column_of
from backend.core.exporting.orders import Form, in_form
from backend.core.lookups import OfferedLookups
from backend.core.models import Disclosure, DisclosureKind
from backend.core.telling import door_in_words, table_in_words, who
from backend.core.words import in_chinese

WEEK = timedelta(days=7)
EXPORTED = (
    "at",
    "actor_name",
    "kind",
    "model",
    "whole",
    "rows",
    "reason",
    "details",
    "door",
    "community",
)
KIND_COLOURS = {
    DisclosureKind.READ: "info",
    DisclosureKind.EXPORT: "warning",
    DisclosureKind.IMPORT: "default",
}


class ReaderFilter(admin.SimpleListFilter):
    """By the person who read; only people of the log that the supervisor sees."""

    title = _("查阅人")
    parameter_name = "reader"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(readers_in_words(disclosures_visible_to(request.user)).items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(actor_name=self.value()) if self.value() else queryset


@admin.register(Disclosure)
class DisclosureAdmin(OfferedLookups, ExportMixin, ModelAdmin):
    """查阅记录: nobody changes it."""

    list_display = (
        "at",
        "person",
        "labelled_kind",
        "table",
        "rows",
        "whole",
        "reason",
        "details",
        "community",
    )
    list_filter = (
        "kind",
        ReaderFilter,
        ("at", RangeDateTimeFilter),
        "whole",
        ("community", admin.RelatedOnlyFieldListFilter),
    )
    list_filter_submit = True
    search_fields = ("actor_name", "reason")
    list_select_related = ("community", "user")
    list_per_page = 50
    show_full_result_count = False
    list_before_template = "linli/disclosures_week.html"
    fields = (
        "at",
        "person",
        "kind",
        "table",
        "rows",
        "keys_told",
        "whole",
        "reason",
        "details",
        "entrance",
        "community",
    )
    readonly_fields = ("person", "table", "keys_told", "entrance")
    export_form_class = ExportForm

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(Disclosure.visible(request.user))

    @display(description=_("方式"), ordering="kind", label=dict(KIND_COLOURS))
    def labelled_kind(self, row: Disclosure) -> tuple[str, str]:
        return row.kind, row.get_kind_display()

    @display(description=_("查阅人"), ordering="actor_name")
    def person(self, row: Disclosure) -> str:
        return who(row.user, row.actor_name)

    @display(description=_("入口"), ordering="door")
    def entrance(self, row: Disclosure) -> str:
        return door_in_words(row.door)

    @display(description=_("表"), ordering="model")
    def table(self, row: Disclosure) -> str:
        return table_in_words(row.model)

    @display(description=_("记录编号"))
    def keys_told(self, row: Disclosure) -> str:
        return keys_in_words(row)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        week = disclosures_visible_to(request.user).filter(at__gt=timezone.now() - WEEK)
        context = {**(extra_context or {}), "disclosures_week": summary_by_person(week)}
        found: HttpResponse = super().changelist_view(request, context)
        return found

    # --- the log goes out, and that is logged ---------------------------------------------------

    def get_export_formats(self) -> list[Any]:
        # Their names for the library's form; the files are written as everywhere.
        return [XLSX, CSV]

    def get_export_resource_classes(self, request: HttpRequest) -> list[Any]:
        return [modelresource_factory(Disclosure, meta_options={"fields": EXPORTED})]

    def has_export_permission(self, request: HttpRequest) -> bool:
        return allowed(request, "privacy.see")

    def _do_file_export(
        self, file_format: Any, request: HttpRequest, queryset: Any, export_form: Any = None
    ) -> HttpResponseBase:
        form = Form.CSV if isinstance(file_format, CSV) else Form.XLSX
        keys: dict[int | None, list[int]] = {}
        for community_id, pk in queryset.order_by().values_list("community_id", "pk"):
            keys.setdefault(community_id, []).append(pk)
        columns = _columns()
        rows = queryset.values_list(*(column.value for column in columns)).iterator()
        file = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it
        name = in_chinese(Disclosure._meta.verbose_name)
        in_form(form, file, rows, [column.told for column in columns], name=name)
        file.seek(0)
        log_export(
            Disclosure,
            keys or {None: ()},
            by=actor(request),
            reason="导出查阅记录",
            whole=False,
            details="",
        )
        called = f"disclosures-{timezone.localdate():%Y%m%d}.{form.extension}"
        return FileResponse(
            file, as_attachment=True, filename=called, content_type=form.content_type
        )

    # --- who may --------------------------------------------------------------------------------

    def has_module_permission(self, request: HttpRequest) -> bool:
        return allowed(request, "privacy.see")

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return allowed(request, "privacy.see")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def _columns() -> list[ExportColumn]:
    words = {"model": table_in_words, "door": door_in_words}
    return [
        replace(column, words=partial(_said, words[name]))
        if (name := column.name) in words
        else column
        for column in (column_of(Disclosure, name) for name in EXPORTED)
    ]


def _said(say: Any, value: str) -> str:
    with translation.override("zh-hans"):
        return str(say(value))
