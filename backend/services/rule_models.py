"""Repeating slots: the rule, its exceptions, and days on which nothing is offered."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backend.core.facts import Facts
from backend.core.models import CodedRecord, Record
from backend.places.rules import term_runs_forward
from backend.services import repeating, rules
from backend.services.choices import ExceptionKind, Frequency, OnHoliday, Weekday


class SlotRule(CodedRecord):
    """排班规则: an item is offered every week, or the nth such day of each month."""

    area = "services"
    code_prefix = "gz"
    parents = ("item",)
    fixed = ("item",)
    personal = {"helper": "name"}

    NTH = (
        (1, _("第一个")),
        (2, _("第二个")),
        (3, _("第三个")),
        (4, _("第四个")),
        (-1, _("最后一个")),
    )

    item = models.ForeignKey(
        "services.ServiceItem", models.PROTECT, verbose_name=_("服务项目"), related_name="rules"
    )
    frequency = models.CharField(
        _("频率"), max_length=12, choices=Frequency.choices, default=Frequency.WEEKLY
    )
    weekday = models.SmallIntegerField(_("星期几"), choices=Weekday.choices)
    nth = models.SmallIntegerField(
        _("每月第几个"), choices=NTH, null=True, blank=True, help_text=_("只有每月的规则要选")
    )
    starts = models.TimeField(_("开始"))
    ends = models.TimeField(_("结束"))
    capacity = models.PositiveSmallIntegerField(_("名额"), help_text=_("人"))
    place = models.CharField(
        _("地点"), max_length=100, blank=True, help_text=_("留空：用服务项目的地点")
    )
    helper = models.CharField(_("服务人员"), max_length=60, blank=True, help_text=_("不公开"))
    valid_from = models.DateField(_("从"))
    valid_until = models.DateField(_("到"), null=True, blank=True, help_text=_("留空：一直"))
    on_holiday = models.CharField(
        _("遇节假日"), max_length=10, choices=OnHoliday.choices, default=OnHoliday.SKIP
    )

    class Meta:
        verbose_name = verbose_name_plural = _("排班规则")
        ordering = ("item", "weekday", "starts", "pk")
        indexes = [
            models.Index(fields=["community", "updated_at"], name="services_rule_updated"),
        ]

    def __str__(self) -> str:
        which = self.get_nth_display() if self.nth is not None else ""
        often = gettext("每月") if which else self.get_frequency_display()
        return f"{often}{which}{self.get_weekday_display()} {self.starts:%H:%M}"

    @property
    def repeats(self) -> repeating.Repeats:
        """The rule, for the pure functions."""
        return repeating.Repeats(
            self.frequency,
            self.weekday,
            self.nth,
            self.valid_from,
            self.valid_until,
            self.on_holiday,
        )

    def invariants(self, facts: Facts) -> None:
        repeating.rule_is_whole(self.repeats)
        repeating.length_is_credible(self.starts, self.ends)
        rules.capacity_is_credible(self.capacity)


class SlotException(Record):
    """例外: one occurrence of a rule that does not take place, or one more day."""

    area = "services"
    parents = ("rule",)
    fixed = ("rule",)

    rule = models.ForeignKey(
        SlotRule, models.PROTECT, verbose_name=_("排班规则"), related_name="exceptions"
    )
    day = models.DateField(_("日期"))
    kind = models.CharField(
        _("例外"), max_length=10, choices=ExceptionKind.choices, default=ExceptionKind.SKIP
    )
    reason = models.CharField(
        _("原因"), max_length=100, blank=True, help_text=_("停一次的，会写进给预约人的通知")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("排班例外")
        ordering = ("day", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "day"],
                name="services_exception_day",
                violation_error_code="exception_taken",
                violation_error_message="这一天已经写了例外，请直接改那一条。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.get_kind_display()}"


class Closure(Record):
    """停服日: days on which one item, or everything, is not offered."""

    area = "services"

    item = models.ForeignKey(
        "services.ServiceItem",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("服务项目"),
        related_name="closures",
        help_text=_("留空：所有服务"),
    )
    first_day = models.DateField(_("从"))
    last_day = models.DateField(_("到"))
    reason = models.CharField(_("原因"), max_length=100, help_text=_("会写进给预约人的通知"))

    class Meta:
        verbose_name = verbose_name_plural = _("停服日")
        ordering = ("-first_day", "-pk")

    def __str__(self) -> str:
        return f"{self.first_day} – {self.last_day}"

    def invariants(self, facts: Any) -> None:
        term_runs_forward(self.first_day, self.last_day, field="last_day")

    @classmethod
    def of_item(cls, item: Any) -> Q:
        """The closures that hit an item."""
        return Q(community=item.community_id) & (Q(item=item) | Q(item__isnull=True))
