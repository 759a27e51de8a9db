"""Cool stations: where one may rest in summer, and what is in stock there."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StationsConfig(AppConfig):
    name = "backend.stations"
    label = "stations"
    verbose_name = _("清凉驿站")
