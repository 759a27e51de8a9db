"""补货任务: a stock that has run low is refilled by somebody, by a day."""

from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.facts import Facts
from backend.core.models import CodedRecord, KeptQuerySet
from backend.stations import rules
from backend.stations.choices import RefillStatus
from backend.stations.states import REFILL_MACHINE


class RefillQuerySet(KeptQuerySet):
    """Refills."""

    def with_overdue(self, today: date | None = None) -> Self:
        """Adds `overdue`, as an expression."""
        late = Q(status=RefillStatus.OPEN, due_on__lt=today or timezone.localdate())
        return self.annotate(
            overdue=Case(
                When(late, then=Value(True)),
                default=Value(False),
                output_field=models.BooleanField(),
            )
        )


class Refill(CodedRecord):
    """补货任务: raised by itself when a stock falls to its threshold; one at a time for a stock."""

    area = "refills"
    code_prefix = "bh"
    machine = REFILL_MACHINE
    parents = ("stock",)
    fixed = ("stock",)
    own_path = "stock__station__organization"

    stock = models.ForeignKey(
        "stations.StationStock", models.PROTECT, verbose_name=_("驿站库存"), related_name="refills"
    )
    left = models.PositiveIntegerField(_("提出时库存"), editable=False)
    raised_at = models.DateTimeField(_("提出时间"), default=timezone.now, editable=False)
    due_on = models.DateField(_("期限"))
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("负责人"),
        related_name="+",
        help_text=_("管理单位的联系人或社区工作者的账号"),
    )
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=RefillStatus.choices,
        default=RefillStatus.OPEN,
        editable=False,
    )
    # The entry in by which it was done.
    done_by = models.ForeignKey(
        "stations.SupplyEntry",
        models.PROTECT,
        null=True,
        editable=False,
        verbose_name=_("入库"),
        related_name="refills",
    )

    objects: ClassVar[Any] = RefillQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("补货任务")
        ordering = ("due_on", "pk")
        indexes = [
            models.Index(fields=["community", "status", "due_on"], name="stations_refill_due"),
            models.Index(fields=["community", "updated_at"], name="stations_refill_updated"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["stock"],
                condition=Q(status=RefillStatus.OPEN),
                name="stations_refill_once",
                violation_error_code="refill_open",
                violation_error_message="这个品种已有一个未完成的补货任务。",
            )
        ]

    def __str__(self) -> str:
        return self.code

    def invariants(self, facts: Facts) -> None:
        rules.due_is_credible(timezone.localdate(self.raised_at), self.due_on)
