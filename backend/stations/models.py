"""Cool stations: where they are and when they are open. Stock and refills stand beside."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backend.core.facts import Facts
from backend.core.models import CodedRecord, KeptQuerySet
from backend.core.publication import require_publishable
from backend.people.queries import names_in
from backend.stations import rules
from backend.stations.choices import OnHoliday, StationStatus
from backend.stations.hours import OpeningHours, StationException, open_at
from backend.stations.refill_models import Refill
from backend.stations.states import STATION_MACHINE
from backend.stations.stock_models import StationStock, Supply, SupplyEntry

__all__ = [
    "CoolStation",
    "OpeningHours",
    "Refill",
    "StationException",
    "StationStock",
    "Supply",
    "SupplyEntry",
]


class StationQuerySet(KeptQuerySet):
    """Stations."""

    def with_open(self, now: datetime | None = None) -> Self:
        """Adds `open_now` and `open_today`, as expressions."""
        open_now, open_today = open_at(now)
        return self.annotate(open_now=open_now, open_today=open_today)


class CoolStation(CodedRecord):
    """清凉驿站: a cool room in which anybody may rest in summer, drink, and be looked after."""

    area = "stations"
    code_prefix = "yz"
    machine = STATION_MACHINE

    name = models.CharField(_("名称"), max_length=40)
    place = models.CharField(_("地点"), max_length=100)
    organization = models.ForeignKey(
        "people.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("管理单位"),
        related_name="+",
        help_text=_("负责补货；社区自己管的留空"),
    )
    season_from = models.DateField(_("开放季从"))
    season_to = models.DateField(_("到"), help_text=_("不含这一天"))
    on_holiday = models.CharField(
        _("遇节假日"), max_length=5, choices=OnHoliday.choices, default=OnHoliday.KEEP
    )
    refill_days = models.PositiveSmallIntegerField(
        _("补货期限"), default=2, help_text=_("工作日；低于补货线后几天内补上")
    )
    summary = models.CharField(_("说明"), max_length=300, blank=True, help_text=_("公开显示"))
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=StationStatus.choices,
        default=StationStatus.OPEN,
        editable=False,
    )

    objects: ClassVar[Any] = StationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("清凉驿站")
        ordering = ("name", "pk")
        indexes = [models.Index(fields=["community", "updated_at"], name="stations_updated")]
        constraints = [
            models.CheckConstraint(
                condition=Q(season_to__gt=F("season_from")),
                name="stations_season",
                violation_error_code="season_reversed",
                violation_error_message="结束日期应晚于开始日期，请核对。",
            ),
            models.UniqueConstraint(
                fields=["community", "name"],
                name="stations_name",
                violation_error_code="station_taken",
                violation_error_message="本社区已有同名的驿站，请核对。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        """Also the names of the roster that occur in the texts: all of them are public."""
        facts = super().gather(records)
        for community in {record.community_id for record in records}:
            own = [r for r in records if r.community_id == community]
            texts = [text for r in own for _label, text in r.texts().values()]
            facts.names[community] = names_in(community, texts)
        return facts

    def texts(self) -> dict[str, tuple[str, str]]:
        """What everybody reads of it: field -> its name, its text."""
        return {
            "name": ("名称", str(self.name or "")),
            "place": ("地点", str(self.place or "")),
            "summary": ("说明", str(self.summary or "")),
        }

    def invariants(self, facts: Facts) -> None:
        rules.season_runs_forward(self.season_from, self.season_to)
        rules.refill_days_hold(self.refill_days)
        require_publishable(self.texts(), facts.names.get(self.community_id, ()))
