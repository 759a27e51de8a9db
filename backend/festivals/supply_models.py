"""物资: what a festival needs, who brings it, and what was used."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backend.core.facts import Facts
from backend.core.models import Record
from backend.festivals import rules


class FestivalSupply(Record):
    """物资: one thing that a festival needs, in whole units."""

    area = "stalls"
    parents = ("festival",)
    fixed = ("festival",)

    festival = models.ForeignKey(
        "festivals.NeighborFestival",
        models.PROTECT,
        verbose_name=_("邻里节"),
        related_name="supplies",
    )
    name = models.CharField(_("物资"), max_length=40, help_text=_("如 折叠桌、帐篷、绿豆汤"))
    unit = models.CharField(_("计量单位"), max_length=10, help_text=_("如 张、顶、份"))
    planned = models.PositiveIntegerField(_("计划"))
    brought = models.PositiveIntegerField(_("带来"), null=True, blank=True)
    used = models.PositiveIntegerField(
        _("用掉"), null=True, blank=True, help_text=_("不会多于带来的")
    )
    bringer = models.ForeignKey(
        "people.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("谁带"),
        related_name="+",
        help_text=_("社区自己带的留空"),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("邻里节物资")
        ordering = ("festival", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["festival", "name"],
                name="festivals_supply_name",
                violation_error_code="supply_taken",
                violation_error_message="这次邻里节已有同名的物资，请直接改那一条。",
            ),
            models.CheckConstraint(
                condition=Q(used__isnull=True) | Q(used=0) | Q(used__lte=F("brought")),
                name="festivals_supply_used",
                violation_error_code="supply_overused",
                violation_error_message="用掉的不能多于带来的，请核对。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def invariants(self, facts: Facts) -> None:
        festival: Any = facts.parent(self, "festival")
        rules.festival_can_change(festival.status if festival else None)
        rules.supply_adds_up(self.planned, self.brought, self.used)

    def before_delete(self, facts: Facts) -> None:
        festival: Any = facts.parent(self, "festival")
        rules.festival_can_change(festival.status if festival else None)
