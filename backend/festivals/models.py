"""The neighbours' festival: when it is, which stalls stand there, what is brought, who came.

Who helps at a stall is the volunteers' register, which points down to it.
"""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.access import scope
from backend.core.facts import Facts
from backend.core.models import CodedRecord, KeptQuerySet, Record
from backend.core.publication import require_publishable
from backend.festivals import rules
from backend.festivals.choices import PUBLISHED, FestivalStatus
from backend.festivals.head_models import FestivalHeads
from backend.festivals.states import FESTIVAL_MACHINE
from backend.festivals.supply_models import FestivalSupply
from backend.people.queries import names_in

__all__ = ["FestivalHeads", "FestivalSupply", "NeighborFestival", "Stall"]


def _per_festival(rows: Any, value: Any) -> Coalesce:
    """An aggregate over rows of each festival; 0 where there are none."""
    grouped = rows.filter(festival=OuterRef("pk")).order_by().values("festival")
    found = grouped.annotate(n=value).values("n")
    return Coalesce(Subquery(found, output_field=models.IntegerField()), 0)


def stall_count() -> Coalesce:
    """Stalls that were there, as an expression over festivals."""
    return _per_festival(Stall.objects.filter(absent=False), Count("pk"))


def kind_count() -> Coalesce:
    """Distinct kinds of service among them, as an expression over festivals."""
    return _per_festival(Stall.objects.filter(absent=False), Count("kind", distinct=True))


def heads_total() -> Coalesce:
    """Heads (人次), none counted twice, as an expression over festivals."""
    return _per_festival(FestivalHeads.objects.all(), Sum("count"))


class FestivalQuerySet(KeptQuerySet):
    """Festivals."""

    def with_counts(self) -> Self:
        """Adds `stall_count`, `kind_count` (distinct kinds of service) and `heads_total` (人次).

        A stall that stayed away counts in none of them.
        """
        return self.annotate(
            stall_count=stall_count(), kind_count=kind_count(), heads_total=heads_total()
        )


