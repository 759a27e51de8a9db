"""Where: subdistricts, communities, estates, buildings, grids and residents' groups."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "backend.places"
    label = "places"
    verbose_name = "辖区"
