"""Files of large exports: made in the background, fetched by who asked for them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExportsConfig(AppConfig):
    name = "backend.exports"
    label = "exports"
    verbose_name = _("导出文件")
