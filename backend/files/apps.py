"""Attachments: photos, scans and PDF files that belong to a record."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    name = "backend.files"
    label = "files"
    verbose_name = _("附件")
