"""Demands: what residents bring forward, who takes it on, by when, and what became of it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemandsConfig(AppConfig):
    name = "backend.demands"
    label = "demands"
    verbose_name = _("诉求")
