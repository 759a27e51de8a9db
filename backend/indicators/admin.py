"""The hotline's counts in the admin: registration and layout only."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RadioFilter
from unfold.decorators import display

from backend.core.admin import RegisterAdmin
from backend.imports.pages import ImportPages
from backend.indicators import rules
from backend.indicators.models import HotlineCategory, HotlineMonthlyCount
from backend.indicators.spans import Span, span_of
from backend.indicators.words import change_words

NONE_THEN = "—"


@admin.register(HotlineCategory)
class HotlineCategoryAdmin(ImportPages, RegisterAdmin):
    """热线类别."""

    register_name = "hotline_categories"


class SpanFilter(RadioFilter):
    """The months from one to another: offered only where it is in use, as the comparison opens it."""

    title = _("月份")
    parameter_name = "months"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        asked = request.GET.get(self.parameter_name, "")
        found = span_of(asked)
        return [] if found is None else [(asked, str(found))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        found: Span | None = span_of(self.value() or "")
        return queryset if found is None else queryset.filter(found.within())


@admin.register(HotlineMonthlyCount)
class HotlineMonthlyCountAdmin(ImportPages, RegisterAdmin):
    """市民热线月度件数."""

    register_name = "hotline"
    autocomplete_fields = ("category",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        found: QuerySet[Any] = rows.with_year_before().select_related("category")
        return found

    def get_list_filter(self, request: HttpRequest) -> Any:
        return (SpanFilter, *super().get_list_filter(request))

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*super().get_list_display(request), "year_before_told", "change_told")

    @display(description=_("去年同月"), ordering="year_before")
    def year_before_told(self, row: Any) -> Any:
        return NONE_THEN if row.year_before is None else row.year_before

    @display(description=_("同比"), label={"up": "danger", "down": "success", "same": "default"})
    def change_told(self, row: Any) -> Any:
        if row.year_before is None:
            return ""
        change = rules.hotline_yoy(row.count, row.year_before)
        return rules.direction(row.count, row.year_before), change_words(change)

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        place = f"?community={record.community_id}"
        url = f"{reverse('hotline_page')}{place}"
        return [{"label": gettext("热线对比"), "url": url, "icon": "query_stats"}]
