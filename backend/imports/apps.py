"""Spreadsheets in: read, understand, plan, commit, undo."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "backend.imports"
    label = "imports"
    verbose_name = _("表格导入")

    def ready(self) -> None:
        """Every app's sheets.py registers itself."""
        autodiscover_modules("sheets")
