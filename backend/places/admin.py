"""Places in the admin: registration and layout only."""

from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from backend.core.admin import RegisterAdmin
from backend.core.calendar import missing_note
from backend.places.models import (
    Building,
    Community,
    Estate,
    Grid,
    HolidayOverride,
    ResidentGroup,
    Subdistrict,
)


@admin.register(Subdistrict, Community, Estate, Grid)
class PlaceAdmin(RegisterAdmin):
    """街道、社区、小区、网格."""


@admin.register(Building)
class BuildingAdmin(RegisterAdmin):
    """楼栋."""

    autocomplete_fields = ("estate",)


@admin.register(ResidentGroup)
class ResidentGroupAdmin(RegisterAdmin):
    """居民微信群."""

    autocomplete_fields = ("estate", "grid")


@admin.register(HolidayOverride)
class HolidayOverrideAdmin(RegisterAdmin):
    """工作日调整."""

    date_hierarchy = "day"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        # From October on, deadlines run into the next year.
        today = timezone.localdate()
        last = today if today.month < 10 else date(today.year + 1, 1, 1)
        note = missing_note(today, last)
        if note and request.method == "GET" and response.status_code == 200:
            messages.warning(request, note)
        return response
