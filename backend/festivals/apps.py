"""The monthly neighbours' festival: its stalls, what is brought, and how many came."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FestivalsConfig(AppConfig):
    name = "backend.festivals"
    label = "festivals"
    verbose_name = _("红色邻里节")
