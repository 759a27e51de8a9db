"""Messages: the inbox, templates, and what went out by SMS, e-mail and WeChat."""

from importlib import import_module

from django.apps import AppConfig
from django.core.checks import register
from django.utils.module_loading import autodiscover_modules, import_string
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "backend.messaging"
    label = "messaging"
    verbose_name = _("通知")

    def ready(self) -> None:
        """Every app's notices.py declares the kinds of message that it sends; addresses.py says
        where people can be reached."""
        autodiscover_modules("notices", "addresses")
        import_module("backend.messaging.job_news")
        # By name: it leads to models, which are ready only now.
        register(import_string("backend.messaging.checks.settings_can_be_meant"))
