"""Spreadsheets in: read, understand, plan, commit, undo."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ImportsConfig(AppConfig):
    name = "backend.imports"
    label = "imports"
    verbose_name = "表格导入"

    def ready(self) -> None:
        """Every app's facets.py and sheets.py register themselves."""
        autodiscover_modules("facets")
        autodiscover_modules("sheets")
