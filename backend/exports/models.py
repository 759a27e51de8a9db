"""An export that is made in the background: what was asked for, and the file until it goes."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.models import KeptQuerySet


class ExportFile(models.Model):
    """导出文件: the list's filter and what was wanted of it, never the records' keys.

    Its rows are asked for anew when the file is made. Bookkeeping: row and file go after a day, for
    a filter may hold the name that somebody searched for.
    """

    # The key, by the name it has in every table of ours.
    id: Any

    code = models.CharField(max_length=40, unique=True)
    model = models.CharField(_("表"), max_length=80)
    # As it stood in the address of the list.
    query = models.TextField(blank=True)
    order = models.JSONField(default=dict)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("导出人"), related_name="+"
    )
    asked_at = models.DateTimeField(_("提交时间"), default=timezone.now)
    # Since when it waits to be fetched, and for how long.
    made_at = models.DateTimeField(_("生成时间"), null=True)
    expires_at = models.DateTimeField(_("到期时间"))
    row_count = models.PositiveIntegerField(_("条数"), default=0)
    size = models.PositiveBigIntegerField(default=0)
    # Where the bytes are; empty until they are there.
    stored = models.CharField(max_length=200, blank=True)
    # The rights with which it was made: whoever has lost one of them does not get it.
    rights = models.JSONField(default=dict)

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("导出文件")
        ordering = ("-pk",)
        indexes = [models.Index(fields=["expires_at"], name="exports_file_expires")]

    def __str__(self) -> str:
        return self.code

    @classmethod
    def visible(cls, user: Any) -> models.Q:
        """One's own, until they expire; nobody else's, whoever one is."""
        limited = getattr(user, "limited_to", None) is not None
        if user is None or not user.is_authenticated or not user.is_active or limited:
            return models.Q(pk__in=[])
        return models.Q(asked_by=user.pk, expires_at__gt=timezone.now())


class ColumnChoice(models.Model):
    """The columns that somebody chose last in a list's export: one row a person and list, none for
    the usual ones. Bookkeeping: names of columns, nothing of people.
    """

    id: Any

    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    model = models.CharField(max_length=80)
    columns = models.JSONField(default=list)

    class Meta:
        verbose_name = verbose_name_plural = _("导出列的选择")
        constraints = [
            models.UniqueConstraint(fields=["chosen_by", "model"], name="exports_choice_once")
        ]

    def __str__(self) -> str:
        return self.model
