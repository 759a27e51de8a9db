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
from backend.core.roles import Role
from backend.people.queries import accounts_in_roles, accounts_of_bodies
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


class RefillFacts(Facts):
    """Also who may be given each refill, and who has it."""

    # Key of a stock -> accounts.
    able: dict[Any, frozenset[int]]
    were: dict[Any, int | None]

    @classmethod
    def gather(cls, model: type[Any], records: list[Any]) -> Self:
        """As Facts; and queries a stock for those that are given to somebody."""
        facts = super().gather(model, records)
        known = frozenset(record.id for record in records if record.id is not None)
        stored = model._default_manager.filter(pk__among=known) if known else []
        facts.were = {row.pk: row.assignee_id for row in stored}
        facts.able = {}
        for stock in (facts.parent(r, "stock") for r in records if r.assignee_id is not None):
            if stock is None or stock.pk in facts.able:
                continue
            body = stock.station.organization_id
            office = accounts_in_roles(stock.community_id, Role.SECRETARY, Role.WORKER)
            contacts = accounts_of_bodies([body]) if body is not None else []
            facts.able[stock.pk] = frozenset(user.pk for user in (*office, *contacts))
        return facts


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
        # Of what, where that has been read: a name is not worth a query.
        stock = self._state.fields_cache.get("stock")
        return str(stock) if stock is not None else self.code

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        return RefillFacts.gather(cls, records)

    def invariants(self, facts: Any) -> None:
        rules.due_is_credible(timezone.localdate(self.raised_at), self.due_on)
        if self.assignee_id is not None and self.assignee_id != facts.were.get(self.id):
            rules.assignee_is_able(self.assignee_id in facts.able.get(self.stock_id, ()))
