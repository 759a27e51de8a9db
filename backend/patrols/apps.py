"""Patrols: the five points that are looked at on every round, and the evening's digest of them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PatrolsConfig(AppConfig):
    name = "backend.patrols"
    label = "patrols"
    verbose_name = _("巡查与工作小结")
