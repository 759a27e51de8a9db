"""By which deadlines a community handles demands: its settings, and the numbers it has given."""

from dataclasses import fields
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.calendar import Overrides
from backend.core.facts import Facts
from backend.core.models import CodedRecord, Record
from backend.core.numbering import NumberSeries
from backend.demands import rules
from backend.demands.rules import Terms
from backend.places.queries import day_overrides

DEMAND = "demand"


class DemandNumbering(NumberSeries):
    """诉求编号: the last number given in one community and year. Bookkeeping."""

    class Meta:
        verbose_name = verbose_name_plural = _("诉求编号")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "series", "year"], name="demands_numbering_one"
            )
        ]


class DemandCategory(CodedRecord):
    """诉求类别: what demands are about (物业服务, 环境卫生 …). A community names its own."""

    area = "demand_categories"
    code_prefix = "sl"

    name = models.CharField(_("名称"), max_length=20, help_text=_("如 物业服务、环境卫生"))
    position = models.PositiveSmallIntegerField(_("排序"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("诉求类别")
        ordering = ("position", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "name"],
                name="demands_category_name",
                violation_error_code="category_taken",
                violation_error_message="本社区已有同名的诉求类别，请核对。",
            )
        ]

    def __str__(self) -> str:
        return self.name


class DemandSettings(Record):
    """诉求办理期限: the deadlines of a community. One row a community; none is the default."""

    area = "demand_rules"

    urgent_hours = models.PositiveSmallIntegerField(
        _("紧急诉求期限"), default=Terms.urgent_hours, help_text=_("小时，从登记算起")
    )
    ordinary_days = models.PositiveSmallIntegerField(
        _("一般诉求期限"), default=Terms.ordinary_days, help_text=_("工作日，从登记次日算起")
    )
    response_days = models.PositiveSmallIntegerField(
        _("首次回复期限"),
        default=Terms.response_days,
        help_text=_("工作日，从登记次日算起；0 为当天"),
    )
    extension_days = models.PositiveSmallIntegerField(
        _("最多延期"), default=Terms.extension_days, help_text=_("工作日；只能延一次，0 为不许延期")
    )
    return_days = models.PositiveSmallIntegerField(
        _("退回派单期限"), default=Terms.return_days, help_text=_("工作日，从派单次日算起")
    )
    old_days = models.PositiveSmallIntegerField(
        _("久拖未决"),
        default=Terms.old_days,
        help_text=_("天；超过这么久没解决的，可以列入联席会议议题"),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("诉求办理期限")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community"],
                name="demands_settings_one",
                violation_error_code="settings_taken",
                violation_error_message="本社区已有诉求办理期限，请直接修改那一份。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.community}"

    @property
    def terms(self) -> Terms:
        """As the rules want them."""
        return Terms(**{one.name: getattr(self, one.name) for one in fields(Terms)})

    def invariants(self, facts: Facts) -> None:
        rules.terms_hold(self.terms)


def settings_of(community_id: int) -> DemandSettings:
    """The settings of a community, the usual ones if it has made none (unsaved)."""
    found = DemandSettings.objects.filter(community=community_id).first()
    return found or DemandSettings(community_id=community_id)


class Reckoning:
    """What deadlines of one community are counted by: its terms, and what is said of single days.

    Made once for a set of demands.
    """

    def __init__(self, community_id: int) -> None:
        self.terms = settings_of(community_id).terms
        self.said: Overrides = day_overrides(community_id)

    def clocks(self, received: Any, urgency: str, extended: int) -> tuple[datetime, datetime]:
        """By when it is to be answered, and by when it is due."""
        local = timezone.localtime(received)
        return (
            rules.respond_by(local, urgency, self.terms, self.said),
            rules.due_at(local, urgency, self.terms, self.said, extended),
        )
