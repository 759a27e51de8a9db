"""Background work: what runs, how far it is, cancel and retry."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "backend.jobs"
    label = "jobs"
    verbose_name = _("后台任务")

    def ready(self) -> None:
        """Every app's tasks.py names its kinds of jobs, and what falls due by itself."""
        autodiscover_modules("tasks")
