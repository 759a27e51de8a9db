"""物资 and their ledger: what a station has, and every entry that made it so.

The balance is kept in a row of its own, which is locked for each entry: it never falls below zero,
and is always the sum of the ledger.
"""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.facts import Facts
from backend.core.models import CodedRecord, KeptQuerySet, Record
from backend.core.publication import require_publishable
from backend.people.queries import names_in
from backend.stations import rules
from backend.stations.choices import EntryKind

# What becomes anonymous when its time is over; everything else stays as it was written.
_PERSONAL = {"account_id", "reason"}


class Supply(CodedRecord):
    """品种: a thing that stations give out (绿豆汤, 花露水, 驱蚊 …), counted in whole units."""

    area = "stations"
    code_prefix = "pz"

    name = models.CharField(_("品种"), max_length=30, help_text=_("如 绿豆汤、花露水、驱蚊液"))
    unit = models.CharField(_("计量单位"), max_length=10, help_text=_("如 份、瓶；只记整数"))
    refill_at = models.PositiveIntegerField(
        _("补货线"), default=10, help_text=_("库存降到这个数就提醒补货")
    )
    position = models.PositiveSmallIntegerField(_("排序"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("驿站物资品种")
        ordering = ("position", "name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"],
                name="stations_supply_name",
                violation_error_code="supply_taken",
                violation_error_message="本社区已有同名的品种，请核对。",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def invariants(self, facts: Facts) -> None:
        rules.threshold_holds(self.refill_at)


class StockQuerySet(KeptQuerySet):
    """Stocks."""

    def with_threshold(self) -> Self:
        """Adds `threshold` (the station's own, else the supply's) and `is_low`, as expressions."""
        rows: Self = self.annotate(threshold=threshold())
        return rows.annotate(
            is_low=Case(
                When(balance__lte=F("threshold"), then=Value(True)),
                default=Value(False),
                output_field=models.BooleanField(),
            )
        )


def threshold() -> Coalesce:
    """At how much a stock is to be refilled, as an expression over stocks."""
    return Coalesce("refill_at", "supply__refill_at")


class StockFacts(Facts):
    """Also what each stock was."""

    were: dict[Any, tuple[int, int]]

    @classmethod
    def gather(cls, model: type[Any], records: list[Any]) -> Self:
        """As Facts, and one query more."""
        facts = super().gather(model, records)
        known = frozenset(record.id for record in records if record.id is not None)
        rows = model._default_manager.filter(pk__among=known).order_by()
        found = rows.values_list("pk", "balance", "entries") if known else ()
        facts.were = {pk: (balance, entries) for pk, balance, entries in found}
        return facts


class StationStock(Record):
    """库存: how much of one supply a station has now: the sum of its ledger."""

    area = "stations"
    # No parent is locked: an entry holds this row alone, and stations know nothing of their stock.
    fixed = ("station", "supply")

    station = models.ForeignKey(
        "stations.CoolStation", models.PROTECT, verbose_name=_("驿站"), related_name="stocks"
    )
    supply = models.ForeignKey(
        Supply, models.PROTECT, verbose_name=_("品种"), related_name="stocks"
    )
    refill_at = models.PositiveIntegerField(
        _("本站补货线"), null=True, blank=True, help_text=_("留空：用品种的补货线")
    )
    balance = models.PositiveIntegerField(_("库存"), default=0, editable=False)
    # How many entries the ledger has: the number of the last one.
    entries = models.PositiveIntegerField(_("笔数"), default=0, editable=False)

    objects: ClassVar[Any] = StockQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("驿站库存")
        ordering = ("station", "supply__position", "pk")
        indexes = [models.Index(fields=["community", "updated_at"], name="stations_stock_updated")]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "supply"],
                name="stations_stock_once",
                violation_error_code="stock_taken",
                violation_error_message="这个驿站已有这个品种，请直接登记出入库。",
            ),
            models.CheckConstraint(
                condition=Q(balance__gte=0),
                name="stations_stock_balance",
                violation_error_code="stock_short",
                violation_error_message="库存不能小于零，请核对。",
            ),
        ]

    def __str__(self) -> str:
        # Of what has been read: a name is not worth a query.
        known = self._state.fields_cache
        named = [str(known[name]) for name in ("station", "supply") if known.get(name)]
        return " ".join(named) or str(self.pk)

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        return StockFacts.gather(cls, records)

    def invariants(self, facts: Any) -> None:
        rules.threshold_holds(self.refill_at)
        rules.balance_is_not_negative(self.balance)
        was = facts.were.get(self.id, (0, 0))
        rules.balance_follows_ledger(was, (self.balance, self.entries))


