"""荣誉: levels as the community's own data, and who was given which."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.access import Scope, scope
from backend.core.facts import Facts
from backend.core.models import Record
from backend.volunteers import certificate_rules as rules
from backend.volunteers.certificate_choices import HonourStatus
from backend.volunteers.certificate_states import HONOUR_MACHINE
from backend.volunteers.volunteer_models import Volunteer


class HonourLevel(Record):
    """荣誉等级: a name, and how many verified minutes lead to it."""

    area = "honour_levels"

    name = models.CharField(_("荣誉名称"), max_length=30, help_text=_("如 一星志愿者"))
    minutes = models.PositiveIntegerField(
        _("所需时长"), help_text=_("分钟；已核实的服务时长累计达到后可以授予")
    )
    active = models.BooleanField(_("在用"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("荣誉等级")
        ordering = ("minutes", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "name"],
                name="volunteers_level_name",
                violation_error_code="level_taken",
                violation_error_message="本社区已有同名的荣誉，请换一个名称。",
            ),
            models.UniqueConstraint(
                fields=["community", "minutes"],
                condition=Q(active=True),
                name="volunteers_level_minutes",
                violation_error_code="level_minutes_taken",
                violation_error_message="本社区已有同样时长的荣誉，请换一个时长，或先停用那一级。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def invariants(self, facts: Facts) -> None:
        rules.level_is_credible(self.minutes)


class Honour(Record):
    """荣誉: that a volunteer was given a level, with the hours verified on that day."""

    area = "honours"
    machine = HONOUR_MACHINE
    estate_path = "volunteer__resident__building__estate"
    parents = ("level", "volunteer")
    fixed = ("level", "volunteer")

    volunteer = models.ForeignKey(
        Volunteer, models.PROTECT, verbose_name=_("志愿者"), related_name="honours"
    )
    level = models.ForeignKey(
        HonourLevel, models.PROTECT, verbose_name=_("荣誉等级"), related_name="honours"
    )
    minutes = models.PositiveIntegerField(_("授予时时长"), help_text=_("分钟；授予时已核实的"))
    granted_on = models.DateField(_("授予日期"), default=timezone.localdate)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("授予人"),
        related_name="+",
    )
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=HonourStatus.choices,
        default=HonourStatus.GRANTED,
        editable=False,
    )

    class Meta:
        verbose_name = verbose_name_plural = _("荣誉")
        ordering = ("-granted_on", "-pk")
        indexes = [
            models.Index(fields=["community", "updated_at"], name="volunteers_honour_updated"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["volunteer", "level"],
                condition=Q(status=HonourStatus.GRANTED),
                name="volunteers_honour_once",
                violation_error_code="honour_taken",
                violation_error_message="这位志愿者已有这一级荣誉，不用重复授予。",
            )
        ]

    def __str__(self) -> str:
        level: Any = self._state.fields_cache.get("level")
        name = str(level) if level is not None else str(self._meta.verbose_name)
        return f"{name} {self.granted_on}"

    @classmethod
    def rows_in(cls, where: Scope) -> Q:
        return where.rows("community", cls.estate_path)

    @classmethod
    def visible(cls, user: Any) -> Q:
        """Staff see those of others; everybody sees the own ones."""
        return cls.rows_in(scope(user, "honours.see")) | Volunteer.own(user, "volunteer__")

    def invariants(self, facts: Facts) -> None:
        if self.id is not None:
            return
        level = facts.parent(self, "level")
        if level is not None:
            rules.level_is_granted_still(level.active)
            rules.level_is_reached(level.minutes, self.minutes)
