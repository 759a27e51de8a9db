"""Opening a community: from one workbook to a community that can begin."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FoundingConfig(AppConfig):
    name = "backend.founding"
    label = "founding"
    verbose_name = _("开通小区")
