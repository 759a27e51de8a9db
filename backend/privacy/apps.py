"""Personal data: requests of the people it is about, retention, erasure, identity numbers."""

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "backend.privacy"
    label = "privacy"
    verbose_name = _("个人信息保护")

    def ready(self) -> None:
        """The box on a resident's page and the roster with identity numbers register themselves."""
        if not settings.WITHOUT_PAGES:
            import_module("backend.privacy.panels")
        import_module("backend.privacy.sheets")
