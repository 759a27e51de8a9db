"""Volunteers: who helps, in which team, with what, and for how long."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VolunteersConfig(AppConfig):
    name = "backend.volunteers"
    label = "volunteers"
    verbose_name = _("志愿服务")
