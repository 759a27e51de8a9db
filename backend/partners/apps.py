"""Red partners: who has joined in building the community, on what terms, and what comes of it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "backend.partners"
    label = "partners"
    verbose_name = _("红色合伙人")
