"""Festivals in the admin: registration and layout only."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from backend.core.access import Actor
from backend.core.admin import RegisterAdmin, actor
from backend.core.inlines import RegisterInline
from backend.festivals import panels
from backend.festivals.actions import FESTIVAL_VERBS, drop_stall, save_festival, save_stalls
from backend.festivals.choices import FESTIVAL_COLOURS, FestivalStatus
from backend.festivals.copy_pages import CopyPages
from backend.festivals.models import FestivalHeads, FestivalSupply, NeighborFestival, Stall
from backend.festivals.plan_pages import PlanPages
from backend.imports.pages import ImportPages

__all__ = ["panels"]  # Registered by being imported.

_OVER = (FestivalStatus.CLOSED, FestivalStatus.CANCELLED)


class FestivalInline(RegisterInline):
    """Rows of a festival, written while it is open."""

    # One at a time: thirteen stalls above one another are a long way on a phone.
    tab = True

    def _may(self, request: HttpRequest, verb: str, obj: Any) -> bool:
        over = obj is not None and obj.pk is not None and obj.status in _OVER
        return not (over and verb == "edit") and super()._may(request, verb, obj)


class StallInline(FestivalInline):
    """摊位, on the festival's page."""

    model = Stall
    autocomplete_fields = ("item", "provider")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = list(super().get_fields(request, obj))
        # Nobody has stayed away from what is still to come.
        if obj is None or obj.status != FestivalStatus.HELD:
            names.remove("absent")
        return names


class SupplyInline(FestivalInline):
    """物资, on the festival's page."""

    model = FestivalSupply
    autocomplete_fields = ("bringer",)


class HeadsInline(FestivalInline):
    """人次, on the festival's page, once it was held."""

    model = FestivalHeads

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        held = obj is not None and obj.status == FestivalStatus.HELD
        return held and super().has_add_permission(request, obj)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        made = super().get_formset(request, obj, **kwargs)
        if "stall" in made.form.base_fields:
            # Of this festival alone.
            field: Any = made.form.base_fields["stall"]
            field.queryset = Stall.objects.filter(festival=obj, absent=False).order_by("number")
            field.empty_label = gettext("全场")
        return made


@admin.register(NeighborFestival)
class NeighborFestivalAdmin(CopyPages, PlanPages, ImportPages, RegisterAdmin):
    """红色邻里节."""

    register_name = "neighbor_festivals"
    verbs = FESTIVAL_VERBS
    state_colours = FESTIVAL_COLOURS
    date_hierarchy = "starts_at"
    inlines = (StallInline, SupplyInline, HeadsInline)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Stalls and supplies once there is a festival, heads once it was held."""
        if obj is None:
            return ()
        held = obj.status in (FestivalStatus.HELD, FestivalStatus.CLOSED)
        return self.inlines if held else self.inlines[:2]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        over = obj is not None and obj.status in _OVER
        return not over and super().has_change_permission(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        found: QuerySet[Any] = rows.with_counts()
        return found

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*super().get_list_display(request), "stalls_told", "heads_told")

    @display(description=_("摊位（种类）"))
    def stalls_told(self, festival: Any) -> str:
        return f"{festival.stall_count}（{festival.kind_count}）"

    @display(description=_("人次"))
    def heads_told(self, festival: Any) -> str:
        return str(festival.heads_total or "—")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        save_festival(obj, by=actor(request))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if formset.model is not Stall:
            super().save_formset(request, form, formset, change)
            return
        rows = formset.save(commit=False)
        for row in formset.deleted_objects:
            drop_stall(row, by=actor(request))
        for row in rows:
            row.community_id = form.instance.community_id
        save_stalls(rows, by=actor(request))

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        links = [
            {"label": gettext("打印安排"), "url": self._url("plan", record.pk), "icon": "print"}
        ]
        if self._may_on(request, "edit", record):
            url = self._url("copy", record.pk)
            links.append({"label": gettext("照搬到下个月"), "url": url, "icon": "content_copy"})
        return links


class _OfFestival(RegisterAdmin):
    """A list of what hangs on festivals; what is changed is changed as on the festival's page."""

    autocomplete_fields: Any = ("festival",)

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        return lookup == "festival__id__exact" or super().lookup_allowed(lookup, value, request)

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        url = reverse("admin:festivals_neighborfestival_change", args=[record.festival_id])
        return [{"label": gettext("邻里节"), "url": url, "icon": "celebration"}]


@admin.register(Stall)
class StallAdmin(ImportPages, _OfFestival):
    """摊位."""

    register_name = "festival_stalls"
    autocomplete_fields = ("festival", "item", "provider")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        save_stalls([obj], by=actor(request))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        drop_stall(obj, by=actor(request))

    def delete_one(self, record: Any, *, by: Actor, reason: str) -> None:
        drop_stall(record, by=by)


@admin.register(FestivalSupply)
class FestivalSupplyAdmin(_OfFestival):
    """邻里节物资."""

    autocomplete_fields = ("festival", "bringer")


@admin.register(FestivalHeads)
class FestivalHeadsAdmin(_OfFestival):
    """邻里节人次."""

    autocomplete_fields = ("festival", "stall")
