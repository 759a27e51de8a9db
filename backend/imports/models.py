"""An import: the file as it came, the plan made of it, and what was carried out."""

import secrets
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.models import ChangeSet, CodedRecord, Record
from backend.imports.choices import BatchStatus
from backend.imports.states import BATCH_MACHINE

UPLOADS = "imports"
KEY_TAKEN = "idempotency_key_taken"


def stored_under(_batch: Any, name: str) -> str:
    """A name that says nothing of the file: people put names and phones into file names."""
    return f"{UPLOADS}/{datetime.now():%Y-%m}/{secrets.token_hex(16)}{PurePath(name).suffix[:6]}"


class ImportBatch(CodedRecord):
    """导入批次: one upload of one sheet into one register, from preview to undo."""

    area = "imports"
    code_prefix = "dr"
    machine = BATCH_MACHINE

    register = models.CharField(_("登记簿"), max_length=40)
    target = models.CharField(_("目标编号"), max_length=40, blank=True, help_text=_("如活动编号"))
    upload = models.FileField(_("文件"), upload_to=stored_under, blank=True)
    file_name = models.CharField(_("文件名"), max_length=255)
    sheet = models.CharField(_("工作表"), max_length=80, blank=True)
    directions = models.JSONField(default=dict, blank=True, editable=False)
    # What the database held when the plan was made: see basis.py.
    basis = models.CharField(max_length=64, blank=True, editable=False)
    header_row = models.PositiveIntegerField(_("表头行"), null=True, blank=True)
    headings = models.JSONField(_("列"), default=list, blank=True)
    # The same for all sheets with these headings; "" where no header was found.
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("上传人"),
        related_name="+",
    )
    idempotency_key = models.CharField(max_length=80, null=True, blank=True, editable=False)
    read = models.PositiveIntegerField(_("读到的行"), default=0)
    create = models.PositiveIntegerField(_("新增"), default=0)
    update = models.PositiveIntegerField(_("更新"), default=0)
    unchanged = models.PositiveIntegerField(_("不变"), default=0)
    skip = models.PositiveIntegerField(_("跳过"), default=0)
    reject = models.PositiveIntegerField(_("退回"), default=0)
    file_problems = models.JSONField(_("文件问题"), default=list, blank=True)
    take_good = models.BooleanField(_("只导入没有问题的行"), default=False)
    committed_at = models.DateTimeField(_("导入时间"), null=True, blank=True)
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    change_set = models.ForeignKey(
        ChangeSet, models.PROTECT, null=True, blank=True, verbose_name=_("变更"), related_name="+"
    )
    # Why an undo that runs in background was asked for: a job takes no prose. Gone once it is done.
    undo_reason = models.TextField(blank=True, editable=False)
    # What an undo has left as it was, and why: see left.py.
    left = models.JSONField(default=dict, blank=True, editable=False)
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=BatchStatus.choices,
        default=BatchStatus.READING,
        editable=False,
    )

    class Meta:
        verbose_name = verbose_name_plural = _("导入批次")
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=["community", "-created_at"], name="imports_batch_recent"),
            models.Index(fields=["community", "fingerprint"], name="imports_batch_headings"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["uploaded_by", "idempotency_key"],
                condition=models.Q(idempotency_key__isnull=False),
                name="imports_batch_once",
                violation_error_code=KEY_TAKEN,
                violation_error_message="同一个请求已经提交过了。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} · {timezone.localtime(self.created_at):%Y-%m-%d %H:%M}"


class PlanChunk(models.Model):
    """Some consecutive rows of a batch's plan, compressed: what the preview shows and the commit
    carries out. Bookkeeping: it expires with the upload."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="chunks")
    index = models.PositiveIntegerField()
    counts = models.JSONField(default=dict)
    payload = models.BinaryField()

    class Meta:
        verbose_name = verbose_name_plural = _("导入计划")
        ordering = ("batch", "index")
        constraints = [
            models.UniqueConstraint(fields=["batch", "index"], name="imports_chunk_index")
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.index}"


class MappingProfile(Record):
    """列对应: what staff have said of the columns of a sheet, for other sheets with those headings."""

    area = "mappings"

    register = models.CharField(_("登记簿"), max_length=40)
    fingerprint = models.CharField(max_length=64, editable=False)
    headings = models.JSONField(_("列"), default=list)
    # Heading (as matched) to attribute, "-" or "+"; columns that are certain by name are not here.
    columns = models.JSONField(_("对应关系"), default=dict)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("核对人"),
        related_name="+",
    )

    class Meta:
        verbose_name = verbose_name_plural = _("列对应")
        ordering = ("-updated_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "register", "fingerprint"],
                name="imports_profile_once",
                violation_error_code="profile_taken",
                violation_error_message="这种表头已经有对应关系了。",
            )
        ]

    def __str__(self) -> str:
        return "、".join(self.headings[:4]) + ("…" if len(self.headings) > 4 else "")
