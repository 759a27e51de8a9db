"""Attachments: photos, scans and PDF files that belong to a record."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    name = "backend.files"
    label = "files"
    verbose_name = _("附件")

    def ready(self) -> None:
        """Every register knows its attachments and shows them on its pages."""
        import_module("backend.files.attached").give_to_targets()
        import_module("backend.files.following")
        import_module("backend.files.panel")
