"""Cool stations in the admin: registration and layout only."""

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RadioFilter
from unfold.decorators import display

from backend.core.admin import RegisterAdmin, actor
from backend.core.boards import Board
from backend.core.inlines import RegisterInline
from backend.imports.pages import ImportPages
from backend.people.models import User
from backend.stations import panels
from backend.stations.actions import STATION_VERBS
from backend.stations.choices import REFILL_COLOURS, STATION_COLOURS, RefillStatus
from backend.stations.models import (
    CoolStation,
    OpeningHours,
    Refill,
    StationException,
    StationStock,
    Supply,
    SupplyEntry,
)
from backend.stations.queries import able_to_refill
from backend.stations.refilling import REFILL_VERBS, save_refill

__all__ = ["panels"]  # Registered by being imported.


def entry_url(station: Any) -> str:
    """The page on which its stock is entered."""
    return reverse("station_page", args=[station.code])


class HoursInline(RegisterInline):
    """开放时间, on the station's page."""

    model = OpeningHours
    tab = True


class ExceptionInline(RegisterInline):
    """特殊日期, on the station's page."""

    model = StationException
    tab = True


class StockInline(RegisterInline):
    """What the station gives out; how much of it there is says the ledger."""

    model = StationStock
    tab = True
    readonly_fields = ("balance",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_fields(request, obj), "balance"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("supply")


@admin.register(CoolStation)
class CoolStationAdmin(ImportPages, RegisterAdmin):
    """清凉驿站."""

    register_name = "cool_stations"
    verbs = STATION_VERBS
    state_colours = STATION_COLOURS
    bulk_moves = ("pause", "resume", "close", "reopen")
    autocomplete_fields = ("organization",)
    inlines = (HoursInline, ExceptionInline, StockInline)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj is not None else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        found: QuerySet[Any] = rows.with_open()
        return found

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*super().get_list_display(request), "open_told")

    @display(description=_("现在"), label={"open": "success", "shut": "default"})
    def open_told(self, station: Any) -> tuple[str, str]:
        return ("open", gettext("开着")) if station.open_now else ("shut", gettext("没开"))

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        links = [{"label": gettext("登记出入库"), "url": entry_url(record), "icon": "inventory"}]
        if SupplyEntry.objects.visible_to(request.user).filter(stock__station=record).exists():
            url = f"{reverse('admin:stations_supplyentry_changelist')}?stock__station__id__exact={record.pk}"
            links.append({"label": gettext("出入库台账"), "url": url, "icon": "receipt_long"})
        return links


@admin.register(Supply)
class SupplyAdmin(ImportPages, RegisterAdmin):
    """驿站物资品种."""

    register_name = "station_supplies"


class LowFilter(RadioFilter):
    """The stocks that are to be refilled."""

    title = _("补货")
    parameter_name = "low"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("1", _("到补货线的"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(is_low=True) if self.value() == "1" else queryset


@admin.register(StationStock)
class StationStockAdmin(RegisterAdmin):
    """驿站库存."""

    autocomplete_fields = ("station", "supply")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        found: QuerySet[Any] = rows.with_threshold().select_related("station", "supply")
        return found

    def get_list_filter(self, request: HttpRequest) -> Any:
        return (LowFilter, *super().get_list_filter(request))

    def get_list_display(self, request: HttpRequest) -> Any:
        return ("station", "supply", "balance_told", "threshold_told", "low_told")

    @display(description=_("库存"), ordering="balance")
    def balance_told(self, stock: Any) -> str:
        return f"{stock.balance} {stock.supply.unit}"

    @display(description=_("补货线"), ordering="threshold")
    def threshold_told(self, stock: Any) -> str:
        return f"{stock.threshold} {stock.supply.unit}"

    @display(description=_("补货"), label={"low": "warning", "enough": "success"})
    def low_told(self, stock: Any) -> tuple[str, str]:
        return ("low", gettext("要补货")) if stock.is_low else ("enough", gettext("够用"))

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        url = entry_url(record.station)
        return [{"label": gettext("登记出入库"), "url": url, "icon": "inventory"}]


@admin.register(SupplyEntry)
class SupplyEntryAdmin(ImportPages, RegisterAdmin):
    """驿站出入库: it only grows, and grows at the station's own page."""

    register_name = "supply_entries"
    date_hierarchy = "occurred_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        joined = ("stock__station", "stock__supply", "account")
        return super().get_queryset(request).select_related(*joined)

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        own = lookup == "stock__station__id__exact"
        return own or super().lookup_allowed(lookup, value, request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        url = f"{entry_url(record.stock.station)}?entry={record.pk}"
        return [{"label": gettext("更正这一笔"), "url": url, "icon": "edit"}]


class LateFilter(RadioFilter):
    """The refills whose day is over."""

    title = _("逾期")
    parameter_name = "late"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("1", _("已逾期"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(overdue=True) if self.value() == "1" else queryset


@admin.register(Refill)
class RefillAdmin(RegisterAdmin):
    """补货任务."""

    verbs = REFILL_VERBS
    state_colours = REFILL_COLOURS
    bulk_moves = ("drop",)
    board = Board(
        title=F("stock__supply__name"),
        about=F("stock__station__name"),
        due=F("due_on"),
        due_in=(RefillStatus.OPEN,),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        joined = ("stock__station", "stock__supply", "assignee")
        found: QuerySet[Any] = rows.with_overdue().select_related(*joined)
        return found

    def get_list_filter(self, request: HttpRequest) -> Any:
        return (LateFilter, *super().get_list_filter(request))

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*super().get_list_display(request), "late_told")

    @display(description=_("逾期"), label={"late": "danger"})
    def late_told(self, refill: Any) -> Any:
        return ("late", gettext("已逾期")) if refill.overdue else ""

    def has_add_permission(self, request: HttpRequest) -> bool:
        # Raised by themselves.
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        over = obj is not None and obj.status != RefillStatus.OPEN
        return not over and super().has_change_permission(request, obj)

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        if "assignee" in form.base_fields:
            # A form for nothing yet offers nobody.
            able = able_to_refill(obj) if obj is not None else User.objects.none()
            form.base_fields["assignee"].queryset = able
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        save_refill(obj, by=actor(request))

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        url = entry_url(record.stock.station)
        return [{"label": gettext("登记出入库"), "url": url, "icon": "inventory"}]
