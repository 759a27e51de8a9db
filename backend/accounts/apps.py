"""Coming in: sign-in, sessions, second factors, keys for programs."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "backend.accounts"
    label = "accounts"
    verbose_name = _("登录与账号安全")

    def ready(self) -> None:
        """allauth tells of a new factor by its signal alone; both ways to set one up end there."""
        added = import_module("allauth.mfa.signals").authenticator_added
        added.connect(import_module("backend.accounts.second_factor").note_new_one)
