"""The community's notice board: what is pinned to it, for how long, and where neighbours ask."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "backend.notices"
    label = "notices"
    verbose_name = _("公示公告")