class NeighborFestival(CodedRecord):
    """红色邻里节: once a month, neighbours meet at stalls where help is given free of charge."""

    area = "festivals"
    code_prefix = "llj"
    machine = FESTIVAL_MACHINE
    derived = ("month",)

    title = models.CharField(_("名称"), max_length=60)
    starts_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("结束时间"))
    place = models.CharField(_("地点"), max_length=100)
    summary = models.TextField(_("介绍"), max_length=1000, blank=True, help_text=_("公开显示"))
    extra = models.BooleanField(
        _("本月加办"), default=False, help_text=_("每月办一次；同一个月再办一次的，请勾选")
    )
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=FestivalStatus.choices,
        default=FestivalStatus.PLANNED,
        editable=False,
    )
    copied_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        verbose_name=_("照搬自"),
        related_name="copies",
    )
    # The first day of its month, by the local calendar.
    month = models.DateField(_("月份"), editable=False)

    objects: ClassVar[Any] = FestivalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("邻里节")
        ordering = ("-starts_at", "-pk")
        indexes = [
            models.Index(fields=["community", "-starts_at"], name="festivals_recent"),
            models.Index(fields=["community", "updated_at"], name="festivals_updated"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="festivals_interval",
                violation_error_code="festival_ends_before_start",
                violation_error_message="结束时间应晚于开始时间，请核对。",
            ),
            models.UniqueConstraint(
                fields=["community", "month"],
                condition=Q(extra=False) & ~Q(status=FestivalStatus.CANCELLED),
                name="festivals_once_a_month",
                violation_error_code="festival_month_taken",
                violation_error_message="这个月已有一次邻里节。确实要再办一次，请勾选“本月加办”。",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def visible(cls, user: Any) -> Q:
        """Plans for staff; what has been announced for every member of the community."""
        staff = cls.rows_in(scope(user, "festivals.see"))
        members = cls.rows_in(scope(user, "festivals.see_published"))
        return staff | (members & Q(status__in=PUBLISHED))

    def derive(self, before: Any) -> None:
        if self.starts_at is not None:
            self.month = rules.month_of(timezone.localdate(self.starts_at))

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        """Also the names of the roster that occur in the texts: all of them become public."""
        facts = super().gather(records)
        facts.names = names_beside(records)
        return facts

    def texts(self) -> dict[str, tuple[str, str]]:
        """What everybody reads of it: field -> its name, its text."""
        return {
            "title": ("名称", str(self.title or "")),
            "place": ("地点", str(self.place or "")),
            "summary": ("介绍", str(self.summary or "")),
        }

    def invariants(self, facts: Facts) -> None:
        if self.id is not None:
            # Its date is what the figures count it by.
            rules.festival_can_change(self.status)
        rules.festival_ends_after_it_starts(self.starts_at, self.ends_at)
        rules.held_stays_past(self.status, self.starts_at, timezone.now())
        require_publishable(self.texts(), facts.names.get(self.community_id, ()))

    @property
    def day(self) -> date:
        """The day on which it begins, by the local calendar."""
        return timezone.localdate(self.starts_at)


def names_beside(records: list[Any]) -> dict[Any, frozenset[str]]:
    """Community → the names of its roster that occur in the texts of its records."""
    found = {}
    for community in {record.community_id for record in records}:
        own = [record for record in records if record.community_id == community]
        found[community] = names_in(community, [t for r in own for _label, t in r.texts().values()])
    return found


class StallFacts(Facts):
    """Also the help of each item, and which stalls have heads."""

    helps: dict[int, int]
    counted: frozenset[int]

    @classmethod
    def gather(cls, model: type[Any], records: list[Any]) -> Self:
        """As Facts, and two queries more; the names too."""
        facts = super().gather(model, records)
        items = {record.item_id for record in records} - {None}
        item: Any = model._meta.get_field("item").related_model
        rows = item._default_manager.filter(pk__among=frozenset(items)).order_by()
        facts.helps = dict(rows.values_list("pk", "category_id")) if items else {}
        known = frozenset(record.id for record in records if record.id is not None)
        heads = FestivalHeads.objects.filter(stall__among=known).order_by()
        facts.counted = (
            frozenset(heads.values_list("stall_id", flat=True)) if known else frozenset()
        )
        facts.names = names_beside(records)
        return facts


class Stall(Record):
    """摊位: one kind of service at one festival."""

    area = "stalls"
    parents = ("festival",)
    fixed = ("festival",)
    derived = ("kind",)

    festival = models.ForeignKey(
        NeighborFestival, models.PROTECT, verbose_name=_("邻里节"), related_name="stalls"
    )
    number = models.PositiveSmallIntegerField(_("摊位号"))
    name = models.CharField(_("摊位名称"), max_length=60, help_text=_("如 义务理发、量血压"))
    item = models.ForeignKey(
        "services.ServiceItem",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("服务项目"),
        related_name="stalls",
    )
    category = models.ForeignKey(
        "services.ServiceCategory",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("服务类别"),
        related_name="stalls",
        help_text=_("选了服务项目的可不填，自动带出"),
    )
    provider = models.ForeignKey(
        "people.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("承办单位"),
        related_name="stalls",
        help_text=_("合伙人、商户等；社区自己办的留空"),
    )
    planned_helpers = models.PositiveSmallIntegerField(_("计划人手"), default=2, help_text=_("人"))
    absent = models.BooleanField(_("未到场"), default=False)
    # What kinds are counted by: the item, or the help where there is no item.
    kind = models.CharField(_("服务种类"), max_length=30, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("摊位")
        ordering = ("festival", "number", "pk")
        indexes = [models.Index(fields=["community", "updated_at"], name="festivals_stall_updated")]
        constraints = [
            models.UniqueConstraint(
                fields=["festival", "number"],
                name="festivals_stall_number",
                violation_error_code="stall_number_taken",
                violation_error_message="这次邻里节已有同号的摊位，请换一个号。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @classmethod
    def visible(cls, user: Any) -> Q:
        """Those of plans for staff; those of what has been announced for every member."""
        staff = cls.rows_in(scope(user, "stalls.see"))
        members = cls.rows_in(scope(user, "festivals.see_published"))
        return staff | (members & Q(festival__status__in=PUBLISHED))

    def derive(self, before: Any) -> None:
        if self.item_id is not None and self.category_id is None:
            self.category_id = self.item.category_id
        self.kind = f"item:{self.item_id}" if self.item_id else f"category:{self.category_id}"

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        return StallFacts.gather(cls, records)

    def texts(self) -> dict[str, tuple[str, str]]:
        """What everybody reads of it: field -> its name, its text."""
        return {"name": ("摊位名称", str(self.name or ""))}

    def invariants(self, facts: Any) -> None:
        festival = facts.parent(self, "festival")
        status = festival.status if festival else None
        rules.festival_can_change(status)
        rules.stall_has_kind(self.category_id, self.item_id)
        rules.stall_kind_agrees(self.category_id, facts.helps.get(self.item_id))
        rules.stall_numbers_hold(self.number, self.planned_helpers)
        rules.absence_is_told(self.absent, status, self.id in facts.counted)
        require_publishable(self.texts(), facts.names.get(self.community_id, ()))

    def before_delete(self, facts: Facts) -> None:
        festival = facts.parent(self, "festival")
        rules.festival_can_change(festival.status if festival else None)
