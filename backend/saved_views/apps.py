"""Saved views of lists, and saved exports."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SavedViewsConfig(AppConfig):
    name = "backend.saved_views"
    label = "saved_views"
    verbose_name = _("视图")
