"""The ground every register stands on."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "backend.core"
    label = "core"
    verbose_name = _("变更与记录")

    def ready(self) -> None:
        """Every app's facets.py, exports.py, origins.py, desk.py and indicators.py register
        themselves; the admin, which comes later, reads them.
        """
        import_module("backend.core.among")
        import_module("backend.core.own_guidance")
        autodiscover_modules(
            "facets", "exports", "origins", "following", "desk", "guidance", "indicators"
        )
