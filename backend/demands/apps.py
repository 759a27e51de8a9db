"""Demands: what residents bring forward, who takes it on, by when, and what became of it."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemandsConfig(AppConfig):
    name = "backend.demands"
    label = "demands"
    verbose_name = _("诉求")

    def ready(self) -> None:
        """Issues may be passed on to demands: partners stand below, and know it by a hook."""
        import_module("backend.demands.from_issues")
