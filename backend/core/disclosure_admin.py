"""查阅记录: who read, exported and imported personal data, for the supervisor; read only."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from import_export.admin import ExportMixin
from import_export.resources import ModelResource, modelresource_factory
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
from backend.core.export_formats import ChineseCsv, ChineseXlsx
from backend.core.lookups import OfferedLookups
from backend.core.models import Disclosure, DisclosureKind
from backend.core.resources import ExportColumn
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
        return [ChineseXlsx, ChineseCsv]

    def get_export_resource_classes(self, request: HttpRequest) -> list[Any]:
        return [_resource()]

    def get_export_filename(self, request: HttpRequest, queryset: Any, file_format: Any) -> str:
        return f"disclosures-{timezone.localdate():%Y%m%d}.{file_format.get_extension()}"

    def has_export_permission(self, request: HttpRequest) -> bool:
        return allowed(request, "privacy.see")

    def get_data_for_export(self, request: HttpRequest, queryset: Any, **kwargs: Any) -> Any:
        dataset = super().get_data_for_export(request, queryset, **kwargs)
        dataset.title = in_chinese(Disclosure._meta.verbose_name)
        keys: dict[int | None, list[int]] = {}
        for community_id, pk in queryset.order_by().values_list("community_id", "pk"):
            keys.setdefault(community_id, []).append(pk)
        log_export(
            Disclosure,
            keys or {None: ()},
            by=actor(request),
            reason="导出查阅记录",
            whole=False,
            details="",
        )
        return dataset

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


def _resource() -> type[ModelResource]:
    return modelresource_factory(
        Disclosure,
        meta_options={
            "fields": EXPORTED,
            "export_order": EXPORTED,
            "name": in_chinese(Disclosure._meta.verbose_name),
        },
        custom_fields={name: ExportColumn(Disclosure, name) for name in EXPORTED},
    )
