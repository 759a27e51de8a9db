"""Legal education: events, who came, how many watched."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EducationConfig(AppConfig):
    name = "backend.education"
    label = "education"
    verbose_name = _("普法教育")
