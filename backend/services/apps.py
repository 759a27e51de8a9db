"""Services for neighbours: what is offered, when, and who has booked it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServicesConfig(AppConfig):
    name = "backend.services"
    label = "services"
    verbose_name = _("服务预约")
