"""Figures of the community that others count: what the city's hotline hands down each month."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    name = "backend.indicators"
    label = "indicators"
    verbose_name = _("市民热线与指标")