class EntryFacts(Facts):
    """Also the last entry of each stock, and what is written already: it stays."""

    # (stock, number) -> the balance after that entry.
    after: dict[tuple[Any, int], int]

    @classmethod
    def gather(cls, model: type[Any], records: list[Any]) -> Self:
        """As Facts, and two queries more; the names in the reasons too."""
        facts = super().gather(model, records)
        facts.after = {}
        fresh = [record for record in records if record.id is None]
        stocks = frozenset({record.stock_id for record in fresh} - {None})
        last = Q(number=F("stock__entries")) | Q(number=F("stock__entries") - 1)
        rows = model._default_manager.filter(last, stock__among=stocks).order_by()
        for stock, number, after in (
            rows.values_list("stock_id", "number", "balance_after") if stocks else ()
        ):
            facts.after[stock, number] = after
        names = _written_once(model)
        known = frozenset(record.id for record in records if record.id is not None)
        stored = model._default_manager.filter(pk__among=known).values_list("pk", *names)
        facts.note_beside((pk, tuple(values)) for pk, *values in (stored if known else ()))
        for community in {record.community_id for record in fresh}:
            own = [r.reason for r in fresh if r.community_id == community and r.reason]
            facts.names[community] = names_in(community, own) if own else frozenset()
        return facts


class SupplyEntry(Record):
    """出入库台账: one entry: so much in, out, or put right. It only grows."""

    area = "supplies"
    parents = ("stock",)
    fixed = ("stock",)
    own_path = "stock__station__organization"

    stock = models.ForeignKey(
        StationStock, models.PROTECT, verbose_name=_("驿站库存"), related_name="ledger"
    )
    # 1, 2, 3 … within one stock, without a gap.
    number = models.PositiveIntegerField(_("笔号"), editable=False)
    kind = models.CharField(_("类型"), max_length=10, choices=EntryKind.choices)
    quantity = models.IntegerField(_("数量"), help_text=_("入库为正，领用为负"))
    balance_after = models.PositiveIntegerField(_("结存"), editable=False)
    reason = models.CharField(
        _("说明"),
        max_length=200,
        blank=True,
        help_text=_("给了谁、从哪来、为什么更正；不写姓名电话"),
    )
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("更正哪一笔"),
        related_name="corrections",
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        verbose_name=_("登记人"),
        related_name="+",
    )
    occurred_at = models.DateTimeField(_("发生时间"), default=timezone.now)
    recorded_at = models.DateTimeField(_("记录时间"), default=timezone.now, editable=False)
    idempotency_key = models.CharField(_("幂等键"), max_length=80, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("驿站出入库")
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=["community", "updated_at"], name="stations_entry_updated"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["stock", "number"],
                name="stations_entry_number",
                violation_error_code="ledger_out_of_step",
                violation_error_message="库存刚刚变了，请刷新后重新登记。",
            ),
            models.UniqueConstraint(
                fields=["stock", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="stations_entry_once",
                violation_error_code="idempotency_key_taken",
                violation_error_message="这一笔已经记过了。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.quantity:+d}"

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        return EntryFacts.gather(cls, records)

    def invariants(self, facts: Any) -> None:
        if self.id is not None:
            now = tuple(getattr(self, name) for name in _written_once(type(self)))
            rules.ledger_only_grows(any(was != now for was in facts.beside.get(self.id, ())))
            return
        rules.entry_fits_kind(self.kind, self.quantity)
        rules.entry_says_why(self.kind, self.reason)
        rules.happened_by_now(self.occurred_at, self.recorded_at)
        require_publishable({"reason": ("说明", self.reason)}, facts.names[self.community_id])
        stock = facts.parent(self, "stock")
        if stock is not None:
            before = facts.after.get((stock.pk, self.number - 1), 0)
            rules.ledger_is_in_step(before, self.quantity, self.balance_after, stock.balance)

    def before_delete(self, facts: Facts) -> None:
        rules.ledger_only_grows(True)


def _written_once(model: type[Any]) -> list[str]:
    kept = _PERSONAL | {"id", "revision", "created_at", "updated_at"}
    return [f.attname for f in model._meta.concrete_fields if f.attname not in kept]
