"""Places in the admin: registration and layout only."""

from django.contrib import admin

from backend.core.admin import RegisterAdmin
from backend.places.models import Building, Community, Estate, Grid, ResidentGroup, Subdistrict


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
