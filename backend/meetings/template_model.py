"""A community's own Word template of the minutes. Bookkeeping: a file, and who put it there."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MinutesTemplate(models.Model):
    """纪要模板: replaces the default one for a community."""

    community = models.OneToOneField(
        "places.Community", models.PROTECT, verbose_name=_("社区"), related_name="+"
    )
    name = models.CharField(_("文件名"), max_length=100)
    content = models.BinaryField(_("文件"))
    replaced_at = models.DateTimeField(_("更换时间"), default=timezone.now)
    replaced_by = models.CharField(_("更换人账号"), max_length=150)

    class Meta:
        verbose_name = verbose_name_plural = _("纪要模板")

    def __str__(self) -> str:
        return self.name
