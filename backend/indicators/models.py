"""Monthly counts of the city's hotline (12345), by category; the categories are data."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.facts import Facts
from backend.core.models import CodedRecord, KeptQuerySet
from backend.core.publication import require_publishable
from backend.indicators import rules


class HotlineCategory(CodedRecord):
    """热线类别: what calls are about (物业, 噪音 …), as the street's sheet divides them."""

    area = "hotline"
    code_prefix = "rxl"

    name = models.CharField(_("名称"), max_length=30, help_text=_("和街道下发的表一致，如 物业"))
    is_property = models.BooleanField(
        _("计入物业类"), default=False, help_text=_("指标“物业类来电同比”按勾选的类别合计")
    )
    position = models.PositiveSmallIntegerField(_("排序"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("热线类别")
        ordering = ("position", "pk")
        indexes = [models.Index(fields=["community", "updated_at"], name="indicators_cat_updated")]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"],
                name="indicators_category_name",
                violation_error_code="hotline_category_taken",
                violation_error_message="本社区已有同名的热线类别，请核对。",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def invariants(self, facts: Facts) -> None:
        # Everybody reads it beside the public counts.
        require_publishable({"name": ("名称", str(self.name or ""))}, ())


class HotlineQuerySet(KeptQuerySet):
    """Monthly counts."""

    def with_year_before(self) -> Self:
        """Adds `year_before`: the count of the same category and month a year earlier, or None."""
        return self.annotate(year_before=year_before())


class HotlineMonthlyCount(CodedRecord):
    """市民热线月度件数: how many calls of one category a community had in one month; unit: 件."""

    area = "hotline"
    code_prefix = "rx"
    parents = ("category",)
    derived = ("ended_on",)

    category = models.ForeignKey(
        HotlineCategory, models.PROTECT, verbose_name=_("类别"), related_name="counts"
    )
    year = models.PositiveSmallIntegerField(_("年"), help_text=_("四位数字，如 2026"))
    month = models.PositiveSmallIntegerField(_("月"), help_text=_("1 到 12"))
    count = models.PositiveIntegerField(_("件数"), help_text=_("没有来电的填 0"))
    # The month's last day: what it is found and added up by. Before that day no number is whole.
    ended_on = models.DateField(_("统计到"), editable=False)

    objects: ClassVar[Any] = HotlineQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("市民热线月度件数")
        ordering = ("-year", "-month", "category__position", "-pk")
        indexes = [
            models.Index(fields=["community", "ended_on"], name="indicators_recent"),
            models.Index(fields=["community", "updated_at"], name="indicators_updated"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "category", "year", "month"],
                name="indicators_month_once",
                violation_error_code="hotline_month_taken",
                violation_error_message="这个类别这个月已有件数，请直接改那一条。",
            ),
            models.CheckConstraint(
                condition=Q(month__gte=1, month__lte=12),
                name="indicators_month",
                violation_error_code="hotline_month_invalid",
                violation_error_message="月份应是 1 到 12 的整数。",
            ),
            models.CheckConstraint(
                condition=Q(count__gte=0),
                name="indicators_count",
                violation_error_code="count_invalid",
                violation_error_message="件数不能小于零。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}年{self.month}月 {self.count} 件"

    def derive(self, before: Any) -> None:
        self.ended_on = rules.last_day(self.year, self.month)

    def invariants(self, facts: Facts) -> None:
        rules.month_is_real(self.year, self.month)
        rules.month_has_begun(self.year, self.month, timezone.localdate())
        rules.count_holds(self.count)


def year_before() -> Subquery:
    """The count of the same category and month a year earlier, as an expression over counts."""
    earlier = HotlineMonthlyCount.objects.filter(
        category=OuterRef("category"), year=OuterRef("year") - 1, month=OuterRef("month")
    )
    return Subquery(earlier.order_by().values("count")[:1])


def risen_first() -> list[Any]:
    """An order for rows with `year_before`: the latest months, in them what rose by most calls."""
    rise = F("count") - F("year_before")
    return [F("ended_on").desc(), rise.desc(nulls_last=True), F("pk").desc()]
